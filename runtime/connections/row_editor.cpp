#include "runtime/connections/row_editor.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "runtime/connections/weight_stretches.hpp"

namespace volley::runtime {
namespace {

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

void row_editor::stage(std::uint64_t source, std::span<const row_entry> entries, std::span<const asked> changes) {
  const auto row = rows_.row(source);
  const auto first_segment = rows_.first_segment(source);
  cohort_of_.clear();
  const bool split = !edit_.remove && stage_parameters(first_segment, row, entries, changes);
  const bool moved = edit_.remove || std::ranges::any_of(changes, [&](const asked& c) {
                       return moves(row[entries[c.entry].segment], c.position);
                     });
  if (!split && !moved) {
    stage_variables(row, entries, changes);
    return stage_weights(first_segment, row, entries, changes);
  }
  loosen(source, entries, changes);
  lay_out(source);
  if (moved) rename_row(source, entries);
}

double row_editor::weight_after(const segment& r, const row_entry& e, std::uint64_t position) const {
  return edit_.weight && edit_.weight->has(position) ? (*edit_.weight)[position] : rows_.weight(r, e.at);
}

bool row_editor::moves(const segment& r, std::uint64_t position) const {
  return edit_.delay_steps && edit_.delay_steps->has(position) &&
         (*edit_.delay_steps)[position] != static_cast<double>(r.delay_steps);
}

void row_editor::check(std::uint64_t position, std::span<const double> parameters, double weight) {
  if (models::is_legal(model_, parameters.data(), weight)) return;
  if (!illegal_ || position < illegal_->position) illegal_ = {position, {parameters.begin(), parameters.end()}, weight};
}

// ---- weights

void row_editor::stage_weights(std::uint64_t first_segment, std::span<const segment> row,
                               std::span<const row_entry> entries, std::span<const asked> changes) {
  if (!edit_.weight) return;
  for (std::size_t i = 0; i < changes.size();) {
    const auto k = entries[changes[i].entry].segment;
    std::size_t end = i + 1;
    while (end < changes.size() && entries[changes[end].entry].segment == k) ++end;
    stage_segment_weights(first_segment + k, row[k], entries, changes.subspan(i, end - i));
    i = end;
  }
}

void row_editor::stage_segment_weights(std::uint64_t index, const segment& r, std::span<const row_entry> entries,
                                       std::span<const asked> changes) {
  auto place = r.weight;
  if (!r.varied) {
    const auto after = [&](const asked& c) { return weight_after(r, entries[c.entry], c.position); };
    const double first = after(changes.front());
    const bool alike = std::ranges::all_of(changes, [&](const asked& c) { return same(after(c), first); });
    if (alike && same(first, rows_.shared_weight(r.weight))) return;
    if (alike && changes.size() == r.count) return void(shared_.emplace_back(index, rows_.shared_weight_index(first)));
    promoted_.push_back(index);
    place = next_weight_;
    next_weight_ += r.count;
  }
  for (const asked& c : changes)
    if (edit_.weight->has(c.position)) weights_.emplace_back(place + entries[c.entry].at, (*edit_.weight)[c.position]);
}

// ---- variables of each connection

/// Those of a connection as they will be; `now` are those that it has.
void row_editor::add_variables(const double* now, std::uint64_t position, std::vector<double>& to) const {
  const auto first = to.size();
  to.insert(to.end(), now, now + rows_.n_variables());
  const auto n_members = model_.n_params + model_.n_traces;
  for (const auto& p : edit_.parameters) {
    const auto member = p.member_of[store_.index()];
    if (std::cmp_greater_equal(member, n_members) && p.values.has(position))
      to[first + static_cast<std::size_t>(member) - n_members] = p.values[position];
  }
}

void row_editor::stage_variables(std::span<const segment> row, std::span<const row_entry> entries,
                                 std::span<const asked> changes) {
  if (rows_.n_variables() == 0 || edit_.parameters.empty()) return;
  std::vector<double> after;
  for (const asked& c : changes) {
    const auto& e = entries[c.entry];
    const auto place = row[e.segment].begin + e.at;
    const double* const now = rows_.variables_at(place);
    after.clear();
    add_variables(now, c.position, after);
    for (std::size_t v = 0; v < after.size(); ++v)
      if (!same(now[v], after[v])) variables_.emplace_back(place * after.size() + v, after[v]);
  }
}

// ---- parameters and traces

void row_editor::read_parameters(std::uint32_t cohort, std::uint64_t position, std::vector<double>& set,
                                 std::vector<double>& traces) const {
  const auto old = rows_.parameter_set(rows_.cohort_at(cohort).parameters);
  const auto n_params = old.size() - rows_.n_traces();
  set.assign(old.begin(), old.end());
  traces.assign(rows_.traces_at(cohort), rows_.traces_at(cohort) + rows_.n_traces());
  for (const auto& p : edit_.parameters) {
    if (p.member_of[store_.index()] < 0 || !p.values.has(position)) continue;
    const auto member = static_cast<std::size_t>(p.member_of[store_.index()]);
    if (member >= set.size()) continue;
    set[member] = p.values[position];
    if (member >= n_params) traces[member - n_params] = set[member];
  }
}

// Connections that shared their traces and get equal values still do. True if some of them part.
bool row_editor::stage_parameters(std::uint64_t first_segment, std::span<const segment> row,
                                  std::span<const row_entry> entries, std::span<const asked> changes) {
  struct group {
    std::size_t size = 0;
    std::uint32_t cohort = 0;
  };
  using key = std::tuple<std::uint32_t, std::uint32_t, std::vector<double>>;  // old cohort, parameter set, traces
  std::map<key, group> groups;
  std::vector<group*> group_of;
  std::vector<double> set, traces;
  for (const asked& c : changes) {
    const auto& e = entries[c.entry];
    const double weight = weight_after(row[e.segment], e, c.position);
    if (!rows_.has_cohorts()) {
      check(c.position, {}, weight);
      continue;
    }
    const auto old = rows_.cohort_index(first_segment + e.segment);
    read_parameters(old, c.position, set, traces);
    const auto n_params = set.size() - traces.size();
    auto as_seen = set;
    std::ranges::copy(traces, as_seen.begin() + static_cast<std::ptrdiff_t>(n_params));
    add_variables(rows_.variables_at(row[e.segment].begin + e.at), c.position, as_seen);
    check(c.position, as_seen, weight);
    if (edit_.parameters.empty()) continue;
    auto& mine = groups[{old, rows_.add_parameter_set(set), traces}];
    ++mine.size;
    group_of.push_back(&mine);
  }
  if (groups.empty()) return false;

  std::map<std::uint32_t, std::size_t> staying;  // connections of each cohort that keep what they have
  for (std::size_t k = 0; k < row.size(); ++k) staying[rows_.cohort_index(first_segment + k)] += row[k].count;
  const auto is_changed = [&](const key& k) {
    const auto& [old, parameters, now] = k;
    return parameters != rows_.cohort_at(old).parameters ||
           !std::equal(now.begin(), now.end(), rows_.traces_at(old), same);
  };
  for (const auto& [k, g] : groups)
    if (is_changed(k)) staying[std::get<0>(k)] -= g.size;
  const auto n_parted = cohorts_.size();
  for (auto& [k, g] : groups) {
    const auto& [old, parameters, now] = k;
    g.cohort = old;
    if (!is_changed(k)) continue;
    const bool in_place = std::exchange(staying[old], 1) == 0;  // the first group takes the place that all leave
    if (!in_place) g.cohort = rows_.n_cohorts() + static_cast<std::uint32_t>(cohorts_.size());
    (in_place ? changed_cohorts_ : cohorts_).push_back({old, parameters, now});
  }
  for (const group* g : group_of) cohort_of_.push_back(g->cohort);
  return cohorts_.size() != n_parted;
}

// ---- at the end

void row_editor::make_room() {
  connection_store::column_room room{0, next_weight_ - rows_.n_weights(), 0, cohorts_.size()};
  for (std::size_t i = 0; i < new_rows_.size(); ++i) {
    const auto more = rows_.room_for(new_rows_[i].source, content(i));
    room.slots += more.slots;
    room.weights += more.weights;
    room.segments += more.segments;
  }
  rows_.make_room(room);
}

void row_editor::commit() noexcept {
  for (const auto index : promoted_) rows_.promote(index);
  for (const auto& [place, weight] : weights_) rows_.set_weight(place, weight);
  for (const auto& [place, x] : variables_) rows_.variable_column()[place] = x;
  for (const auto& [index, weight] : shared_) rows_.share(index, weight);
  for (const auto& c : changed_cohorts_) rows_.set_cohort(c.from, c.parameters, c.traces);
  for (const auto& c : cohorts_) {
    rows_.clone_cohort(c.from);
    rows_.set_cohort(rows_.n_cohorts() - 1, c.parameters, c.traces);
  }
  for (std::size_t i = 0; i < new_rows_.size(); ++i) rows_.put_row(new_rows_[i].source, content(i));
  rows_.put_names(names_);
  rows_.end_edit();
}

}  // namespace volley::runtime
