// What is recorded on one VP: the recorders' shares, what they are connected to, and how spikes, samples and currents
// reach them. Weights go to recorders by way of weight_listener. A detector hears on one VP alone: generators as they
// emit, nodes when batches are delivered.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/halves.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/delivery/spike_batch.hpp"
#include "runtime/devices/device_inputs.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/shard/cells.hpp"
#include "runtime/shard/event_pieces.hpp"
#include "runtime/shard/generators.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/taps.hpp"

namespace volley::runtime {

class recording {
 public:
  // ---- recorders: the same on every VP
  std::size_t size() const { return recorders_.size(); }
  /// REQUIRES: there is one, else std::out_of_range.
  recorder& at(recorder_ordinal i) { return recorders_.at(i.index()); }
  const recorder& at(recorder_ordinal i) const { return recorders_.at(i.index()); }
  /// Their connections.
  taps& connections() { return taps_; }
  const taps& connections() const { return taps_; }

  // ---- changes: tried, then kept or taken back
  void begin_change();
  /// REQUIRES: cells and generators are not yet taken back.
  void take_back(const cells&, const generators&);
  /// Recorders are as they were staged.
  void keep();
  /// `here`: a detector lives on this VP. Errors: bad_alloc.
  void add(recorder_spec spec, bool here = false);
  /// Stages what a recorder is to be. `clears`: it forgets its events or results. REQUIRES: there is one, else
  /// broken_contract. Errors: bad_alloc.
  void stage(recorder_ordinal i, recorder_spec spec, bool clears);
  /// Errors, whose place is the node's id: IllegalConnection where a node of this VP lacks what the meter records.
  void check_sampled(const tap& t, const cells& neurons) const;
  /// Keeps the part of `t` that lives here. REQUIRES: the recorder exists, and room for the blocks of its nodes.
  void connect(const tap& t, const cells&, const generators&);
  /// Blocks were added or taken back.
  void fit(const cells& all) { taps_.set_blocks(all.n_blocks()); }

  // ---- a run
  /// Opens what recorders write to. Errors: those of recorder::open.
  void open(record_files& files, bool overwrite);
  /// After a load. Errors: those of recorder::reopen.
  void reopen(record_files& files) {
    for (auto& r : recorders_) r.reopen(files);
  }
  /// At the begin of an interval: samples of the one before become visible.
  void show_samples();
  /// Whether a cell of the block is sampled right after the update that ends at `stamp`.
  bool samples(block_ordinal block, step_t stamp) const;
  void sample(block_ordinal block, population& of, step_t stamp);
  /// A cell of a block has spiked.
  void hear(block_ordinal block, std::uint32_t cell, step_t stamp, std::uint32_t id, std::uint32_t multiplicity,
            double offset_ms = 0) {
    for (const auto& mask : taps_.masks(block)) {
      if (mask.samples || !mask.has(cell)) continue;
      auto& to = recorders_[mask.recorder.index()];
      if (to.listens(stamp)) to.spike(stamp, id, multiplicity, offset_ms);
    }
  }
  /// What generators have sent to recorders and detectors, and meters read of them, at stamps in (after, upto]. Spikes
  /// that are drawn come from `drawn`.
  void hear_generators(const generators&, device_inputs& drawn, std::uint32_t seed, step_t after, step_t upto);
  /// Spikes with this stamp, by source, have come in batches: detectors hear them.
  void hear_batches(std::span<const travelling_spike> spikes, std::uint32_t seed, step_t stamp);
  /// A detector has repeated spikes: recorders hear them.
  void hear_repeated(const travelling_spike& spikes, std::uint32_t seed, step_t stamp);
  /// True for a detector that repeats spikes. These carry the probability that one of them reaches a connection.
  bool repeats(std::uint64_t id) const;
  /// Calls send(spikes) for detectors of this VP that repeat spikes with this stamp.
  template <class Send> void for_each_repeated(step_t stamp, Send&& send) const {
    for (const auto i : relays_) {
      const auto& relay = recorders_[i.index()];
      if (relay.detecting() == nullptr || !relay.listens(stamp)) continue;
      if (const auto n = relay.detecting()->repeated(stamp); n != 0)
        send(travelling_spike{low_half(relay.spec().id), n, 1, *relay.detecting()->copy_probability()});
    }
  }
  /// All spikes up to this stamp have come.
  void end_batches(step_t upto);
  /// Hands recorded events to files.
  void flush(const time_grid& time);
  /// The same, and closes all files, whatever the disk says of some. Throws the first refusal.
  void close(const time_grid& time);

  void count(shard_bytes& bytes) const;
  /// What all events take that users see, without room to spare.
  std::uint64_t bytes_used() const;
  /// What recorders are. load_events() must follow a load.
  template <class Snapshot> void snapshot_recorders(Snapshot& s) {
    for (auto& r : recorders_) s(r);
    auto kept = kept_events();
    s(kept);
    if constexpr (Snapshot::loads) awaited_events_ = kept;
  }
  /// The events that recorders keep.
  const std::vector<shared_bytes>& events() { return pieces_.of(recorders_); }
  /// Errors: std::invalid_argument for other events than those of the image.
  void load_events(const std::vector<shared_bytes>& pieces);
  /// Their connections.
  template <class Snapshot> void snapshot(Snapshot& s) { s(taps_); }

 private:
  struct staged_recorder {
    recorder_ordinal i;
    recorder_spec spec;
    bool clears;
  };
  struct mark {
    std::size_t recorders = 0, taps = 0;
  };
  /// Calls visit(ear, number) for each connection that gets some of these spikes.
  template <class Visit>
  void for_each_ear(const travelling_spike& spikes, std::uint32_t seed, step_t stamp, Visit&& visit) const;
  /// A source has sent spikes over a connection.
  void detect(recorder_ordinal i, const taps::spot& at, step_t stamp, std::uint32_t multiplicity, double amount);
  void detect_generators(const generators&, device_inputs& drawn, std::uint32_t seed, step_t stamp);
  std::uint64_t kept_events() const;
  bool detects(recorder_ordinal i) const { return recorders_[i.index()].spec().kind == recorder_kind::results; }

  std::vector<recorder> recorders_;
  std::vector<recorder_ordinal> relays_;  // detectors that repeat spikes, by id
  taps taps_;
  event_pieces pieces_;
  std::uint64_t awaited_events_ = 0;  // of an image

  // Of the change at hand.
  mark before_;
  std::vector<staged_recorder> staged_;
};

}  // namespace volley::runtime
