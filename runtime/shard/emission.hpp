// The spikes of one VP's cells, injectors and relays, from the marks that blocks leave to the batch that other VPs get,
// to recorders and to the histories of plastic synapses' targets.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/delivery/spike_batch.hpp"
#include "runtime/nodes/population.hpp"
#include "runtime/shard/cells.hpp"
#include "runtime/shard/generators.hpp"
#include "runtime/shard/recording.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/shard/shard_measures.hpp"

namespace volley::runtime {

class emission {
 public:
  /// All are kept by reference.
  emission(const run_plan& plan, class cells& cells, const class generators& generators, class recording& recording)
      : plan_(plan), cells_(cells), generators_(generators), recording_(recording) {}

  /// Sizes marks for the plan and the cells.
  void fit();
  /// Where the spikes of a block go from step `lag` of the interval on.
  spike_marks marks(block_ordinal block, std::uint32_t lag);
  /// Takes away the marks of a block at `steps` steps from `lag` on.
  void clear_marks(block_ordinal block, std::uint32_t lag, std::uint32_t steps);

  /// A new batch.
  void open() { batch_.clear(); }
  /// Emits what is marked at the next step of the interval, `lag`; its spikes have this stamp.
  void emit(std::uint32_t lag, step_t stamp);
  /// The spikes of the interval at hand or, before it is open, of the last. Those of one step ascend by id.
  const spike_batch& batch() const { return batch_; }
  /// The steps of the interval that were emitted.
  std::size_t steps() const { return batch_.counts.size(); }
  /// Of all that was emitted, by multiplicity.
  std::uint64_t spikes() const { return spikes_; }

  /// As if these had been emitted, and `spikes` in all.
  void put(spike_batch batch, std::uint64_t spikes) {
    batch_ = std::move(batch);
    spikes_ = spikes;
  }

  void count(shard_bytes& bytes) const;
  template <class Snapshot> void snapshot(Snapshot& s) { s(batch_, spikes_); }

 private:
  void emit_block(block_ordinal block, std::uint32_t lag, step_t stamp);
  void emit_spike(block_ordinal block, std::uint32_t cell, step_t stamp, std::uint32_t multiplicity, double offset_ms);
  void emit_injected(step_t stamp, std::size_t first);
  void sort_step(std::size_t first);
  void send(std::uint32_t id, std::uint32_t multiplicity, double offset_ms);

  const run_plan& plan_;
  class cells& cells_;
  const class generators& generators_;
  class recording& recording_;

  std::vector<std::vector<std::uint64_t>> bits_;       // by block: [lag * words + cell / 64]
  std::vector<std::vector<double>> counts_;            // by block, for models that emit counts
  std::vector<std::vector<double>> offsets_;           // by block, for models that emit times or amounts
  std::vector<std::vector<models::sent_spike>> sent_;  // by block, for models that emit events
  spike_batch batch_;
  std::uint64_t spikes_ = 0;
};

}  // namespace volley::runtime
