#include "runtime/values/node_values.hpp"

#include <algorithm>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

/// One dictionary a node, as columns of one value a node. Errors: TypeError for other forms.
dictionary columns_of_dictionaries(const std::vector<value>& list, std::uint64_t n, const char* what) {
  if (list.size() != n && list.size() != 1)
    throw api_error(error_kind::BadParameter, std::string(what) + ": " + std::to_string(list.size()) + " dictionaries for " + std::to_string(n) + " nodes; one a node, or one for all");
  dictionary columns;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto* d = list[i].get_if<dictionary>();
    if (d == nullptr) throw api_error(error_kind::TypeError, std::string(what) + ": entry " + std::to_string(i) + " of the list of dictionaries is " + type_name(list[i]));
    if (list.size() == 1) return *d;
    for (const auto& [key, v] : *d) {
      auto& column = columns[key];
      if (column.is_none()) column = std::vector<value>(list.size());
      (*column.get_if<std::vector<value>>())[i] = v;
    }
  }
  for (const auto& [key, column] : columns)
    for (const auto& v : *column.get_if<std::vector<value>>())
      if (v.is_none()) throw api_error(error_kind::BadParameter, std::string(what) + ": '" + key + "' must be in every dictionary of the list or in none");
  return columns;
}

}  // namespace

value typed_column(const value& v) {
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr || list->empty()) return v;
  const auto all = [&]<class T>(T) { return std::all_of(list->begin(), list->end(), [](const value& x) { return x.is<T>(); }); };
  const auto number = [](const value& x) { return x.is<double>() || x.is<std::int64_t>(); };
  if (all(std::int64_t{})) {
    std::vector<std::int64_t> column;
    for (const auto& x : *list) column.push_back(*x.get_if<std::int64_t>());
    return column;
  }
  if (all(true)) {
    booleans column;
    for (const auto& x : *list) column.data.push_back(*x.get_if<bool>());
    return column;
  }
  if (std::all_of(list->begin(), list->end(), number)) {
    std::vector<double> column;
    for (const auto& x : *list) column.push_back(x.is<double>() ? *x.get_if<double>() : static_cast<double>(*x.get_if<std::int64_t>()));
    return column;
  }
  return v;
}

std::uint64_t spread_length(const value& v) {
  if (const auto* x = v.get_if<std::vector<double>>()) return x->size();
  if (const auto* x = v.get_if<std::vector<std::int64_t>>()) return x->size();
  if (const auto* x = v.get_if<booleans>()) return x->data.size();
  if (const auto* x = v.get_if<std::vector<std::string>>()) return x->size();
  if (const auto* x = v.get_if<std::vector<value>>()) return x->size();
  if (const auto* x = v.get_if<node_set>()) return x->size();
  return 0;
}

value entry_of(const value& v, std::uint64_t i) {
  if (const auto* x = v.get_if<std::vector<double>>()) return (*x)[i];
  if (const auto* x = v.get_if<std::vector<std::int64_t>>()) return (*x)[i];
  if (const auto* x = v.get_if<booleans>()) return x->data[i] != 0;
  if (const auto* x = v.get_if<std::vector<std::string>>()) return (*x)[i];
  if (const auto* x = v.get_if<std::vector<value>>()) return (*x)[i];
  return v;
}

dictionary values_by_key(const value& parameters, std::uint64_t n, const char* what) {
  if (parameters.is_none() || parameters.is<empty_vector>()) return {};
  dictionary d;
  if (const auto* given = parameters.get_if<dictionary>()) d = *given;
  else if (const auto* list = parameters.get_if<std::vector<value>>()) d = columns_of_dictionaries(*list, n, what);
  else throw api_error(error_kind::TypeError, std::string(what) + ": parameters must be a dictionary or a list of dictionaries, not " + type_name(parameters));
  dictionary typed;
  for (const auto& [key, v] : d) typed[key] = typed_column(v);
  return typed;
}

}  // namespace volley::runtime
