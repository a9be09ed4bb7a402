#include "runtime/shard/recording.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/base/nearest_name.hpp"

namespace volley::runtime {
namespace {

tapped_node find_tapped(const cells& neurons, const generators& devices, std::uint64_t id) {
  const auto block = neurons.targets().block_of(id);
  if (!block) return {block_ordinal::none(), 0, 0, devices.position(id)};
  const auto& ids = neurons.block(*block).ids();
  return {*block, padded(ids.count), ids.cell(id), {}};
}

/// The samples that a meter takes of a generator.
void record_quantities(const stimulator& device, recorder& to, step_t after, step_t upto) {
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    if (!to.samples(stamp)) continue;
    const std::vector<double> values(to.spec().quantities.size(), device.recorded(stamp));
    to.sample(stamp, low_half(device.id()), values.data(), values.size());
  }
}

/// The spikes that a generator sends to a recorder over one connection.
void record_spikes(const generators& devices, const taps::heard_generator& heard, std::uint32_t seed,
                   device_inputs& drawn, recorder& to, step_t after, step_t upto) {
  const auto& device = devices.at(heard.stimulator);
  const auto record = [&](step_t stamp, std::uint32_t count, double offset_ms = 0) {
    if (count != 0 && to.listens(stamp)) to.spike(stamp, low_half(device.id()), count, offset_ms);
  };
  if (device.is_known_everywhere()) {
    const auto spikes = devices.emitted(heard.stimulator, after, upto);
    const bool states = to.spec().kind == recorder_kind::states;
    for (auto s = spikes.begin(); s != spikes.end(); ++s) {
      auto multiplicity = s->multiplicity;
      for (; states && std::next(s) != spikes.end() && std::next(s)->stamp == s->stamp; ++s)
        multiplicity += std::next(s)->multiplicity;  // they tell one state
      record(s->stamp, multiplicity, s->offset_ms);
    }
    return;
  }
  for (step_t emission = after; emission < upto; ++emission) {
    const auto count = drawn.heard(heard.stimulator, device, seed, to.spec().id, heard.multapse, emission);
    if (!device.has_times()) record(emission + 1, count);
    for (const auto& spike : drawn.heard_times(device)) record(emission + 1, 1, spike.offset_ms);
  }
}

/// What a generator sends over one connection at one stamp.
struct sent_spikes {
  std::uint32_t number = 0;
  double weight = 0;  ///< of all
};
sent_spikes sent(const generators& devices, const taps::heard_generator& heard, std::uint32_t seed,
                 device_inputs& drawn, const recorder& to, step_t stamp) {
  const auto& device = devices.at(heard.stimulator);
  sent_spikes all;
  if (!device.is_known_everywhere()) {
    all.number = drawn.heard(heard.stimulator, device, seed, to.spec().id, heard.multapse, stamp - 1);
    all.weight = all.number;
    return all;
  }
  for (const auto& s : devices.emitted(heard.stimulator, stamp - 1, stamp)) {
    all.number += s.multiplicity;
    all.weight += s.weight * s.multiplicity;
  }
  return all;
}

/// What a meter reads of a block.
void sample_block(population& of, const taps::mask& mask, recorder& to, step_t stamp) {
  std::vector<recorded_column> columns;
  for (const auto& name : to.spec().quantities) columns.push_back(of.recorded(*of.recordable(name)));
  std::vector<double> values(columns.size());
  for (std::uint32_t cell = 0; cell < of.size(); ++cell) {
    if (!mask.has(cell) || of.is_frozen(cell)) continue;
    for (std::size_t q = 0; q < columns.size(); ++q) values[q] = columns[q][cell];
    to.sample(stamp, low_half(of.ids()[cell]), values.data(), values.size());
  }
}

}  // namespace

void recording::begin_change() {
  before_ = {recorders_.size(), taps_.size()};
  staged_.clear();
}

void recording::take_back(const cells& neurons, const generators& devices) {
  taps_.drop();
  taps_.cut(before_.taps, [&neurons, &devices](std::uint64_t id) { return find_tapped(neurons, devices, id); });
  if (recorders_.size() > before_.recorders)
    recorders_.erase(recorders_.begin() + static_cast<std::ptrdiff_t>(before_.recorders), recorders_.end());
  begin_change();
}

void recording::keep() {
  for (auto& [i, spec, clears] : staged_) {
    at(i).configure(std::move(spec));
    if (clears) at(i).clear();
  }
  begin_change();
}

void recording::add(recorder_spec spec, bool here) {
  recorders_.emplace_back(std::move(spec));
  if (here && recorders_.back().spec().detects) recorders_.back().make_room();
}

void recording::stage(recorder_ordinal i, recorder_spec spec, bool clears) {
  expects(i.index() < recorders_.size(), "a recorder is set where there is one");
  if (const auto* now = at(i).detecting(); now != nullptr) spec.detects->follow(*now, clears);
  staged_.push_back({i, std::move(spec), clears});
}

void recording::check_sampled(const tap& t, const cells& neurons) const {
  const auto& names = recorders_[t.recorder.index()].spec().quantities;
  for (block_ordinal b; b.index() < neurons.n_blocks(); ++b) {
    const auto& block = neurons.block(b);
    if (block.model().lists.empty()) continue;  // all cells have the same, and the kernel asked
    for (std::uint32_t cell = 0; cell < block.size(); ++cell) {
      const auto id = block.ids()[cell];
      if (!t.nodes.contains(id)) continue;
      const auto known = block.values().recordables(cell);
      for (const auto& name : names)
        if (std::ranges::find(known, name) == known.end())
          throw api_error(error_kind::IllegalConnection,
                          "Creation of connection is not possible: node " + std::to_string(id) +
                              " has no recordable '" + name + "'" + did_you_mean(name, known),
                          id);
    }
  }
}

void recording::connect(const tap& t, const cells& neurons, const generators& devices) {
  expects(t.recorder.index() < recorders_.size(), "a recorder that is connected exists");
  taps_.add(local_part(t, neurons.place()),
            [&neurons, &devices](std::uint64_t id) { return find_tapped(neurons, devices, id); });
}

void recording::open(record_files& files, bool overwrite) {
  for (auto& r : recorders_) r.open(files, overwrite);
}

void recording::show_samples() {
  for (auto& r : recorders_) r.show_samples();
}

bool recording::samples(block_ordinal block, step_t stamp) const {
  return std::ranges::any_of(taps_.masks(block), [&](const taps::mask& m) {
    return m.samples && recorders_[m.recorder.index()].samples(stamp);
  });
}

void recording::sample(block_ordinal block, population& of, step_t stamp) {
  for (const auto& m : taps_.masks(block))
    if (m.samples && recorders_[m.recorder.index()].samples(stamp))
      sample_block(of, m, recorders_[m.recorder.index()], stamp);
}

void recording::hear_generators(const generators& devices, device_inputs& drawn, std::uint32_t seed, step_t after,
                                step_t upto) {
  for (const auto& heard : taps_.generators()) {
    if (detects(heard.recorder)) continue;
    auto& to = recorders_[heard.recorder.index()];
    if (to.spec().kind == recorder_kind::samples)
      record_quantities(devices.at(heard.stimulator), to, after, upto);
    else
      record_spikes(devices, heard, seed, drawn, to, after, upto);
  }
  // Detectors hear step by step, in the order of connections, however far an update goes.
  const bool any_detects =
      std::ranges::any_of(taps_.generators(), [this](const auto& heard) { return detects(heard.recorder); });
  for (step_t stamp = after + 1; any_detects && stamp <= upto; ++stamp) detect_generators(devices, drawn, seed, stamp);
}

void recording::detect_generators(const generators& devices, device_inputs& drawn, std::uint32_t seed, step_t stamp) {
  for (const auto& heard : taps_.generators()) {
    auto& to = recorders_[heard.recorder.index()];
    if (!detects(heard.recorder)) continue;
    const auto spikes = sent(devices, heard, seed, drawn, to, stamp);
    if (spikes.number != 0 && to.listens(stamp))
      to.hear({stamp, taps_.receptor(heard.at), spikes.number, spikes.weight * taps_.weight(heard.at)});
  }
}

void recording::hear_batches(std::span<const travelling_spike> spikes, step_t stamp) {
  if (!taps_.has_ears()) return;
  for (const auto& spike : spikes) {
    for (const auto& ear : taps_.ears(spike.source)) {
      auto& to = recorders_[ear.recorder.index()];
      if (!to.listens(stamp)) continue;
      const double weight = taps_.weight(ear.at) * spike.weight;
      to.hear({stamp, taps_.receptor(ear.at), spike.multiplicity, weight * spike.multiplicity});
    }
  }
}

void recording::end_batches(step_t upto) {
  for (auto& r : recorders_) r.forget(upto);
}

void recording::flush(const time_grid& time) {
  for (auto& r : recorders_) r.flush(time);
}

void recording::close(const time_grid& time) {
  std::exception_ptr refused;
  for (auto& r : recorders_) {
    try {
      r.flush(time);
    } catch (...) {
      if (refused == nullptr) refused = std::current_exception();
    }
    r.close();
  }
  if (refused != nullptr) std::rethrow_exception(refused);
}

void recording::count(shard_bytes& bytes) const {
  for (const auto& r : recorders_) bytes.events += r.bytes();
}

}  // namespace volley::runtime
