#include "runtime/shard/recording.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

tapped_node find_tapped(const cells& neurons, const generators& devices, std::uint64_t id) {
  const auto block = neurons.targets().block_of(id);
  if (!block) {
    const auto at = devices.position(id);
    const bool is_there = at.index() < devices.size() && devices.at(at).id() == id;
    return {block_ordinal::none(), 0, 0, is_there ? at : stimulator_ordinal::none()};
  }
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
  while (!relays_.empty() && relays_.back().index() >= recorders_.size()) relays_.pop_back();
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
  if (spec.detects && spec.detects->copy_probability()) relays_.push_back(recorder_ordinal(recorders_.size()));
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

template <class Visit>
void recording::for_each_ear(const travelling_spike& spikes, std::uint32_t seed, step_t stamp, Visit&& visit) const {
  const auto ears = taps_.ears(spikes.source);
  const bool copied = !ears.empty() && repeats(spikes.source);
  for (std::size_t i = 0; i < ears.size(); ++i) {
    auto n = spikes.multiplicity;
    if (copied) {
      const auto multapse = std::ranges::count(ears.first(i), ears[i].recorder, &taps::ear::recorder);
      n = device_inputs::copies(spikes, seed, at(ears[i].recorder).spec().id, static_cast<std::uint32_t>(multapse),
                                stamp);
    }
    if (n != 0) visit(ears[i], n);
  }
}

void recording::detect_generators(const generators& devices, device_inputs& drawn, std::uint32_t seed, step_t stamp) {
  for (const auto& heard : taps_.generators()) {
    if (!detects(heard.recorder)) continue;
    const auto spikes = sent(devices, heard, seed, drawn, recorders_[heard.recorder.index()], stamp);
    if (spikes.number != 0) detect(heard.recorder, heard.at, stamp, spikes.number, spikes.weight);
  }
}

// One that repeats spikes is active when it does; others are when they hear.
void recording::detect(recorder_ordinal i, const taps::spot& at, step_t stamp, std::uint32_t multiplicity,
                       double amount) {
  auto& to = recorders_[i.index()];
  if (!to.listens(stamp) && !to.spec().detects->copy_probability()) return;
  to.hear({stamp, taps_.receptor(at), multiplicity, amount * taps_.weight(at), taps_.delay(at)});
}

void recording::hear_batches(std::span<const travelling_spike> spikes, std::uint32_t seed, step_t stamp) {
  if (!taps_.has_ears()) return;
  for (const auto& spike : spikes)
    for_each_ear(spike, seed, stamp, [&](const taps::ear& ear, std::uint32_t number) {
      if (detects(ear.recorder)) detect(ear.recorder, ear.at, stamp, number, spike.weight * number);
    });
}

void recording::hear_repeated(const travelling_spike& spikes, std::uint32_t seed, step_t stamp) {
  for_each_ear(spikes, seed, stamp, [&](const taps::ear& ear, std::uint32_t number) {
    auto& to = at(ear.recorder);
    if (!detects(ear.recorder) && to.listens(stamp)) to.spike(stamp, spikes.source, number);
  });
}

bool recording::repeats(std::uint64_t id) const {
  const auto id_of = [this](recorder_ordinal i) { return at(i).spec().id; };
  const auto found = std::ranges::lower_bound(relays_, id, {}, id_of);
  return found != relays_.end() && id_of(*found) == id;
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

std::uint64_t recording::kept_events() const {
  std::uint64_t sum = 0;
  for (const auto& r : recorders_)
    if (r.keeps_events()) sum += r.log().size();
  return sum;
}

void recording::load_events(const std::vector<shared_bytes>& pieces) {
  pieces_.load(pieces, recorders_);
  if (kept_events() != awaited_events_) snapshot_reader::refuse();
}

std::uint64_t recording::bytes_used() const {
  std::uint64_t bytes = 0;
  for (const auto& r : recorders_)
    if (r.log().size() != 0) bytes += r.log().bytes_used();  // most of many have none
  return bytes;
}

void recording::count(shard_bytes& bytes) const {
  for (const auto& r : recorders_) bytes.events += r.bytes();
}

}  // namespace volley::runtime
