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
  for (const field& f : m.fields) rows.emplace_back(row_of(f, default_of(m, f)));
  return model_table("neuron", m.name, m.meaning, std::move(rows));
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
