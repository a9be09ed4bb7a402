// A population with input of a test's choice, its spikes kept.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/nodes/population.hpp"

namespace volley::runtime::tests {

/// One spike of a cell: the step at whose end it is, its multiplicity, and how long before that end it is.
struct spike {
  step_t stamp;
  std::uint32_t cell;
  double count;
  double offset_ms = 0;
  bool operator==(const spike&) const = default;
};

class driven_population {
 public:
  driven_population(const models::neuron_model& model, std::uint32_t cells, const dictionary& values = {},
                    const loop_set& loops = best_loops(), const time_grid& grid = {}, const local_ids& ids = {5, 3, 0})
      : grid_(grid), nodes_(attributes(model), {ids.first, ids.stride, cells}, loops) {
    set(values);
  }

  population& nodes() { return nodes_; }
  std::vector<spike>& spikes() { return spikes_; }
  step_t now() const { return now_; }
  /// Goes on from another step; input due before it is dropped.
  void at(step_t now) {
    now_ = now;
    due_.erase(due_.begin(), due_.lower_bound({now, 0, 0}));
    within_.erase(within_.begin(), within_.lower_bound(now));
  }

  void set(const dictionary& values) {
    std::vector<std::uint32_t> all(nodes_.size());
    for (std::uint32_t cell = 0; cell < all.size(); ++cell) all[cell] = cell;
    nodes_.set(values, all);
    nodes_.prepare(grid_);
  }

  /// Adds to the input of update `step`.
  void input(std::size_t member, step_t step, std::uint32_t cell, double amount) {
    due_[{step, member, cell}] += amount;
  }

  /// The same within the step, so long before its end; of one time, in the order of calls.
  void input_within(step_t step, std::uint32_t cell, double offset_ms, double amount) {
    within_[step].push_back({cell, offset_ms, amount});
  }

  /// Gives another population the input of a cell as its cell 0.
  void copy_input(std::uint32_t cell, driven_population& to) const {
    for (const auto& [key, amount] : due_)
      if (std::get<2>(key) == cell) to.input(std::get<1>(key), std::get<0>(key), 0, amount);
    for (const auto& [step, amounts] : within_)
      for (const auto& a : amounts)
        if (a.slot == cell) to.input_within(step, 0, a.offset_ms, a.amount);
  }

  /// `steps` updates, at most `per_call` at once. Rows that get no input are passed as null; others must come back as
  /// zeros.
  void run(std::uint32_t steps, std::uint32_t per_call = 1, std::uint32_t seed = 1) {
    for (std::uint32_t done = 0; done < steps;) {
      const std::uint32_t n = std::min({per_call, steps - done, nodes_.updates_alike()});
      advance(n, seed);
      done += n;
    }
  }

  double value_of(std::string_view key, std::uint32_t cell = 0) const {
    return *nodes_.values().get(key, cell).get_if<double>();
  }
  bool inputs_were_cleared() const { return inputs_were_cleared_; }

 private:
  void advance(std::uint32_t steps, std::uint32_t seed) {
    const std::size_t cells = nodes_.padded(), members = nodes_.model().inputs, words = cells / block_cells;
    pool<double> rows(members * steps * cells, 0.0);
    std::vector<double*> pointers(members * steps, nullptr);
    for (auto it = due_.begin(); it != due_.end() && std::get<0>(it->first) < now_ + steps; it = due_.erase(it)) {
      const auto& [step, member, cell] = it->first;
      const std::size_t row = member * steps + static_cast<std::size_t>(step - now_);
      pointers[row] = rows.data() + row * cells;
      pointers[row][cell] += it->second;
    }
    std::vector<std::uint64_t> bits(steps * words, ~std::uint64_t{0});
    const auto emits = nodes_.model().emits;
    const bool have_offsets = emits == models::emission::times || emits == models::emission::amounts;
    pool<double> numbers(emits == models::emission::spikes ? 0 : steps * cells, -1.0);
    std::vector<models::sent_spike> sent;
    spike_marks marks{bits.data()};
    if (emits == models::emission::events)
      marks.sent = &sent;
    else if (emits != models::emission::spikes)
      (have_offsets ? marks.offsets : marks.counts) = numbers.data();
    const auto timed = take_within(steps);
    nodes_.advance(now_, steps, seed, {pointers.data(), nullptr, timed.rows.data(), 0}, marks);
    nodes_.archive_spikes(now_, steps, marks);
    for (const auto& s : sent) spikes_.push_back({s.stamp, s.cell, static_cast<double>(s.multiplicity), s.offset_ms});
    for (std::uint32_t lag = 0; lag < steps; ++lag)
      for (std::uint32_t cell = 0; cell < cells; ++cell)
        if (sent.empty() && (bits[lag * words + cell / block_cells] >> cell % block_cells & 1))
          spikes_.push_back({now_ + lag + 1, cell, marks.counts == nullptr ? 1 : numbers[lag * cells + cell],
                             marks.offsets == nullptr ? 0 : numbers[lag * cells + cell]});
    inputs_were_cleared_ &= std::ranges::all_of(rows, [](double x) { return x == 0; });
    now_ += steps;
  }

  /// What arrives within the next steps.
  struct timed_rows {
    std::vector<std::vector<models::timed_amount>> amounts;
    std::vector<timed_row> rows;
  };
  timed_rows take_within(std::uint32_t steps) {
    timed_rows taken;
    for (std::uint32_t lag = 0; lag < steps; ++lag) {
      auto& amounts = taken.amounts.emplace_back(std::move(within_[now_ + lag]));
      within_.erase(now_ + lag);
      std::ranges::stable_sort(amounts, {}, [](const auto& a) { return std::pair(a.slot, -a.offset_ms); });
      taken.rows.push_back({amounts.data(), amounts.data() + amounts.size()});
    }
    return taken;
  }

  time_grid grid_;
  population nodes_;
  std::map<std::tuple<step_t, std::size_t, std::uint32_t>, double> due_;
  std::map<step_t, std::vector<models::timed_amount>> within_;  // slots are cells
  std::vector<spike> spikes_;
  step_t now_ = 0;
  bool inputs_were_cleared_ = true;
};

/// A model of the catalog, which must have it.
inline const models::neuron_model& neuron(std::string_view name) {
  static const auto all = models::built_in_neurons();
  return *std::ranges::find(all, name, &models::neuron_model::name);
}

}  // namespace volley::runtime::tests
