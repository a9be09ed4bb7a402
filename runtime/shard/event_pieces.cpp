#include "runtime/shard/event_pieces.hpp"

#include <memory>
#include <utility>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {

const std::vector<shared_bytes>& event_pieces::of(std::span<const recorder> all) {
  if (follow(all)) {
    add_to(all);
  } else {
    event_pieces anew;
    anew.add_to(all);
    *this = std::move(anew);
  }
  return pieces_;
}

/// What the pieces have, recorders have yet.
bool event_pieces::follow(std::span<const recorder> all) const {
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i].events == 0) continue;
    if (i >= all.size() || !all[i].keeps_events() || all[i].forgotten() != marks_[i].forgotten) return false;
  }
  return true;
}

// A piece: which recorders have more events; of each how many there were before, and those.
void event_pieces::add_to(std::span<const recorder> all) {
  auto marks = marks_;
  marks.resize(all.size());
  std::vector<std::uint64_t> which;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].keeps_events() && all[i].log().size() > marks[i].events) which.push_back(i);
  if (which.empty()) return;
  snapshot_writer s;
  s(which);
  for (const auto i : which) {
    s(std::uint64_t{marks[i].events});
    all[i].log().save_from(s, marks[i].events);
    marks[i] = {all[i].forgotten(), all[i].log().size()};
  }
  pieces_.push_back(std::make_shared<const std::vector<std::byte>>(s.take()));
  marks_ = std::move(marks);
}

void event_pieces::load(std::vector<shared_bytes> pieces, std::span<recorder> into) {
  std::vector<mark> marks(into.size());
  for (const auto& piece : pieces) {
    snapshot_reader s(*piece);
    std::vector<std::uint64_t> which;
    s(which);
    for (const auto i : which) {
      std::uint64_t before = 0;
      event_log more;
      s(before, more);
      if (i >= into.size() || !into[i].keeps_events() || before != into[i].log().size()) s.refuse();
      into[i].remember(more);
      if (!into[i].log().fits_together()) s.refuse();
      marks[i] = {into[i].forgotten(), into[i].log().size()};
    }
    s.finish();
  }
  pieces_ = std::move(pieces);
  marks_ = std::move(marks);
}

}  // namespace volley::runtime
