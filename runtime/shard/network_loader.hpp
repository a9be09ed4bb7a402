// Makes a shard of a saved network beside the one that its VP has, until it takes its place. What comes was saved on
// any layout: nodes, sums and events come by the ids of nodes, and this VP takes what is its own.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "runtime/connections/saved_rows.hpp"
#include "runtime/shard/saved_parts.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

class network_loader {
 public:
  /// A network of these neurons that was saved at step `now` on so many VPs; `common` is that part of it. Place,
  /// catalog and files are those of `beside`. `goes_on`: it is the same network on the same layout, with its files.
  /// Errors of this and all that follows: std::invalid_argument for what does not fit, bad_alloc.
  network_loader(const shard& beside, std::uint32_t saved_vps, step_t now, std::span<const saved_block> blocks,
                 std::span<const std::byte> common, bool goes_on = false);

  /// A part as all VPs saved it, by VP. The state comes first, once, then rows by store and source, and events.
  void take(const saved_part& what, std::span<const std::vector<std::byte>> by_vp);
  /// All parts have come.
  void finish();
  // REQUIRES of both: finish() was called.
  const shard& made() const { return *made_; }
  std::unique_ptr<shard> take() { return std::move(made_); }

 private:
  /// Connections of one recorder with nodes, as they come.
  struct gathered_tap {
    std::optional<tap> shape;
    std::vector<std::uint64_t> nodes;
    std::vector<double> weights, labels;
    std::vector<std::uint32_t> delays;
    std::vector<std::int64_t> receptors;
  };
  void make_devices_and_stores();
  void take_state(std::uint32_t from, std::span<const std::byte> bytes);
  void take_block(std::uint32_t from, snapshot_reader& s);
  void take_taps(const std::vector<tap>& from);
  void take_rows(store_ordinal store, std::span<const std::vector<std::byte>> by_vp);
  void take_events(recorder_ordinal of, std::span<const std::vector<std::byte>> by_vp);
  void take_results(recorder_ordinal of, detector made);
  void connect_taps();
  spike_batch own_batch() const;
  bool is_here(std::uint64_t id) const { return made_->place().holds(id); }
  const saved_block& block_with(std::uint64_t id) const;

  std::unique_ptr<shard> made_;
  shard_parts& parts_;  // of it
  const std::uint32_t saved_vps_;
  const step_t now_;
  const bool goes_on_;
  const std::vector<saved_block> blocks_;
  saved_common common_;

  // Of the state, as the parts come.
  std::set<std::uint64_t> begun_;  // blocks that have some values, by first node
  std::vector<gathered_tap> taps_;
  std::vector<spike_batch> batches_;  // by saved VP
  delivery::progress progress_;
  std::uint64_t spikes_ = 0;
  std::vector<std::uint64_t> recorded_;  // by recorder

  std::map<store_ordinal, connection_store::row_loader> rows_;
};

}  // namespace volley::runtime
