#include "runtime/shard/network_loader.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

void require(bool fits) {
  if (!fits) snapshot_reader::refuse();
}

template <class T> std::vector<T> permuted(const std::vector<T>& from, const std::vector<std::size_t>& order) {
  std::vector<T> to;
  to.reserve(order.size());
  for (const auto i : order) to.push_back(from[i]);
  return to;
}

/// Of the nodes that live here; of none, a number of those elsewhere.
template <class T> tap_column<T> column_of(const tap_column<T>& elsewhere, const std::vector<T>& here,
                                           const std::vector<std::size_t>& order) {
  if (!order.empty()) return tap_column<T>(permuted(here, order));
  return tap_column<T>(elsewhere.values().empty() ? T() : elsewhere[0]);
}

/// Events of several shares in one order.
event_log merged(const std::vector<event_log>& shares) {
  std::vector<const event_log*> logs;
  for (const auto& share : shares) logs.push_back(&share);
  event_log all;
  event_merge(logs).for_each([&](const event_log& from, std::size_t i) { all.append(from, i); });
  return all;
}

}  // namespace

network_loader::network_loader(const shard& beside, std::uint32_t saved_vps, step_t now,
                               std::span<const saved_block> blocks, std::span<const std::byte> common, bool goes_on)
    : made_(beside.empty_one()),
      parts_(made_->parts()),
      saved_vps_(saved_vps),
      now_(now),
      goes_on_(goes_on),
      blocks_(blocks.begin(), blocks.end()),
      common_(object_of<saved_common>(common)) {
  require(saved_vps > 0 && now >= 0 && (!goes_on || saved_vps == made_->place().n_vps));
  std::uint64_t last = 0;
  for (const auto& block : blocks_) {
    require(block.first > last && block.model < made_->catalog().neurons.size());
    last = block.last;
    made_->add_cells(block.first, block.last, attributes(made_->catalog().neurons[block.model]), 0, block.where);
  }
  make_devices_and_stores();
  made_->stand_at(common_.plan, common_.clock, common_.prepared);
}

void network_loader::make_devices_and_stores() {
  for (std::size_t i = 0; i < common_.stimulators.size(); ++i)
    parts_.generators.add(common_.stimulators[i], common_.injects[i] != 0);
  require(common_.drawn.size() == parts_.generators.drawn().size());
  parts_.generators.put(common_.drawn);
  for (const auto& spec : common_.recorders) parts_.recording.add(spec, is_here(spec.id));
  const auto& synapses = made_->catalog().synapses;
  require(common_.stores.size() >= synapses.size());
  for (std::size_t i = 0; i < common_.stores.size(); ++i) {
    const auto& [made_from, recorder] = common_.stores[i];
    require(i < synapses.size() ? made_from == i : made_from < synapses.size());
    require(recorder == recorder_ordinal::none() || recorder.index() < parts_.recording.size());
    if (i >= synapses.size()) parts_.stores.add(synapses[made_from]);
    parts_.stores[store_ordinal(i)].recorder = recorder;
  }
  recorded_.resize(parts_.recording.size());
}

void network_loader::take(const saved_part& what, std::span<const std::vector<std::byte>> by_vp) {
  require(by_vp.size() == saved_vps_);
  switch (what.what) {
    case saved_part::kind::common: return require(false);
    case saved_part::kind::state:
      require(batches_.empty());
      for (std::uint32_t vp = 0; vp < saved_vps_; ++vp) take_state(vp, by_vp[vp]);
      return;
    case saved_part::kind::rows: return take_rows(what.store, by_vp);
    case saved_part::kind::events: return take_events(what.recorder, by_vp);
  }
}

// ---- the state

void network_loader::take_state(std::uint32_t from, std::span<const std::byte> bytes) {
  snapshot_reader s(bytes);
  std::uint64_t n_blocks = 0;
  s(n_blocks);
  require(n_blocks <= blocks_.size());
  for (; n_blocks > 0; --n_blocks) take_block(from, s);

  step_t base = 0;
  s(base);
  parts_.cells.histories().set_base(std::max(base, parts_.cells.histories().base()));
  for (store_ordinal i; i.index() < parts_.stores.size(); ++i) {
    step_t caught_up = 0;
    s(caught_up);
    parts_.stores.rows(i).set_caught_up(std::max(caught_up, parts_.stores.rows(i).caught_up()));
  }

  std::vector<saved_sums> sums;
  std::vector<saved_amounts> amounts;
  s(sums, amounts);
  require((sums.empty() && amounts.empty()) || common_.prepared);
  if (common_.prepared) parts_.delivery.fit();
  for (const auto& one : sums) parts_.delivery.put(one, common_.clock);
  for (const auto& one : amounts) parts_.delivery.put(one, common_.clock);

  delivery::progress progress;
  std::vector<tap> taps;
  s(progress, taps);
  progress_.delivered = progress.delivered;
  progress_.injected = progress.injected;
  progress_.inputs.insert(progress_.inputs.end(), progress.inputs.begin(), progress.inputs.end());
  progress_.trains.add(progress.trains, made_->place());
  take_taps(taps);

  for (recorder_ordinal i; i.index() < recorded_.size(); ++i) {
    std::uint64_t recorded = 0;
    recorder::made_files files;
    s(recorded, files);
    recorded_[i.index()] += recorded;
    if (goes_on_ && from == made_->place().vp) parts_.recording.at(i).put(std::move(files));
  }
  std::uint64_t spikes = 0;
  s(batches_.emplace_back(), spikes);
  spikes_ += spikes;
  s.finish();
}

const saved_block& network_loader::block_with(std::uint64_t id) const {
  const auto after = std::ranges::upper_bound(blocks_, id, {}, &saved_block::first);
  require(after != blocks_.begin() && id <= (after - 1)->last);
  return *(after - 1);
}

void network_loader::take_block(std::uint32_t from, snapshot_reader& s) {
  std::uint64_t first = 0;
  s(first);
  const auto& block = block_with(first);
  const auto ids = local_part(block.first, block.last, {from, saved_vps_});
  require(ids.count != 0 && ids.first == first);
  attributes values(attributes(made_->catalog().neurons[block.model]), ids);
  s(values);
  if (parts_.cells.take(values, ids, !begun_.contains(block.first))) begun_.insert(block.first);
  for (std::uint32_t cell = 0; cell < ids.count; ++cell) {
    post_history::saved_line line;
    s(line);
    if (is_here(ids[cell])) parts_.cells.histories().put(parts_.cells.targets().line(ids[cell]), std::move(line));
  }
}

// Every VP has all of them in the same order, each with the nodes that live there.
void network_loader::take_taps(const std::vector<tap>& from) {
  require(taps_.empty() || taps_.size() == from.size());
  taps_.resize(from.size());
  for (std::size_t k = 0; k < from.size(); ++k) {
    const tap& t = from[k];
    auto& to = taps_[k];
    require(t.recorder.index() < parts_.recording.size());
    if (!to.shape) to.shape = t;
    std::size_t i = 0;
    for (const auto& range : t.nodes.ranges)
      for (auto id = range.first; id <= range.last; id += range.step, ++i) {
        if (!is_here(t.is_with_recorder() ? t.recorder_id : id)) continue;
        to.nodes.push_back(id);
        to.weights.push_back(t.weights[i]);
        to.delays.push_back(t.delays[i]);
        to.labels.push_back(t.labels[i]);
        to.receptors.push_back(t.receptors[i]);
      }
  }
}

void network_loader::connect_taps() {
  for (const auto& from : taps_) {
    std::vector<std::size_t> order(from.nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return from.nodes[i]; });
    const auto nodes = permuted(from.nodes, order);
    require(std::ranges::adjacent_find(nodes) == nodes.end());
    tap t = *from.shape;
    t.nodes.ranges = ranges_of(nodes);
    t.weights = column_of(t.weights, from.weights, order);
    t.delays = column_of(t.delays, from.delays, order);
    t.labels = column_of(t.labels, from.labels, order);
    t.receptors = column_of(t.receptors, from.receptors, order);
    parts_.recording.connect(t, parts_.cells, parts_.generators);
  }
}

// The spikes of this VP among those of all.
spike_batch network_loader::own_batch() const {
  spike_batch mine;
  if (batches_.empty()) return mine;
  std::vector<std::size_t> at(batches_.size());
  const auto steps = batches_.front().counts.size();
  for (const auto& batch : batches_)
    require(batch.counts.size() == steps &&
            std::reduce(batch.counts.begin(), batch.counts.end(), std::uint64_t{0}) == batch.sources.size() &&
            (batch.multiplicities.empty() || batch.multiplicities.size() == batch.sources.size()) &&
            (batch.offsets_ms.empty() || batch.offsets_ms.size() == batch.sources.size()));
  std::vector<travelling_spike> spikes;
  for (std::size_t lag = 0; lag < steps; ++lag) {
    spikes.clear();
    for (std::size_t vp = 0; vp < batches_.size(); ++vp)
      for (auto left = batches_[vp].counts[lag]; left > 0; --left, ++at[vp])
        if (const auto& batch = batches_[vp]; is_here(batch.sources[at[vp]]))
          spikes.push_back(batch_view(batch).spike(at[vp]));
    std::ranges::stable_sort(spikes, {}, &travelling_spike::source);  // those of one source are of one VP
    mine.counts.push_back(static_cast<std::uint32_t>(spikes.size()));
    for (const auto& s : spikes) mine.add(s.source, s.multiplicity, s.offset_ms);
  }
  return mine;
}

// ---- connections and events

void network_loader::take_rows(store_ordinal store, std::span<const std::vector<std::byte>> by_vp) {
  require(!batches_.empty() && store.index() < parts_.stores.size());
  const auto& model = parts_.stores.synapse(store);
  auto known = rows_.find(store);
  if (known == rows_.end())
    known = rows_
                .try_emplace(store, parts_.stores.rows(store), model.n_params + model.n_traces, parts_.cells.targets(),
                             made_->place())
                .first;
  std::vector<saved_rows> parts;
  for (const auto& bytes : by_vp)
    if (!bytes.empty()) parts.push_back(object_of<saved_rows>(bytes));
  known->second.add(parts);
}

void network_loader::take_events(recorder_ordinal of, std::span<const std::vector<std::byte>> by_vp) {
  require(of.index() < parts_.recording.size());
  // What is to be written goes into the file of the VP that has recorded it.
  const auto here = [this](const event_log& from, std::uint32_t vp) {
    event_log some;
    for (std::size_t i = 0; i < from.size(); ++i)
      if (goes_on_ ? vp == made_->place().vp : is_here(from.senders[i])) some.append(from, i);
    return some;
  };
  std::vector<event_log> shown, hidden;
  for (std::uint32_t vp = 0; vp < saved_vps_; ++vp) {
    const auto& bytes = by_vp[vp];
    if (bytes.empty()) continue;
    event_log all_shown, all_hidden;
    snapshot_reader s(bytes);
    std::optional<detector> made;
    s(all_shown, all_hidden, made);
    s.finish();
    if (made) take_results(of, std::move(*made));
    shown.push_back(here(all_shown, vp));
    hidden.push_back(here(all_hidden, vp));
  }
  parts_.recording.at(of).put(merged(shown), merged(hidden));
}

// What a detector has made, where it lives.
void network_loader::take_results(recorder_ordinal of, detector made) {
  auto& recorder = parts_.recording.at(of);
  const auto& empty = common_.recorders[of.index()].detects;
  require(empty && made.has_room() && bytes_of(made.without_results()) == bytes_of(*empty));
  if (is_here(recorder.spec().id)) recorder.put(std::move(made));
}

// Counts over all nodes are of the first VP.
void network_loader::finish() {
  require(batches_.size() == saved_vps_);
  for (auto& [store, loader] : rows_) loader.finish();
  parts_.stores.note_loaded();
  connect_taps();
  const bool first = made_->place().vp == 0;
  for (recorder_ordinal i; first && i.index() < parts_.recording.size(); ++i)
    parts_.recording.at(i).set_recorded(recorded_[i.index()]);
  parts_.emission.put(own_batch(), first ? spikes_ : 0);
  if (!common_.prepared) return;
  const bool waiting = progress_.delivered < common_.clock.begin;
  require(waiting ? !common_.clock.is_open() : progress_.delivered == common_.clock.begin);
  parts_.delivery.put(std::move(progress_));
  made_->resume(now_, waiting ? std::move(batches_) : std::vector<spike_batch>());
}

}  // namespace volley::runtime
