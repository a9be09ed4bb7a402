// Rows of a plastic model with spikes of sources and targets, and the same by the model's functions called for one
// connection after the other.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "models/catalog.hpp"
#include "models/core/synapse.hpp"
#include "runtime/delivery/plastic_rows.hpp"

namespace volley::runtime::tests {

inline constexpr double resolution_ms = 0.1;
inline constexpr std::uint32_t n_lines = 256, n_slots = 2 * n_lines, n_sources = 6;
inline constexpr step_t max_delay = 60;

inline std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// What rows read and write: sources with several segments each, targets with two receptors.
struct network {
  connection_store store;
  post_history history;
  std::vector<std::uint32_t> line_of_page;
  std::vector<double> tau_minus_ms;
  bool tau_minus_varies;
  input_rows rows;
  timed_input timed{};
  bool keeps_decayed = false;  ///< K_minus of all lines for long segments
  decayed_lines decayed = {};

  plastic_targets targets() {
    return {line_of_page.data(),
            tau_minus_ms.data(),
            tau_minus_varies,
            resolution_ms,
            n_lines,
            history.lines(),
            keeps_decayed ? &decayed : nullptr};
  }
  history_line line_behind(input_slot slot) const {
    return history_line(line_of_page[slot.index() / slot_map::page] + slot.index() % slot_map::page);
  }
  // Rows of two networks at `due` are compared and cleared.
  input_row row(step_t due) { return rows.arrived(due); }
};

inline const models::synapse_model& synapse(std::string_view name) {
  static const auto all = models::built_in_synapses();
  return *std::ranges::find(all, name, &models::synapse_model::name);
}

/// Column of the parameter Wmax where weights must have its sign; else -1.
inline std::int64_t column_of_sign(const models::synapse_model& model) {
  for (const models::field& f : model.fields)
    if (f.name == "Wmax" && model.check(model.defaults.data(), model.defaults.data() + model.n_params, -1.0) != nullptr)
      return f.column;
  return -1;
}

/// One network for each seed. Segments are shorter and longer than a vector and a tile; slots repeat (multapses).
/// `by_times`: forms but sums are those like them that keep times.
inline network make(const models::synapse_model& model, std::uint64_t seed, bool wide, bool by_times = false) {
  std::mt19937_64 random(seed);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  network n{connection_store(true, static_cast<std::uint32_t>(model.n_traces)), {}, {}, {}, seed % 2 == 0, {}};
  n.history.add_lines(n_lines);
  for (std::uint32_t line = 0; line < n_lines; ++line) n.history.open(history_line(line));
  for (std::uint32_t page = 0; page < n_slots / slot_map::page; ++page)
    n.line_of_page.push_back(page * slot_map::page % n_lines);
  for (std::uint32_t line = 0; line < n_lines; ++line)
    n.tau_minus_ms.push_back(n.tau_minus_varies ? uniform(5, 60) : 30.0);
  n.rows.prepare({n_slots, 0, true}, 1);
  n.rows.open_arrivals(max_delay + 1);

  const std::uint32_t counts[] = {1, 7, 8, 9, 31, 64, 255, 256, 257, 700};
  connection_store::row_writer writer(n.store);
  std::vector<placed_segment> added;
  std::uint64_t size = 0;
  const std::int64_t sign = column_of_sign(model);
  for (std::uint32_t source = 0; source < n_sources; ++source) {
    added.clear();
    bool below_zero = false;
    std::vector<double> set(model.defaults.begin(), model.defaults.end());
    segment r{};
    for (int i = 0; i < 8; ++i) {
      const bool same_but_delay = i != 0 && random() % 2;  // one call takes such neighbours
      if (!same_but_delay) {
        below_zero = sign >= 0 && random() % 2;
        set.assign(model.defaults.begin(), model.defaults.end());
        for (std::size_t p = 0; p < model.n_params; ++p) {
          if (random() % 3 == 0) continue;  // the defaults have paths of their own: x^1, x^0
          set[p] = model.fields[p].name.starts_with("mu") && random() % 4 == 0 ? 0.0 : set[p] * uniform(0.5, 2);
        }
        if (below_zero) set[static_cast<std::size_t>(sign)] *= -1;
        constexpr input_form forms[][3] = {{input_form::sum, input_form::by_sign, input_form::count},
                                           {input_form::sum, input_form::timed, input_form::timed_count}};
        r.form = static_cast<unsigned>(forms[by_times][random() % 3]);
      }
      r.begin = r.weight = size;
      r.count = counts[random() % std::size(counts)];
      r.delay_steps =
          same_but_delay ? std::min<step_t>(max_delay, r.delay_steps + 1 + random() % 10) : 1 + random() % max_delay;
      r.varied = 1;
      n.store.slots().grow(size += r.count, wide ? 0x20000 : n_slots);
      n.store.weight_column().resize(size);
      for (std::uint64_t c = r.begin; c < size; ++c) {
        n.store.slots().set(c, input_slot(random() % n_slots));
        n.store.weights()[c] = random() % 20 == 0 ? 0.0 : uniform(0, 90) * (below_zero ? -1 : 1);
      }
      added.push_back({r, n.store.add_parameter_set(set), 0});
    }
    writer.add(source, added);
  }
  writer.finish();
  return n;
}

template <class M> struct reference {
  using P = typename M::template params<double>;
  using T = typename M::template traces<double>;

  static double facilitated(network& n, const segment& r, std::uint64_t index, std::uint64_t c, step_t now) {
    const cohort& mine = n.store.cohort_of(index);
    const step_t delay = r.delay();
    const auto line = n.line_behind(n.store.slot(r, c));
    double w = n.store.weights()[r.weight + c];
    const auto window = n.history.window(line, std::max(mine.last_spike, n.store.caught_up()) - delay, now - delay);
    const auto params = models::from_values<P>(n.store.parameter_set(mine.parameters).data());
    const auto traces = models::from_values<T>(n.store.traces_of(index));
    if constexpr (models::reads_posts<M>)
      for (auto post = window.first; post != window.last; ++post) {
        const double since_pre_ms = static_cast<double>(post->stamp - (mine.last_spike - delay)) * resolution_ms;
        w = M::on_post(params, M::decayed(params, traces, since_pre_ms), w);
      }
    return w;
  }

  static models::transmission<double> sent(const P& params, const T& traces, double w, double K_minus) {
    if constexpr (models::sends_apart<M> && models::reads_K_minus<M>)
      return M::on_pre(params, traces, w, K_minus);
    else if constexpr (models::sends_apart<M>)
      return M::on_pre(params, traces, w);
    else if constexpr (models::reads_K_minus<M>)
      w = M::on_pre(params, traces, w, K_minus);
    else
      w = M::on_pre(params, traces, w);
    return {w, w};
  }

  static void spike(network& n, std::uint64_t source, step_t stamp) {
    const auto row = n.store.row(source);
    const auto first = n.store.first_segment(source);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const segment& r = row[i];
      const step_t delay = r.delay();
      const auto due = n.row(stamp + delay - 1);
      for (std::uint64_t c = 0; c < r.count; ++c) {
        const auto slot = n.store.slot(r, c).index();
        const auto line = n.line_behind(n.store.slot(r, c));
        const cohort& mine = n.store.cohort_of(first + i);
        const auto after =
            sent(models::from_values<P>(n.store.parameter_set(mine.parameters).data()),
                 models::from_values<T>(n.store.traces_of(first + i)), facilitated(n, r, first + i, c, stamp),
                 n.history.K_minus(line, stamp - delay, n.tau_minus_ms[line.index()], resolution_ms));
        n.store.weights()[r.weight + c] = after.kept;
        if (r.input() == input_form::count)
          due.positive[slot] += 1;
        else if (r.input() == input_form::by_sign && after.sent < 0)
          due.negative[slot] += after.sent;
        else
          due.positive[slot] += after.sent;
      }
    }
    std::set<std::uint32_t> cohorts;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cohort& mine = n.store.cohort_of(first + i);
      if (!cohorts.insert(n.store.cohort_index(first + i)).second) continue;
      double* traces = n.store.traces_of(first + i);
      const auto params = models::from_values<P>(n.store.parameter_set(mine.parameters).data());
      const auto decayed = M::decayed(params, models::from_values<T>(traces),
                                      static_cast<double>(stamp - mine.last_spike) * resolution_ms);
      const auto next = models::values_of(M::after_pre(params, decayed));
      std::copy(next.begin(), next.end(), traces);
      mine.last_spike = stamp;
    }
  }

  static void catch_up(network& n, step_t now) {
    for (std::uint64_t source = 0; source < n.store.source_limit(); ++source)
      for (std::size_t i = 0; i < n.store.row(source).size(); ++i) {
        const segment& r = n.store.row(source)[i];
        for (std::uint64_t c = 0; c < r.count; ++c)
          n.store.weights()[r.weight + c] = facilitated(n, r, n.store.first_segment(source) + i, c, now);
      }
    n.store.set_caught_up(now);
  }
};

inline void expect_same(network& a, network& b, step_t now) {
  for (std::uint64_t c = 0; c < a.store.weight_column().size(); ++c)
    ASSERT_EQ(bits(a.store.weights()[c]), bits(b.store.weights()[c]))
        << "weight " << c << ": " << a.store.weights()[c] << " and " << b.store.weights()[c];
  for (step_t due = now; due <= now + max_delay; ++due)
    for (std::uint32_t slot = 0; slot < n_slots; ++slot) {
      ASSERT_EQ(bits(a.row(due).positive[slot]), bits(b.row(due).positive[slot])) << "slot " << slot;
      ASSERT_EQ(bits(a.row(due).negative[slot]), bits(b.row(due).negative[slot])) << "slot " << slot;
    }
}

/// Sources spike every 100 steps or less, targets so that windows hold from no to about 40 spikes.
template <class M> void compare(const models::synapse_model& model, plastic_rows all, std::uint64_t seed, step_t start,
                                bool wide, bool by_times = false) {
  network ours = make(model, seed, wide, by_times), theirs = make(model, seed, wide);
  for (network* n : {&ours, &theirs}) n->store.set_caught_up(start);
  ours.keeps_decayed = seed != 3;
  std::mt19937_64 random(seed);
  std::vector<double> probability(n_lines);
  for (double& p : probability) p = std::array{0.0, 0.002, 0.02, 0.2, 0.6}[random() % 5];
  for (step_t now = start + 1; now < start + 700; ++now) {
    for (std::uint32_t line = 0; line < n_lines; ++line) {
      if (std::uniform_real_distribution<double>()(random) >= probability[line]) continue;
      for (network* n : {&ours, &theirs})
        n->history.append(history_line(line), now, n->tau_minus_ms[line], resolution_ms);
    }
    ours.decayed.step = decayed_lines::none;
    if (random() % 20 == 0) {
      const auto source = random() % (n_sources + 1);  // the last has no row
      const auto times = 1 + random() % 2;             // a spike of multiplicity 2 goes through the row twice
      for (std::uint64_t i = 0; i < times; ++i) {
        all.spike(ours.store, source, now, ours.targets(), {ours.rows, ours.timed}, nullptr);
        reference<M>::spike(theirs, source, now);
      }
      expect_same(ours, theirs, now);
    }
    if (random() % 150 == 0) {
      all.catch_up(ours.store, now, ours.targets());
      reference<M>::catch_up(theirs, now);
      expect_same(ours, theirs, now);
      for (network* n : {&ours, &theirs}) n->history.prune(now + 1 - max_delay);
    }
    if (testing::Test::HasFatalFailure()) return;
  }
}

template <class M> void compare(const loop_set& loops, std::uint64_t seed, step_t start, bool wide) {
  SCOPED_TRACE(testing::Message() << M::name << " " << loops.isa << " seed " << seed << " from step " << start);
  compare<M>(synapse(M::name), *plastic_rows_of(synapse(M::name), loops), seed, start, wide);
}

/// All instruction sets give the bits of the model's functions.
template <class M> void compare_all() {
  for (const loop_set& loops : runnable_loops())
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      compare<M>(loops, seed, 0, seed == 1);
      if (testing::Test::HasFatalFailure()) return;
    }
}

}  // namespace volley::runtime::tests
