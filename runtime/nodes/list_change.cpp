// Lists in a change of values: each entry's members become columns of their own.
#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/nodes/attribute_change.hpp"
#include "runtime/values/refusal_kind.hpp"

namespace volley::runtime {

using models::field;
using models::part;

namespace {

std::string counted(std::size_t n, std::string_view one) {
  const bool y = one.ends_with('y');
  const auto many = std::string(one.substr(0, one.size() - y)) + (y ? "ies" : "s");
  return std::to_string(n) + ' ' + (n == 1 ? std::string(one) : many);
}

}  // namespace

const std::vector<double>* attribute_change::list_assignment::of(std::size_t position) const {
  if (!given.by_position) return &given.lists[0];
  return given.absent[position] ? nullptr : &given.lists[position];
}

void attribute_change::read_list(const field& key, const value& v) {
  auto given = lists_in(key, v);
  if (!given || (given->by_position && target_.is_prototype()))
    throw api_error(error_kind::TypeMismatch,
                    std::string(target_.model().name) + ": " + std::string(key.name) +
                        " must be a list of floats, not " + type_name(v) + " " + to_text(v),
                    first_place());
  if (given->by_position)
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (position(i) >= given->lists.size() || (positions_.empty() && given->lists.size() != cells_.size()))
        throw api_error(error_kind::DimensionMismatch,
                        std::string(target_.model().name) + ": " + std::string(key.name) + " has " +
                            counted(given->lists.size(), "list") + " for " + counted(cells_.size(), "node"),
                        first_place());
  lists_.push_back({&key, std::move(*given)});
}

std::size_t attribute_change::new_length(std::size_t i, std::size_t cell) const {
  const auto now = target_.length(i, cells_[cell]);
  std::optional<std::size_t> length;
  for (const auto& a : lists_) {
    const auto* list = std::cmp_equal(a.what->list, i) ? a.of(position(cell)) : nullptr;
    if (list == nullptr) continue;
    if (length && *length != list->size())
      throw api_error(kind_of(target_.model().refuses_with),
                      subject(cell) + ": " + std::string(a.what->name) + " has " + counted(list->size(), "entry") +
                          ", but another list that belongs to it has " + std::to_string(*length),
                      id_of(cell));
    length = list->size();
  }
  if (!length || *length == now) return now;
  require_all_keys(i, cell);
  const auto& lock = target_.model().lists[i].lock_key;
  if (*length < now && !lock.empty() && target_.columns_[target_.places_[i].lock][cells_[cell]] != 0)
    throw api_error(
        error_kind::BadProperty,
        subject(cell) + ": connections end at its " + counted(now, "receptor") + "; none of them can be taken away",
        id_of(cell));
  return *length;
}

/// Lists that belong together grow and shrink together.
void attribute_change::require_all_keys(std::size_t i, std::size_t cell) const {
  for (const field& f : target_.model().fields) {
    if (f.where != part::list || std::cmp_not_equal(f.list, i) || f.entries != part::params) continue;
    const bool given =
        std::ranges::any_of(lists_, [&](const auto& a) { return a.what == &f && a.of(position(cell)) != nullptr; });
    if (given) continue;
    throw api_error(kind_of(target_.model().refuses_with),
                    subject(cell) + ": " + std::string(f.name) +
                        " must have as many entries as the lists that belong "
                        "to it; give all of them together",
                    id_of(cell));
  }
}

void attribute_change::assign_entries(std::size_t i) {
  const auto changes = [i](const list_assignment& a) { return std::cmp_equal(a.what->list, i); };
  if (std::ranges::none_of(lists_, changes)) return;
  std::vector<std::size_t> lengths(cells_.size());
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) lengths[cell] = new_length(i, cell);
  for (const field& f : target_.model().fields) {
    const bool is_length = f.where == part::params && std::cmp_equal(f.column, target_.places_[i].length);
    const bool is_entry = std::cmp_equal(f.list, i) && f.where != part::list;
    if (is_length) {
      assignment a{&f, std::vector<double>(lengths.begin(), lengths.end()), {}, true};
      a.is_drawn = true;
      assignments_.push_back(std::move(a));
    } else if (is_entry) {
      assignments_.push_back(entry_assignment(f, lengths));
    }
  }
}

attribute_change::assignment attribute_change::entry_assignment(const field& row,
                                                                const std::vector<std::size_t>& lengths) const {
  const auto i = static_cast<std::size_t>(row.list);
  const auto& list = target_.model().lists[i];
  const auto& place = target_.places_[i];
  const bool is_param = row.where == part::params;
  const auto first = is_param ? place.params : place.state;
  const auto& none = is_param ? list.params : list.state;
  const auto member = (static_cast<std::size_t>(row.column) - first) % none.size();
  const auto is_key_of = [&](const list_assignment& a) {
    return a.what->list == row.list && a.what->entries == row.where && std::cmp_equal(a.what->column, member);
  };
  const auto from = std::ranges::find_if(lists_, is_key_of);
  assignment a{&row, std::vector<double>(cells_.size()), std::vector<bool>(cells_.size()), true};
  a.is_drawn = true;  // one for each cell
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    const auto* given = from == lists_.end() ? nullptr : from->of(position(cell));
    if (row.entry >= lengths[cell])
      a.values[cell] = none[member];
    else if (given != nullptr)
      a.values[cell] = (*given)[row.entry];
    else
      a.absent[cell] = true;
  }
  return a;
}

}  // namespace volley::runtime
