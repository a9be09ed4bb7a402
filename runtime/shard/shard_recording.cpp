// What recorders of a shard hear: transmitted weights, spikes of generators, samples.
#include <algorithm>
#include <exception>

#include "runtime/shard/shard.hpp"

namespace volley::runtime {

void shard::record_generators(step_t from, step_t to) {
  for (const auto& heard : taps_.generators()) {
    auto& recorder = recorders_[heard.recorder];
    const auto& device = stimulators_[heard.stimulator];
    if (recorder.spec().kind == recorder_kind::samples)
      record_quantities(device, recorder, from, to);
    else
      record_spikes(device, heard.multapse, recorder, from, to);
  }
}

void shard::record_quantities(const stimulator& device, recorder& to, step_t after, step_t upto) {
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    if (!to.samples(stamp)) continue;
    const std::vector<double> values(to.spec().quantities.size(), device.recorded(stamp));
    to.sample(stamp, static_cast<std::uint32_t>(device.id()), values.data(), values.size());
  }
}

void shard::record_spikes(const stimulator& device, std::uint32_t multapse, recorder& to, step_t after, step_t upto) {
  const auto record = [&](step_t stamp, std::uint32_t count) {
    if (count != 0 && to.listens(stamp)) to.spike(stamp, static_cast<std::uint32_t>(device.id()), count);
  };
  if (device.train() != nullptr) {
    for (const auto& s : device.emitted(after, upto)) record(s.stamp, s.multiplicity);
    return;
  }
  for (step_t emission = after; emission < upto; ++emission)
    record(emission + 1, terms_.count(device, plan_.seed, to.spec().id, multapse, emission));
}

bool shard::samples_at(std::size_t b, step_t stamp) const {
  const auto& masks = taps_.masks(b);
  const auto samples = [&](const taps::mask& m) { return m.samples && recorders_[m.recorder].samples(stamp); };
  return std::any_of(masks.begin(), masks.end(), samples);
}

void shard::sample(std::size_t b, step_t stamp) {
  for (const auto& m : taps_.masks(b))
    if (m.samples && recorders_[m.recorder].samples(stamp)) sample_block(b, m, recorders_[m.recorder], stamp);
}

void shard::sample_block(std::size_t b, const taps::mask& mask, recorder& to, step_t stamp) {
  auto& cells = *populations_[b];
  std::vector<recorded_column> columns;
  for (const auto& name : to.spec().quantities) columns.push_back(cells.recorded(*cells.recordable(name)));
  std::vector<double> values(columns.size());
  for (std::uint32_t cell = 0; cell < cells.ids().count; ++cell) {
    if (!mask.has(cell) || cells.is_frozen(cell)) continue;
    for (std::size_t q = 0; q < columns.size(); ++q) values[q] = columns[q][cell];
    to.sample(stamp, static_cast<std::uint32_t>(cells.ids()[cell]), values.data(), values.size());
  }
}

void shard::flush_recorders() {
  for (auto& r : recorders_) r.flush(plan_.time);
}

// All are closed, whatever the disk says of some.
void shard::close_recorders() {
  std::exception_ptr refused;
  for (auto& r : recorders_) {
    try {
      r.flush(plan_.time);
    } catch (...) {
      if (refused == nullptr) refused = std::current_exception();
    }
    r.close();
  }
  if (refused != nullptr) std::rethrow_exception(refused);
}

}  // namespace volley::runtime
