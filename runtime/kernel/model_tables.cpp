#include "runtime/kernel/model_tables.hpp"

#include <charconv>
#include <utility>

#include "runtime/nodes/attributes.hpp"
#include "runtime/nodes/node_fields.hpp"

namespace volley::runtime {
namespace {

using models::field;
using models::field_kind;
using models::part;

value shown_default(const field& f, double x) {
  if (f.kind == field_kind::choice) return std::string(f.choices[static_cast<std::size_t>(x)]);
  if (f.kind == field_kind::flag) return x != 0;
  if (f.kind == field_kind::integer) return static_cast<std::int64_t>(x);
  return x;
}

dictionary row_of(const field& f, double x) {
  const auto* const kind = !f.is_key ? "hidden" : f.where == part::params ? "param" : "state";
  return field_row(f.name, f.unit, f.meaning, kind, range_text(f.range, f.at_most), shown_default(f, x),
                   f.is_recordable, f.is_read_only);
}

double default_of(const models::neuron_model& m, const field& f) {
  if (f.where == part::computed) {
    const auto shown = attributes(m).get(f.name);
    return shown.is<double>() ? *shown.get_if<double>() : 0;  // nothing is shown of what only meters see
  }
  const auto column = static_cast<std::size_t>(f.column);
  const double x = f.where == part::params ? m.default_params[column] : m.default_state[column];
  return f.relative_to == field::nowhere ? x : x + m.default_params[static_cast<std::size_t>(f.relative_to)];
}

dictionary row_of_list(const field& f, value entries) {
  const auto* const kind = f.entries == part::params ? "param" : "state";
  return field_row(f.name, f.unit, f.meaning, kind, range_text(f.range, f.at_most), std::move(entries), false,
                   f.is_read_only);
}

/// A group with the rows of its members, called as users call them.
dictionary row_of_group(const models::neuron_model& m, const field& group) {
  std::vector<value> members;
  for (field f : m.fields) {
    if (f.group != group.name || f.member.empty()) continue;
    f.name = f.member;
    f.is_key = true;
    f.is_recordable = false;
    members.emplace_back(row_of(f, default_of(m, f)));
  }
  auto whole = field_row(group.name, group.unit, group.meaning, "param", "", dictionary());
  whole["members"] = std::move(members);
  return whole;
}

dictionary receptors_of(const models::neuron_model& m) {
  dictionary all;
  for (const auto& [name, number] : m.receptor_names) all[std::string(name)] = std::int64_t{number};
  return all;
}

}  // namespace

std::string range_text(models::bound range, double at_most) {
  std::string text = range == models::bound::positive ? "> 0" : range == models::bound::non_negative ? ">= 0" : "";
  if (std::isinf(at_most)) return text;
  char digits[32];
  const auto size = std::to_chars(digits, digits + sizeof digits, at_most).ptr - digits;
  return text + (text.empty() ? "<= " : ", <= ") + std::string(digits, static_cast<std::size_t>(size));
}

dictionary field_row(std::string_view name, std::string_view unit, std::string_view meaning, std::string_view kind,
                     std::string range, value shown, bool recordable, bool read_only) {
  return {{"name", std::string(name)},       {"unit", std::string(unit)},    {"meaning", std::string(meaning)},
          {"kind", std::string(kind)},       {"range", std::move(range)},    {"default", std::move(shown)},
          {"recordable", value(recordable)}, {"read_only", value(read_only)}};
}

dictionary model_table(std::string_view kind, std::string_view name, std::string_view meaning,
                       std::vector<value> fields) {
  return {{"name", std::string(name)},
          {"kind", std::string(kind)},
          {"meaning", std::string(meaning)},
          {"fields", std::move(fields)}};
}

dictionary model_table(const models::neuron_model& m) {
  std::vector<value> rows;
  const attributes fresh(m);
  for (const field& f : m.fields) {
    if (f.where == part::list)
      rows.emplace_back(row_of_list(f, fresh.get(f.name)));
    else if (f.where == part::group)
      rows.emplace_back(row_of_group(m, f));
    else if (f.list == field::nowhere || f.is_recordable)
      rows.emplace_back(row_of(f, default_of(m, f)));
  }
  auto table = model_table("neuron", m.name, m.meaning, std::move(rows));
  table["receptors"] = receptors_of(m);
  return table;
}

dictionary model_table(const models::synapse_model& m) {
  std::vector<value> rows;
  for (const field& f : m.fields) rows.emplace_back(row_of(f, m.defaults[models::member_of(m, f)]));
  return model_table("synapse", m.name, m.meaning, std::move(rows));
}

dictionary table_of_every_neuron() {
  const auto defaults = models::values_of(node_record());
  std::vector<value> rows;
  for (const field& f : node_fields) rows.emplace_back(row_of(f, defaults[static_cast<std::size_t>(f.column)]));
  return model_table("every neuron", "", "what every neuron has besides", std::move(rows));
}

}  // namespace volley::runtime
