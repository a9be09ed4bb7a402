#include "runtime/values/node_values.hpp"

#include <algorithm>
#include <type_traits>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

template <class T> struct is_vector : std::false_type {};
template <class T> struct is_vector<std::vector<T>> : std::true_type {};

const dictionary& dictionary_at(const std::vector<value>& list, std::size_t i, const char* what) {
  if (const auto* d = list[i].get_if<dictionary>()) return *d;
  throw api_error(error_kind::TypeError, std::string(what) + ": entry " + std::to_string(i) +
                                             " of the list of dictionaries is " + type_name(list[i]));
}

given_values values_of_dictionaries(const std::vector<value>& list, std::uint64_t n, const char* what) {
  if (list.size() != n && list.size() != 1)
    throw api_error(error_kind::BadParameter, std::string(what) + ": " + std::to_string(list.size()) +
                                                  " dictionaries for " + std::to_string(n) +
                                                  " nodes; one a node, or one for all");
  if (list.size() == 1) return {dictionary_at(list, 0, what), false};
  given_values given{{}, true};
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (const auto& [key, v] : dictionary_at(list, i, what)) {
      if (v.is_none())
        throw api_error(error_kind::TypeMismatch,
                        std::string(what) + ": '" + key + "' of dictionary " + std::to_string(i) + " is None");
      auto& column = given.by_key[key];
      if (column.is_none()) column = std::vector<value>(list.size());
      (*column.get_if<std::vector<value>>())[i] = v;
    }
  }
  return given;
}

}  // namespace

given_values read_values(const value& parameters, std::uint64_t n, const char* what) {
  if (parameters.is_none() || parameters.is<empty_vector>()) return {};
  if (const auto* list = parameters.get_if<std::vector<value>>()) return values_of_dictionaries(*list, n, what);
  if (const auto* d = parameters.get_if<dictionary>()) return {*d, false};
  throw api_error(
      error_kind::TypeError,
      std::string(what) + ": parameters must be a dictionary or a list of dictionaries, not " + type_name(parameters));
}

bool has_parameters(const value& v) {
  const auto* list = v.get_if<std::vector<value>>();
  return v.is<parameter_ref>() || (list != nullptr && std::ranges::any_of(*list, &value::is<parameter_ref>));
}

bool has_parameters(const dictionary& values) {
  return std::any_of(values.begin(), values.end(), [](const auto& entry) { return has_parameters(entry.second); });
}

bool is_list(const value& v) {
  return std::visit(
      []<class T>(const T&) {
        return is_vector<T>::value || std::is_same_v<T, booleans> || std::is_same_v<T, matrix> ||
               std::is_same_v<T, empty_vector>;
      },
      static_cast<const value::variant&>(v));
}

std::uint64_t list_length(const value& v) {
  return std::visit(
      []<class T>(const T& list) -> std::uint64_t {
        if constexpr (is_vector<T>::value)
          return list.size();
        else if constexpr (std::is_same_v<T, booleans>)
          return list.data.size();
        else if constexpr (std::is_same_v<T, matrix>)
          return list.rows;
        else
          return 0;
      },
      static_cast<const value::variant&>(v));
}

value entry_of(const value& v, std::uint64_t i) {
  expects(!is_list(v) || i < list_length(v), "an entry that is read is in its list");
  return std::visit(
      [&]<class T>(const T& list) -> value {
        if constexpr (is_vector<T>::value) {
          return list[i];
        } else if constexpr (std::is_same_v<T, booleans>) {
          return list.data[i] != 0;
        } else if constexpr (std::is_same_v<T, matrix>) {
          const auto row = list.data.begin() + static_cast<std::ptrdiff_t>(i * list.columns);
          return std::vector<double>(row, row + static_cast<std::ptrdiff_t>(list.columns));
        } else {
          return list;
        }
      },
      static_cast<const value::variant&>(v));
}

void require_entries(const std::string& what, const std::string& key, const value& list, std::uint64_t n,
                     const char* things) {
  const auto given = list_length(list);
  if (given == n) return;
  throw api_error(given < n ? error_kind::IndexError : error_kind::ValueError,
                  what + ": '" + key + "' has " + std::to_string(given) + " values for " + std::to_string(n) + " " +
                      things + ": give one value each, or a single one for all");
}

value share_of(const std::string& what, const std::string& key, const value& v, const value& present, std::uint64_t i,
               std::uint64_t n) {
  const bool holds_list = is_list(present) || present.is<node_set>();
  const bool own_list = holds_list && !v.is<std::vector<value>>() && !v.is<matrix>();
  if (own_list || !is_list(v)) return v;
  require_entries(what, key, v, n, "nodes");
  return entry_of(v, i);
}

value typed_column(const value& v) {
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr || list->empty()) return v;
  const auto all = [&]<class T>(T) { return std::ranges::all_of(*list, [](const value& x) { return x.is<T>(); }); };
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
  if (std::ranges::all_of(*list, [](const value& x) { return x.is<double>() || x.is<std::int64_t>(); })) {
    std::vector<double> column;
    for (const auto& x : *list) column.push_back(*number_of(x));
    return column;
  }
  return v;
}

}  // namespace volley::runtime
