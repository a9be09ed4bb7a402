#include "runtime/connections/target_index.hpp"

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

template <class Slot, class Visit>
void visit_slots(const connection_store& rows, const Slot* slots, bool currents, Visit&& visit) {
  rows.for_each_source([&](std::uint64_t source) {
    for (const segment& r : rows.row(source)) {
      if (r.is_current() != currents) continue;
      const Slot* const first = slots + r.begin;
      for (std::uint64_t i = 0, n = r.count; i < n; ++i) visit(first[i], low_half(source));
    }
  });
}

/// Calls visit(slot, source) for all connections of one kind of slots.
template <class Visit> void for_each_input(const connection_store& rows, bool currents, Visit&& visit) {
  if (rows.slots().wide())
    visit_slots(rows, rows.slots().wide_data(), currents, visit);
  else
    visit_slots(rows, rows.slots().narrow_data(), currents, visit);
}

}  // namespace

bool target_index::ready(const connection_store& rows, const target_lookup& targets) {
  if (made_) return true;
  if (++asked_ <= questions) return false;
  auto spikes = made_of(rows, false, targets.slots(false).size());
  of_currents_ = made_of(rows, true, targets.slots(true).size());
  of_spikes_ = std::move(spikes);
  return made_ = true;
}

void target_index::add_sources_of(std::uint64_t target, const target_lookup& targets,
                                  std::vector<std::uint64_t>& to) const {
  expects(made_, "an index that is read was made");
  targets.for_each_slot(target, [&](input_slot slot, bool currents) {
    const auto& all = currents ? of_currents_ : of_spikes_;
    const auto at = [&](std::uint32_t i) { return all.sources.begin() + static_cast<std::ptrdiff_t>(all.begins[i]); };
    to.insert(to.end(), at(slot.index()), at(slot.index() + 1));
  });
}

// In two passes: one counts the connections of each slot, one puts their sources in place.
target_index::by_slot target_index::made_of(const connection_store& rows, bool currents, std::uint64_t slots) {
  by_slot made{std::vector<std::uint64_t>(slots + 1), {}};
  for_each_input(rows, currents, [&](std::uint64_t slot, std::uint32_t) { ++made.begins[slot + 1]; });
  for (std::uint64_t slot = 0; slot < slots; ++slot) made.begins[slot + 1] += made.begins[slot];
  made.sources.resize(made.begins.back());
  auto next = made.begins;
  for_each_input(rows, currents,
                 [&](std::uint64_t slot, std::uint32_t source) { made.sources[next[slot]++] = source; });
  return made;
}

}  // namespace volley::runtime
