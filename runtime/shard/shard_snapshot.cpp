// The image of a shard, of those of its parts.
#include "runtime/base/snapshot.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

/// What an image must agree with.
std::vector<std::uint64_t> shard::structure() const {
  const auto& [plan, cells, generators, stores, recording, delivery, emission] = *parts_;
  std::vector<std::uint64_t> numbers{place().vp,
                                     place().n_vps,
                                     cells.shape().slots,
                                     cells.shape().current_slots,
                                     cells.histories().lines(),
                                     generators.size(),
                                     recording.size(),
                                     recording.connections().n_connections(),
                                     stores.size(),
                                     cells.n_blocks()};
  for (block_ordinal b; b.index() < cells.n_blocks(); ++b) {
    numbers.push_back(cells.block(b).model().loop);
    numbers.push_back(cells.block(b).size());
    for (const auto entries : cells.block(b).model().shape) numbers.push_back(entries);
    for (const auto& channel : cells.targets().blocks()[b].channels) numbers.push_back(channel.first_slot.index());
  }
  return numbers;
}

/// What users set of a run and of devices: what is in flight has its size from them.
template <class Snapshot> void shard::snapshot_settings(Snapshot& s) {
  s(prepared_, parts_->plan, room_for_records_, parts_->generators);
  parts_->recording.snapshot_recorders(s);
  parts_->stores.snapshot_recorders(s);
}

template <class Snapshot> void shard::snapshot_state(Snapshot& s) {
  s(parts_->cells, parts_->stores, parts_->recording, parts_->cells.histories(), parts_->delivery, clock_,
    parts_->emission, undelivered_);
}

shard_image shard::save() {
  snapshot_writer s(state_bytes_ + state_bytes_ / 8);
  s(structure(), parts_->stores.digests());
  if (prepared_) fit();  // nodes and receptors may have come since
  snapshot_settings(s);
  snapshot_state(s);
  auto state = s.take();
  state_bytes_ = state.size();
  return {std::make_shared<const std::vector<std::byte>>(std::move(state)), parts_->recording.events()};
}

void shard::load(const shard_image& image) {
  snapshot_reader s(*image.state);
  std::vector<std::uint64_t> of_image, rows_of_image;
  s(of_image, rows_of_image);
  if (of_image != structure() || !parts_->stores.agree_with(rows_of_image)) s.refuse();
  snapshot_settings(s);
  if (prepared_) fit();
  snapshot_state(s);
  s.finish();
  parts_->recording.load_events(image.events);
  parts_->cells.prepare(parts_->plan.time);
  parts_->recording.reopen(files_);
}

}  // namespace volley::runtime
