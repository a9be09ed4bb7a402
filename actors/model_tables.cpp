// volley-model-tables: prints the tables of all built-in models as JSON. The build makes from it what clients know of
// models without a kernel: help, the pages of models, types for checkers. Infinite numbers are written as Python reads
// them.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/nodes/attributes.hpp"
#include "runtime/nodes/node_fields.hpp"

namespace {

using namespace volley;

std::string json(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}
std::string json(bool x) { return x ? "true" : "false"; }
std::string json(std::int64_t x) { return std::to_string(x); }
std::string json(double x) {
  if (std::isinf(x)) return x < 0 ? "-Infinity" : "Infinity";
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, x).ptr};
}
std::string json(const models::node_list&) { return "[]"; }
template <class T> std::string json(const std::vector<T>& list) {
  std::string all;
  for (const T& x : list) all += (all.empty() ? "" : ", ") + json(x);
  return '[' + all + ']';
}

std::string rule(models::bound range, double at_most = HUGE_VAL) {
  std::string text = range == models::bound::positive ? "> 0" : range == models::bound::non_negative ? ">= 0" : "";
  if (std::isinf(at_most)) return text;
  return text + (text.empty() ? "<= " : ", <= ") + json(at_most);
}

/// What all kinds of fields say of themselves; `kind` is param, state or hidden.
std::string row(std::string_view name, std::string_view unit, std::string_view meaning, std::string_view kind,
                const std::string& range, const std::string& value, bool recordable = false, bool read_only = false) {
  return "{\"name\": " + json(name) + ", \"unit\": " + json(unit) + ", \"meaning\": " + json(meaning) +
         ", \"kind\": " + json(kind) + ", \"range\": " + json(range) + ", \"default\": " + value +
         ", \"recordable\": " + json(recordable) + ", \"read_only\": " + json(read_only) + '}';
}

std::string shown(const models::field& f, double x) {
  if (f.kind == models::field_kind::choice) return json(f.choices[static_cast<std::size_t>(x)]);
  if (f.kind == models::field_kind::flag) return json(x != 0);
  if (f.kind == models::field_kind::integer) return json(static_cast<std::int64_t>(x));
  return json(x);
}

std::string row(const models::field& f, double x) {
  const auto kind = !f.is_key ? "hidden" : f.where == models::part::params ? "param" : "state";
  return row(f.name, f.unit, f.meaning, kind, rule(f.range, f.at_most), shown(f, x), f.is_recordable, f.is_read_only);
}

void print(std::string_view kind, std::string_view name, std::string_view meaning,
           const std::vector<std::string>& rows) {
  static bool first = true;
  std::cout << (first ? "" : ",\n") << "{\"name\": " << json(name) << ", \"kind\": " << json(kind)
            << ", \"meaning\": " << json(meaning) << ", \"fields\": [";
  first = false;
  for (std::size_t i = 0; i < rows.size(); ++i) std::cout << (i > 0 ? ",\n  " : "\n  ") << rows[i];
  std::cout << "]}";
}

double default_of(const models::neuron_model& m, const models::field& f) {
  if (f.where == models::part::computed) {
    const auto shown = runtime::attributes(m).get(f.name);
    return shown.is<double>() ? *shown.get_if<double>() : 0;  // nothing is shown of what only meters see
  }
  const auto column = static_cast<std::size_t>(f.column);
  const double x = f.where == models::part::params ? m.default_params[column] : m.default_state[column];
  return f.relative_to == models::field::nowhere ? x : x + m.default_params[static_cast<std::size_t>(f.relative_to)];
}

void print(const models::neuron_model& m) {
  std::vector<std::string> rows;
  for (const models::field& f : m.fields) rows.push_back(row(f, default_of(m, f)));
  print("neuron", m.name, m.meaning, rows);
}

void print(const models::synapse_model& m) {
  std::vector<std::string> rows;
  for (const models::field& f : m.fields) rows.push_back(row(f, m.defaults[models::member_of(m, f)]));
  print("synapse", m.name, m.meaning, rows);
}

void print(const runtime::device_kind& d) {
  std::vector<std::string> rows;
  const auto collect = [&]<class D>(const runtime::parameters_of<D>& p) {
    for (const auto& f : D::fields) {
      const auto kind = f.open == models::access::hidden ? "hidden" : "param";
      const auto value = std::visit([&](auto member) { return json(p.*member); }, f.at);
      rows.push_back(row(f.name, f.unit, f.meaning, kind, rule(f.range), value));
    }
  };
  std::visit(collect, d.defaults.any());
  print(runtime::is_recorder(d.defaults) ? "recorder" : "stimulator", d.name, d.meaning, rows);
}

/// What every neuron has besides.
void print_node_fields() {
  const auto defaults = models::values_of(runtime::node_record());
  std::vector<std::string> rows;
  for (const models::field& f : runtime::node_fields)
    rows.push_back(row(f, defaults[static_cast<std::size_t>(f.column)]));
  print("every neuron", "", "what every neuron has besides", rows);
}

}  // namespace

int main() {
  std::cout << "[\n";
  for (const auto& m : models::built_in_neurons()) print(m);
  for (const auto& d : runtime::device_kinds()) print(d);
  for (const auto& m : models::built_in_synapses()) print(m);
  print_node_fields();
  std::cout << "\n]\n";
  return std::cout.flush() ? 0 : 1;
}
