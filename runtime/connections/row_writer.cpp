// New connections find their places in the rows.
#include <algorithm>

#include "runtime/base/halves.hpp"
#include "runtime/connections/connection_store.hpp"

namespace volley::runtime {

void connection_store::row_writer::append(const segment& r, std::uint32_t cohort) {
  if (size_ % segments_in_a_part == 0) {
    auto& fresh = parts_.emplace_back();
    fresh.segments.reserve(segments_in_a_part);
    if (store_.has_cohorts_) fresh.cohorts.reserve(segments_in_a_part);
  }
  parts_.back().segments.push_back(r);
  if (store_.has_cohorts_) parts_.back().cohorts.push_back(cohort);
  ++size_;
}

void connection_store::row_writer::take_old_row(std::uint64_t source) {
  members_.clear();
  const auto [begin, end] = store_.rows_[source];
  for (auto i = begin; i < end; ++i)
    members_.push_back({store_.segments_[i], store_.has_cohorts_ ? store_.segment_cohorts_[i] : 0});
}

void connection_store::row_writer::copy_rows(std::uint64_t until) {
  for (; next_ < until; ++next_) {
    take_old_row(next_);
    if (members_.empty()) continue;
    rows_.add(next_, size_, members_.size());
    for (const auto& m : members_) append(m.r, m.cohort);
  }
}

// Connections that were born together with equal parameters share their traces, until their source spikes; those whose
// targets keep times among themselves.
std::uint32_t connection_store::row_writer::cohort_for(const placed_segment& added) {
  if (!store_.has_cohorts_) return 0;
  const auto parameters_of = [this](std::uint32_t cohort) { return store_.cohorts_[cohort].parameters; };
  const auto known = [&](const segment& r, step_t born, std::uint32_t parameters) {
    return known_cohorts_[r.keeps_times()].find(parameters, [&](std::uint32_t cohort) {
      return store_.cohorts_[cohort].born == born && parameters_of(cohort) == parameters;
    });
  };
  for (; looked_at_ < members_.size(); ++looked_at_) {
    const auto& [r, cohort] = members_[looked_at_];
    const auto& c = store_.cohorts_[cohort];
    if (c.last_spike == 0 && known(r, c.born, c.parameters) == set_index::none)
      known_cohorts_[r.keeps_times()].add(cohort, parameters_of);
  }
  const auto twin = known(added.r, added.born, added.parameters);
  return twin != set_index::none ? twin : store_.new_cohort(added.born, added.parameters);
}

void connection_store::row_writer::add(std::uint64_t source, std::span<const placed_segment> segments,
                                       const origins* named) {
  copy_rows(source);
  take_old_row(source);
  for (auto& cohorts : known_cohorts_) cohorts.clear();
  looked_at_ = 0;
  for (const auto& added : segments) members_.push_back({added.r, cohort_for(added)});
  const auto before = [](const member& a, const member& b) {
    return a.r.delay_steps != b.r.delay_steps ? a.r.delay_steps < b.r.delay_steps : a.r.form < b.r.form;
  };
  if (!std::is_sorted(members_.begin(), members_.end(), before))
    std::stable_sort(members_.begin(), members_.end(), before);
  rows_.add(next_++, size_, members_.size());
  for (const auto& m : members_) append(m.r, m.cohort);
  if (named != nullptr) name(source, *named);
}

// Old connections keep their numbers, new ones get the next: of calls that are not marked in the order of the row, as
// where nothing is named (which depends on the targets that live here), of others in the order of their making.
void connection_store::row_writer::name(std::uint64_t source, const origins& made) {
  const auto row = by_target(made);
  const auto* known = store_.names_.find(source);
  std::vector<connection_name> names;
  std::vector<used_numbers> next;
  std::vector<std::uint32_t> order;
  for (auto first = row.begin(); first != row.end();) {
    const auto target = first->target;
    const auto last = std::find_if(first, row.end(), [&](const made_connection& c) { return c.target != target; });
    order.clear();
    std::uint32_t unmarked = 0;
    for (auto c = first; c != last; ++c) {
      if (c->is_marked()) order.push_back(c->from.order);
      unmarked += c->is_new && !c->is_marked();
    }
    std::sort(order.begin(), order.end());
    const auto told = told_of(known, target);
    const auto added = unmarked + static_cast<std::uint32_t>(order.size());
    const auto next_free = next_number(known, target, static_cast<std::uint32_t>(last - first) - added);
    for (std::uint32_t n = 0, counted = next_free; first != last; ++first) {
      if (first->is_marked()) {
        const auto rank = std::lower_bound(order.begin(), order.end(), first->from.order) - order.begin();
        names.push_back({target, next_free + unmarked + static_cast<std::uint32_t>(rank), first->from.call});
      } else if (first->is_new) {
        names.push_back({target, counted++, 0});
      } else {
        names.push_back(told.empty() ? connection_name{target, n, 0} : told[n]);
        ++n;
      }
    }
    next.push_back({target, next_free + added});
  }
  auto& changed = names_[source];
  if (known != nullptr) changed = *known;
  rename(changed, names, next);
}

// The row at hand; connections with one target keep its order.
std::vector<connection_store::row_writer::made_connection> connection_store::row_writer::by_target(
    const origins& made) const {
  std::vector<made_connection> row;
  for (const auto& m : members_)
    for (std::uint64_t place = m.r.begin; place < m.r.begin + m.r.count; ++place) {
      const auto target = low_half(made.targets.id(store_.slots_[place], m.r.is_current()));
      const bool is_new = place >= made.first_place;
      row.push_back({target, is_new, is_new ? made.by_place[place - made.first_place] : origin{}});
    }
  std::stable_sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.target < b.target; });
  return row;
}

void connection_store::row_writer::finish() {
  copy_rows(std::max(next_, store_.source_limit()));
  rows_.finish();
  pool<segment> segments;
  pool<std::uint32_t> cohorts;
  segments.reserve(size_);
  if (store_.has_cohorts_) cohorts.reserve(size_);  // the last thing that can fail
  pool<segment>().swap(store_.segments_);
  pool<std::uint32_t>().swap(store_.segment_cohorts_);
  for (auto& part : parts_) {
    segments.insert(segments.end(), part.segments.begin(), part.segments.end());
    cohorts.insert(cohorts.end(), part.cohorts.begin(), part.cohorts.end());
    part = {};
  }
  store_.segments_.swap(segments);
  store_.segment_cohorts_.swap(cohorts);
  std::swap(store_.rows_, rows_);
  store_.put_names(names_);
  store_.recount();
}

}  // namespace volley::runtime
