// The connections of a shard: stores, pending calls, taps of recorders.
#include <algorithm>

#include "runtime/base/stopwatch.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

void shard::add_store(const models::synapse_model& model) {
  auto rows = std::make_unique<connection_store>(model.plastic, static_cast<std::uint32_t>(model.n_traces));
  const auto* const place = rows.get();
  stores_.push_back({&model, find_plastic_kernel(model), std::move(rows)});
  store_rows_.push_back(place);
}

void shard::set_common_parameters(std::uint32_t store, const std::vector<double>& values) {
  auto& entry = stores_[store];
  if (!entry.model->common_parameters) return;
  for (std::uint32_t i = 0; i < entry.model->n_params; ++i) entry.rows->set_parameter_sets(i, values[i]);
}

void shard::check(const projection& p, const connection_trial& trial) const {
  try_connections(p, place_, trial, *stores_.at(p.store).model, [this](std::uint64_t id) -> std::optional<receiver> {
    const auto* const block = find(id);
    if (block == nullptr) return std::nullopt;
    return receiver{block->model().name, block->values().channels(block->ids().cell(id))};
  });
}

tapped_node shard::find_tapped(std::uint64_t id) const {
  if (const auto block = targets_.block_of(id); block >= 0) {
    const auto& ids = populations_[static_cast<std::size_t>(block)]->ids();
    return {static_cast<std::uint32_t>(block), padded(ids.count), ids.cell(id)};
  }
  const auto device = std::ranges::lower_bound(stimulators_, id, {}, &stimulator::id);
  return {tapped_node::no_block, 0, static_cast<std::uint32_t>(device - stimulators_.begin())};
}

void shard::connect(const tap& t) {
  taps_.add(local_part(t, place_), [this](std::uint64_t id) { return find_tapped(id); });
}

void shard::build(const time_grid& time) {
  if (pending_.empty()) return;
  const stopwatch timer(times_.build);
  std::stable_sort(pending_.begin(), pending_.end(),
                   [](const projection& a, const projection& b) { return a.store < b.store; });
  for (std::size_t i = 0; i < pending_.size();) {
    std::size_t end = i;
    while (end < pending_.size() && pending_[end].store == pending_[i].store) ++end;
    auto& entry = stores_[pending_[i].store];
    entry.by_target.drop();
    store_builder builder(*entry.rows, targets_, place_, time);
    try {
      builder.build({pending_.data() + i, end - i});
    } catch (...) {
      entry.rows->mark_edited();
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(i + builder.built()));
      throw;
    }
    i = end;
  }
  pending_.clear();
  pending_.shrink_to_fit();
  for (auto& entry : stores_) entry.rows->settle();
  open_histories();
}

void shard::open_histories() {
  std::vector<std::uint8_t> plastic(spike_slots_.size());
  for (auto& entry : stores_) {
    if (!entry.model->reads_targets) continue;
    const auto& slots = entry.rows->slots();  // new connections are at the end
    for (; entry.targets_opened < slots.size(); ++entry.targets_opened) plastic[slots[entry.targets_opened]] = 1;
  }
  for (std::uint32_t slot = 0; slot < plastic.size(); ++slot)
    if (plastic[slot]) history_.open(line_of_page_[slot / slot_map::page] + slot % slot_map::page);
}

void shard::rows_have_moved() {
  for (auto& entry : stores_) entry.targets_opened = entry.rows->slots().size();
}

void shard::read_tau_minus() {
  tau_minus_.resize(history_lines());
  tau_minus_varies_ = false;
  bool first = true;
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    const auto& values = populations_[b]->values().node(&node_record::tau_minus);
    for (std::uint32_t cell = 0; cell < populations_[b]->ids().count; ++cell) {
      const auto line = targets_.blocks()[b].first_line + cell;
      if (!history_.is_open(line)) continue;
      tau_minus_[line] = values[cell];
      if (first) tau_minus_.front() = values[cell];
      first = false;
      tau_minus_varies_ |= values[cell] != tau_minus_.front();
    }
  }
}

delay_extrema shard::delays() const {
  delay_extrema extrema;
  for (const auto& entry : stores_)
    entry.rows->for_each_source([&](std::uint64_t source) {
      for (const run& r : entry.rows->row(source)) extrema.include(static_cast<step_t>(r.delay_steps));
    });
  extrema.include(taps_.delays());
  return extrema;
}

std::uint64_t shard::n_connections() const {
  std::uint64_t n = taps_.n_connections();
  for (const auto& entry : stores_) n += entry.rows->size();
  return n;
}

plastic_targets shard::histories() {
  return {line_of_page_.data(),
          tau_minus_.data(),
          tau_minus_varies_,
          plan_.time.resolution_ms(),
          static_cast<std::uint32_t>(history_lines()),
          history_.lines(),
          &decayed_};
}

term_context shard::terms_context() const {
  return {stimulators_, store_rows_, [this](std::uint32_t slot, bool currents) { return targets_.id(slot, currents); },
          plan_.seed};
}

shard_bytes shard::bytes() const {
  shard_bytes bytes;
  bytes.nodes = rows_.bytes() + history_.line_bytes() + spike_slots_.bytes() + current_slots_.bytes() +
                line_of_page_.capacity() * sizeof(std::uint32_t) + tau_minus_.capacity() * sizeof(double);
  for (const auto& p : populations_) bytes.nodes += p->bytes();
  for (const auto& marks : spike_bits_) bytes.nodes += marks.capacity() * sizeof(std::uint64_t);
  for (const auto& counts : spike_counts_) bytes.nodes += counts.capacity() * sizeof(double);
  for (const auto& entry : stores_) bytes.connections += entry.rows->bytes() + entry.by_target.bytes();
  bytes.events =
      calendar_.bytes() + history_.spike_bytes() + batch_.bytes() + arriving_.capacity() * sizeof(travelling_spike);
  for (const auto& r : recorders_) bytes.events += r.bytes();
  return bytes;
}

}  // namespace volley::runtime
