// Members of a model that belong together, like those of a compartment: a struct in its params and one in its state,
// which users see as one dictionary, as `soma`. A multimeter records a member by its name and a suffix, as V_m.s. Of
// structs that several compartments have, there is one table of rows.
#pragma once
#include "models/core/field_table.hpp"

namespace volley::models {

namespace detail {

/// The names of some rows, each with '.' and a letter behind it.
template <const auto& Rows, char Suffix> struct suffixed_names {
  static constexpr std::size_t length = [] {
    std::size_t sum = 0;
    for (const field& f : Rows) sum += f.name.size() + 2;
    return sum;
  }();
  static constexpr std::array<char, length> text = [] {
    std::array<char, length> all{};
    std::size_t at = 0;
    for (const field& f : Rows) {
      for (const char c : f.name) all[at++] = c;
      all[at++] = '.';
      all[at++] = Suffix;
    }
    return all;
  }();
  static constexpr std::string_view of(std::size_t row) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < row; ++i) at += Rows[i].name.size() + 2;
    return {text.data() + at, Rows[row].name.size() + 2};
  }
};

/// Where the members of a struct begin in the struct that it is a member of.
template <class T, class Inner> constexpr std::int16_t first_column(Inner T::*member) {
  return static_cast<std::int16_t>(values_of(numbered<T>().*member)[0]);
}

constexpr void shift(std::int16_t& column, std::int16_t by) {
  if (column != field::nowhere) column = static_cast<std::int16_t>(column + by);
}

}  // namespace detail

namespace declare {

/// The rows of a group: first that of its key, then those of its members, from the rows of their structs.
template <const auto& Rows, char Suffix, class P, class Params, class S, class State>
constexpr auto group(std::string_view key, std::string_view meaning, Params P::*params, State S::*state) {
  std::array<field, Rows.size() + 1> all;
  all[0] = {.name = key, .where = part::group, .meaning = meaning};
  for (std::size_t i = 0; i < Rows.size(); ++i) {
    field& f = all[i + 1] = Rows[i];
    const auto first = f.where == part::params ? detail::first_column(params) : detail::first_column(state);
    f.column = static_cast<std::int16_t>(f.column + first);
    detail::shift(f.below, first);
    detail::shift(f.relative_to, detail::first_column(params));
    detail::shift(f.needs, detail::first_column(params));
    f.group = key;
    f.member = f.is_key ? f.name : std::string_view();
    f.name = detail::suffixed_names<Rows, Suffix>::of(i);
    f.is_key = false;
  }
  return all;
}

}  // namespace declare

}  // namespace volley::models
