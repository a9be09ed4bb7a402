// The image of a shard.
#include "runtime/base/snapshot.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

std::vector<std::uint64_t> shard::structure() const {
  std::vector<std::uint64_t> numbers{place_.vp,       place_.n_vps,        spike_slots_.size(), current_slots_.size(),
                                     history_lines(), stimulators_.size(), recorders_.size(),   taps_.n_connections(),
                                     stores_.size(),  populations_.size()};
  for (const auto& p : populations_) {
    numbers.push_back(p->model().kernel);
    numbers.push_back(p->size());
  }
  return numbers;
}

std::vector<std::uint64_t> shard::built_rows() const {
  std::vector<std::uint64_t> digests;
  for (const auto& entry : stores_)
    digests.push_back(entry.rows->is_edited() ? edited_rows : entry.rows->rows_digest());
  return digests;
}

template <class Snapshot> void shard::snapshot_devices(Snapshot& s) {
  s(prepared_, plan_);
  s.fixed(stimulators_);
  for (auto& r : recorders_) s(r);
  for (auto& entry : stores_) s(entry.recorder);
}

template <class Snapshot> void shard::snapshot(Snapshot& s) {
  for (auto& p : populations_) s(*p);
  for (auto& entry : stores_) s(*entry.rows, entry.targets_opened);
  s(taps_, history_, rows_, calendar_, terms_);
  s(delivered_, injected_, interval_begin_, opened_, batch_, times_.spikes);
}

std::vector<std::byte> shard::save() const {
  snapshot_writer s;
  s(structure(), built_rows());
  auto& self = const_cast<shard&>(*this);  // a writer changes nothing
  self.snapshot_devices(s);
  self.snapshot(s);
  return s.take();
}

void shard::load(std::span<const std::byte> image) {
  snapshot_reader s(image);
  std::vector<std::uint64_t> of_image, rows_of_image;
  s(of_image, rows_of_image);
  if (of_image != structure() || rows_of_image.size() != stores_.size()) s.refuse();
  // Rows that somebody edited are in the image; the others must be here.
  for (std::size_t i = 0; i < stores_.size(); ++i)
    if (rows_of_image[i] != edited_rows && rows_of_image[i] != stores_[i].rows->rows_digest()) s.refuse();
  snapshot_devices(s);
  if (prepared_) fit(plan_);
  snapshot(s);
  s.finish();
  for (auto& entry : stores_) entry.by_target.drop();
  for (auto& p : populations_) p->prepare(plan_.time);
  read_tau_minus();
}

}  // namespace volley::runtime
