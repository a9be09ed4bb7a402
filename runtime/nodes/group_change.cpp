// Groups in values: members that users see as one dictionary.
#include <map>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/nodes/attribute_change.hpp"
#include "runtime/values/field_values.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

using models::field;

const field* attributes::find_member(std::string_view group, std::string_view name) const {
  for (const field& f : model_->fields)
    if (f.group == group && !f.member.empty() && f.member == name) return &f;
  return nullptr;
}

dictionary attributes::group_of(std::string_view key, std::uint32_t cell) const {
  dictionary members;
  for (const field& f : model_->fields)
    if (f.group == key && !f.member.empty()) members[std::string(f.member)] = shown(f, absolute(f, cell));
  return members;
}

value attributes::receptor_types() const {
  if (model_->receptor_names.empty()) return {};
  dictionary numbers;
  for (const auto& [name, number] : model_->receptor_names)
    numbers[std::string(name)] = static_cast<std::int64_t>(number);
  return numbers;
}

const dictionary& attribute_change::members_in(const std::string& key, const value& v) const {
  if (const auto* members = v.get_if<dictionary>()) return *members;
  throw api_error(
      error_kind::TypeMismatch,
      std::string(target_.model().name) + ": " + key + " must be a dictionary, not " + type_name(v) + " " + to_text(v),
      first_place());
}

const field& attribute_change::settable_member(const std::string& group, const std::string& name) const {
  const field* const f = target_.find_member(group, name);
  if (f != nullptr && !f->is_read_only) return *f;
  const auto message = "Unaccessed dictionary entry: " + std::string(target_.model().name) + ": ";
  if (f != nullptr)
    throw api_error(error_kind::UnaccessedDictionaryEntry,
                    message + group + " reports '" + name + "', which cannot be set", first_place());
  std::vector<std::string_view> names;
  for (const field& known : target_.model().fields)
    if (known.group == group && !known.member.empty() && !known.is_read_only) names.push_back(known.member);
  throw api_error(error_kind::UnaccessedDictionaryEntry,
                  message + group + " has no property '" + name + "'" + did_you_mean(name, names), first_place());
}

void attribute_change::assign_member(const field& f, const value& v, bool one_a_node) {
  // Within a dictionary nothing is drawn, and no list stands for the nodes.
  if (has_parameters(v) || is_list(v) != one_a_node)
    throw api_error(error_kind::TypeMismatch,
                    std::string(target_.model().name) + ": " + std::string(f.name) + " must be " + wanted(f) +
                        ", not " + type_name(v) + " " + to_text(v),
                    first_place());
  assignments_.push_back(read_field(f, v));
}

/// One dictionary for all nodes, or one for each position, where some may be none.
void attribute_change::read_group(const std::string& key, const value& v) {
  const auto* const each = v.get_if<std::vector<value>>();
  if (each == nullptr || target_.is_prototype()) {
    for (const auto& [name, entry] : members_in(key, v)) assign_member(settable_member(key, name), entry, false);
    return;
  }
  require_positions(key, each->size());
  std::map<const field*, std::vector<value>> columns;
  for (std::size_t i = 0; i < each->size(); ++i) {
    if ((*each)[i].is_none()) continue;
    for (const auto& [name, entry] : members_in(key, (*each)[i])) {
      auto& column = columns[&settable_member(key, name)];
      column.resize(each->size());
      column[i] = entry;
    }
  }
  for (auto& [f, column] : columns) assign_member(*f, value(std::move(column)), true);
}

}  // namespace volley::runtime
