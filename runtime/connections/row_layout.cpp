// Rows that an edit lays out anew: their connections are taken out, sorted, and cut into segments again.
#include <algorithm>
#include <tuple>

#include "runtime/connections/row_editor.hpp"
#include "runtime/connections/weight_stretches.hpp"

namespace volley::runtime {

// The connections of a row as they will be, in their order.
void row_editor::loosen(std::uint64_t source, std::span<const row_entry> entries, std::span<const asked> changes) {
  loose_.clear();
  loose_variables_.clear();
  const auto n_variables = rows_.n_variables();
  const auto row = rows_.row(source);
  std::uint32_t e = 0;
  std::size_t c = 0;
  for (std::uint32_t k = 0; k < row.size(); ++k) {
    const segment& r = row[k];
    loose_connection one{
        {}, static_cast<std::uint32_t>(r.delay_steps), static_cast<std::uint32_t>(r.form), 0, row_reader::none, 0, 0};
    if (rows_.has_cohorts()) one.cohort = rows_.cohort_index(rows_.first_segment(source) + k);
    for (std::uint32_t i = 0; i < r.count; ++i) {
      auto here = one;
      here.slot = rows_.slot(r, i);
      here.weight = rows_.weight(r, i);
      here.variables = loose_variables_.size();
      const double* const variables = rows_.variables_at(r.begin + i);
      if (e < entries.size() && entries[e].segment == k && entries[e].at == i) here.entry = e++;
      if (here.entry != row_reader::none && c < changes.size() && changes[c].entry == here.entry) {
        const auto change = c++;
        if (edit_.remove) continue;
        const auto position = changes[change].position;
        if (moves(r, position)) here.delay_steps = static_cast<std::uint32_t>((*edit_.delay_steps)[position]);
        here.weight = weight_after(r, entries[here.entry], position);
        if (!cohort_of_.empty()) here.cohort = cohort_of_[change];
        add_variables(variables, position, loose_variables_);
      } else {
        loose_variables_.insert(loose_variables_.end(), variables, variables + n_variables);
      }
      loose_.push_back(here);
    }
  }
  const auto before = [](const auto& a, const auto& b) {
    return std::tie(a.delay_steps, a.form) < std::tie(b.delay_steps, b.form);
  };
  if (!std::is_sorted(loose_.begin(), loose_.end(), before)) std::stable_sort(loose_.begin(), loose_.end(), before);
}

void row_editor::lay_out(std::uint64_t source) {
  new_rows_.push_back({source, segments_.size(), slots_.size(), row_weights_.size(), row_variables_.size()});
  // Weights that calls gave to all their connections stay shared.
  const bool all_shared =
      !edit_.weight && std::ranges::none_of(rows_.row(source), [](const segment& r) { return r.varied; });
  for (std::size_t i = 0; i < loose_.size();) {
    const auto& first = loose_[i];
    std::size_t end = i + 1;
    const auto alike = [&](const auto& c) {
      return c.delay_steps == first.delay_steps && c.form == first.form && c.cohort == first.cohort;
    };
    while (end < loose_.size() && alike(loose_[end])) ++end;
    place(std::span(loose_).subspan(i, end - i), all_shared ? 1 : shared_stretch);
    i = end;
  }
}

void row_editor::place(std::span<const loose_connection> group, std::size_t worth_a_segment) {
  const auto& row = new_rows_.back();
  group_weights_.clear();
  for (const auto& c : group) group_weights_.push_back(c.weight);
  segment r{};
  r.delay_steps = group.front().delay_steps;
  r.form = group.front().form;
  const auto place_stretch = [&](std::size_t from, std::size_t to, bool shared) {
    for (; from < to; from += r.count) {
      r.begin = slots_.size() - row.slots;
      r.count = std::min<std::uint64_t>(to - from, segment::max_count);
      r.varied = !shared;
      r.weight = shared ? rows_.shared_weight_index(group_weights_[from]) : row_weights_.size() - row.weights;
      for (std::size_t i = from; i < from + r.count; ++i) {
        slots_.push_back(group[i].slot.index());
        if (!shared) row_weights_.push_back(group_weights_[i]);
        const auto first = loose_variables_.begin() + static_cast<std::ptrdiff_t>(group[i].variables);
        row_variables_.insert(row_variables_.end(), first, first + rows_.n_variables());
      }
      segments_.push_back(r);
      if (rows_.has_cohorts()) segment_cohorts_.push_back(group.front().cohort);
    }
  };
  if (rows_.plastic())
    place_stretch(0, group.size(), false);
  else
    for_each_weight_stretch(group_weights_, worth_a_segment, place_stretch);
}

connection_store::row_content row_editor::content(std::size_t i) const {
  const auto& row = new_rows_[i];
  const bool last = i + 1 == new_rows_.size();
  const auto part = [&](const auto& column, std::size_t begin, std::size_t new_row::*next) {
    return std::span(column).subspan(begin, (last ? column.size() : new_rows_[i + 1].*next) - begin);
  };
  connection_store::row_content content;
  content.segments = part(segments_, row.segments, &new_row::segments);
  if (rows_.has_cohorts()) content.cohorts = part(segment_cohorts_, row.segments, &new_row::segments);
  content.slots = part(slots_, row.slots, &new_row::slots);
  content.weights = part(row_weights_, row.weights, &new_row::weights);
  content.variables = part(row_variables_, row.variables, &new_row::variables);
  return content;
}

// Numbers stay with their connections, wherever these stand now. Connections that nobody asked for keep their order.
void row_editor::rename_row(std::uint64_t source, std::span<const row_entry> entries) {
  const auto* known = rows_.names().find(source);
  std::vector<std::uint32_t> targets;
  for (const auto& e : entries) targets.push_back(e.name.target);
  std::ranges::sort(targets);
  if (known == nullptr && !edit_.remove && std::ranges::adjacent_find(targets) == targets.end()) return;

  std::vector<used_numbers> next;
  for (auto first = targets.begin(); first != targets.end();) {
    const auto last = std::upper_bound(first, targets.end(), *first);
    next.push_back({*first, next_number(known, *first, static_cast<std::uint32_t>(last - first))});
    first = last;
  }
  std::vector<connection_name> names;
  for (const auto& c : loose_)
    if (c.entry != row_reader::none) names.push_back(entries[c.entry].name);
  std::ranges::stable_sort(names, {}, &connection_name::target);
  auto& changed = names_[source];
  if (known != nullptr) changed = *known;
  rename(changed, names, next);
}

}  // namespace volley::runtime
