// What recorders of a shard hear: transmitted weights, spikes of generators, samples.
#include <algorithm>

#include "runtime/shard/shard.hpp"

namespace volley::runtime {

/// Hands transmitted weights to the weight_recorder of a synapse model.
void shard::weight_listener::transmitted(std::uint64_t source, std::uint32_t slot, const run& r, std::uint64_t position,
                                         step_t stamp, double weight) {
  auto& recorder = shard_.recorders_[static_cast<std::size_t>(shard_.stores_[store_].recorder)];
  if (!recorder.listens(stamp)) return;
  const auto target = shard_.id_of_slot(slot, false);
  const auto wanted = [](const std::vector<std::uint64_t>& ids, std::uint64_t id) {
    return ids.empty() || std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (!wanted(recorder.spec().senders, source) || !wanted(recorder.spec().targets, target)) return;
  const auto owner = shard_.spike_slots_.owner(slot);
  const auto receptor = shard_.populations_[owner.block]->model().channels[owner.receptor].receptor;
  recorder.weight(stamp, static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(target),
                  static_cast<std::uint32_t>(receptor), shard_.port_of(store_, source, r, position), weight);
}

std::vector<std::uint32_t> shard::generator_taps(const tap& t) const {
  std::vector<std::uint32_t> positions;
  if (!place_.holds(recorders_[t.recorder].spec().id)) return positions;
  for (std::uint32_t i = 0; i < stimulators_.size(); ++i)
    if (t.nodes.contains(stimulators_[i].id)) positions.push_back(i);
  return positions;
}

void shard::record_generators(step_t from, step_t to) {
  for (const auto& t : taps_) {
    auto& recorder = recorders_[t.recorder];
    for (const auto position : generator_taps(t)) {
      const auto& device = stimulators_[position];
      if (recorder.spec().kind == recorder_kind::samples) {
        for (step_t stamp = from + 1; stamp <= to; ++stamp) {
          if (!recorder.samples(stamp)) continue;
          const std::vector<double> values(recorder.spec().quantities.size(), shared_current(device, stamp - 1));
          recorder.sample(stamp, static_cast<std::uint32_t>(device.id), values.data(), values.size());
        }
        continue;
      }
      for (const auto& s : spikes_for_recorder(device, recorder.spec().id, from, to))
        if (recorder.listens(s.stamp)) recorder.spike(s.stamp, static_cast<std::uint32_t>(device.id), s.multiplicity);
    }
  }
}

std::vector<timed_spike> shard::spikes_for_recorder(const stimulator& device, std::uint64_t recorder, step_t from, step_t to) const {
  if (device.train() != nullptr) return emitted(device, from, to);
  std::vector<timed_spike> spikes;
  const auto* poisson = std::get_if<poisson_source>(&device.source);
  if (poisson == nullptr || device.frozen) return spikes;
  const models::poisson_table table(poisson->spikes_per_step);
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    if (!device.window.contains(stamp)) continue;
    const auto count = table(std::uint64_t{generator_word(device, plan_.seed, recorder, 0, stamp - 1)} << 32);
    if (count != 0) spikes.push_back({stamp, 1.0, static_cast<std::uint32_t>(count)});
  }
  return spikes;
}

bool shard::samples_at(std::size_t b, step_t stamp) const {
  for (const auto t : block_taps_[b])
    if (tapped_[t].samples && recorders_[taps_[tapped_[t].tap].recorder].samples(stamp)) return true;
  return false;
}

void shard::sample(std::size_t b, step_t stamp) {
  for (const auto t : block_taps_[b]) {
    auto& recorder = recorders_[taps_[tapped_[t].tap].recorder];
    if (tapped_[t].samples && recorder.samples(stamp)) sample_block(b, tapped_[t], recorder, stamp);
  }
}

void shard::sample_block(std::size_t b, const tapped_block& mask, recorder& to, step_t stamp) {
  auto& cells = *populations_[b];
  std::vector<recorded_column> columns;
  for (const auto& name : to.spec().quantities) columns.push_back(cells.recorded(*cells.recordable(name)));
  std::vector<double> values(columns.size());
  for (std::uint32_t cell = 0; cell < cells.ids().count; ++cell) {
    if (!(mask.cells[cell / 64] >> (cell % 64) & 1) || cells.is_frozen(cell)) continue;
    for (std::size_t q = 0; q < columns.size(); ++q) values[q] = columns[q][cell];
    to.sample(stamp, static_cast<std::uint32_t>(cells.ids()[cell]), values.data(), values.size());
  }
}

void shard::flush_recorders() {
  for (auto& r : recorders_) r.flush(plan_.time);
}

void shard::close_recorders() {
  for (auto& r : recorders_) {
    r.flush(plan_.time);
    r.close();
  }
}

}  // namespace volley::runtime
