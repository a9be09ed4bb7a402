// volley-model-tables: prints the tables of all built-in models as JSON. The build makes from it what clients know of
// models without a kernel: help, the pages of models, types for checkers. Infinite numbers are written as Python reads
// them.
#include "runtime/kernel/model_tables.hpp"

#include <charconv>
#include <iostream>
#include <variant>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/device_values.hpp"
#include "runtime/values/node_values.hpp"

namespace {

using namespace volley;
using runtime::value;

std::string json(const value& v);

std::string json(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}
std::string json(double x) {
  if (std::isinf(x)) return x < 0 ? "-Infinity" : "Infinity";
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, x).ptr};
}
std::string json(const runtime::dictionary& d) {
  std::string all;
  for (const auto& [key, v] : d) all += (all.empty() ? "" : ", ") + json(std::string_view(key)) + ": " + json(v);
  return '{' + all + '}';
}
std::string json(const value& v) {
  if (const auto* b = v.get_if<bool>()) return *b ? "true" : "false";
  if (const auto* n = v.get_if<std::int64_t>()) return std::to_string(*n);
  if (const auto* x = v.get_if<double>()) return json(*x);
  if (const auto* text = v.get_if<std::string>()) return json(std::string_view(*text));
  if (const auto* d = v.get_if<runtime::dictionary>()) return json(*d);
  std::string all;
  if (const auto* rows = v.get_if<runtime::matrix>()) {
    for (std::uint64_t i = 0; i < rows->rows; ++i) all += (i == 0 ? "" : ", ") + json(runtime::entry_of(v, i));
  }
  if (const auto* list = v.get_if<std::vector<value>>())
    for (const auto& x : *list) all += (all.empty() ? "" : ",\n  ") + json(x);
  if (const auto* reals = v.get_if<std::vector<double>>())
    for (const double x : *reals) all += (all.empty() ? "" : ", ") + json(x);
  if (const auto* integers = v.get_if<std::vector<std::int64_t>>())
    for (const auto n : *integers) all += (all.empty() ? "" : ", ") + std::to_string(n);
  if (const auto* texts = v.get_if<std::vector<std::string>>())
    for (const auto& text : *texts) all += (all.empty() ? "" : ", ") + json(std::string_view(text));
  return '[' + all + ']';
}

value shown(const models::node_list&) { return std::vector<std::int64_t>(); }
template <class T> value shown(const T& x) { return x; }

runtime::dictionary table_of(const runtime::device_kind& d) {
  std::vector<value> rows;
  const auto nothing = runtime::no_results(d.defaults);
  const auto collect = [&]<class D>(const runtime::parameters_of<D>& p) {
    for (const auto& f : D::fields) {
      const auto* const kind = f.open == models::access::hidden ? "hidden" : "param";
      const auto now = std::visit([&](auto member) { return shown(p.*member); }, f.at);
      rows.emplace_back(runtime::field_row(f.name, f.unit, f.meaning, kind, runtime::range_text(f.range), now));
    }
    if constexpr (runtime::is_detecting<D>)
      for (const auto& row : D::results)
        rows.emplace_back(
            runtime::field_row(row.name, row.unit, row.meaning, "state", "", *nothing.find(row.name), false, true));
  };
  std::visit(collect, d.defaults.any());
  return runtime::model_table(runtime::is_recorder(d.defaults) ? "recorder" : "stimulator", d.name, d.meaning,
                              std::move(rows));
}

}  // namespace

int main() {
  std::vector<value> all;
  for (const auto& m : models::built_in_neurons()) all.emplace_back(runtime::model_table(m));
  for (const auto& d : runtime::device_kinds()) all.emplace_back(table_of(d));
  for (const auto& m : models::built_in_synapses()) all.emplace_back(runtime::model_table(m));
  all.emplace_back(runtime::table_of_every_neuron());
  std::cout << json(value(std::move(all))) << '\n';
  return std::cout.flush() ? 0 : 1;
}
