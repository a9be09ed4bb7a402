// The image of a shard.
#include "runtime/base/snapshot.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

std::vector<std::uint64_t> shard::structure() const {
  std::vector<std::uint64_t> numbers{place_.vp, place_.n_vps, spike_slots_.size(), current_slots_.size(), history_lines(),
                                     stimulators_.size(), recorders_.size(), taps_.n_connections(), stores_.size(),
                                     populations_.size()};
  for (const auto& p : populations_) {
    numbers.push_back(p->model().kernel);
    numbers.push_back(p->size());
  }
  return numbers;
}

template <class Snapshot> void shard::snapshot(Snapshot& s) {
  for (auto& p : populations_) s(*p);
  for (auto& r : recorders_) s(r);
  for (auto& entry : stores_) s(*entry.rows, entry.targets_opened);
  s(taps_, history_, rows_, calendar_, terms_);
  s(delivered_, injected_, interval_begin_, opened_, batch_);
}

std::vector<std::byte> shard::save() const {
  snapshot_writer s;
  s(structure());
  const_cast<shard*>(this)->snapshot(s);  // a writer changes nothing
  return s.take();
}

void shard::load(std::span<const std::byte> image) {
  snapshot_reader s(image);
  std::vector<std::uint64_t> of_image;
  s(of_image);
  if (of_image != structure()) s.refuse();
  snapshot(s);
  s.finish();
  for (auto& entry : stores_) entry.by_target.drop();
  for (auto& p : populations_) p->prepare(plan_.time);
  read_tau_minus();
}

}  // namespace volley::runtime
