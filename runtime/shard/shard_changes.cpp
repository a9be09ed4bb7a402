// What a change adds to a shard, taken back as a whole.
#include <algorithm>

#include "runtime/shard/connection_query.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {
namespace {

template <class T> void cut(std::vector<T>& all, std::size_t kept) {
  if (all.size() > kept) all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
}

}  // namespace

shard::mark shard::here() const {
  return {sizes_of_blocks(), stimulators_.size(), recorders_.size(), stores_.size(), pending_.size(), taps_.size()};
}

void shard::begin_change() {
  before_ = here();
  undo_.clear();
  cleared_.clear();
  staged_stimulators_.clear();
  staged_recorders_.clear();
}

void shard::take_back() {
  for (auto& saved : undo_) populations_[saved.block]->restore(std::move(saved.values));
  drop_edit(*this);
  taps_.cut(before_.taps, [this](std::uint64_t id) { return find_tapped(id); });
  cut_blocks(before_.blocks);
  cut(stimulators_, before_.stimulators);
  if (injectors_.size() > before_.stimulators) injectors_.resize(before_.stimulators);
  cut(recorders_, before_.recorders);
  cut(stores_, before_.stores);
  cut(store_rows_, before_.stores);
  cut(pending_, before_.pending);
  begin_change();
}

}  // namespace volley::runtime
