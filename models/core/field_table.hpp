// How a model declares its fields: one constexpr table with a row for each member of its structs, from which come get,
// set, defaults, range checks, recordables, the snapshot image and the documentation. Rows may also be computed from
// members. A row is one plain type, so everything that reads tables is compiled once.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace volley::models {

/// node: what every node has, kept by the runtime; computed: nowhere, a function of the others; list, group: in the
/// rows of the entries of a list (models/core/lists.hpp), of the members of a group (models/core/groups.hpp), which the
/// key shows as one value; connection: what each connection of a synapse model has beside its weight.
enum class part : std::uint8_t { params, state, node, computed, list, group, connection };
/// All are stored as doubles; users see a float, a bool, an int, or one of some texts.
enum class field_kind : std::uint8_t { real, flag, integer, choice };
enum class bound : std::uint8_t { none, positive, non_negative };

/// One member of a model's structs.
struct field {
  static constexpr std::int16_t nowhere = -1;

  std::string_view name{};  ///< as PyNEST spells it
  part where = part::params;
  std::int16_t column = 0;  ///< position of the member in its struct
  std::string_view unit{};  ///< "mV"; empty without a unit
  std::string_view meaning{};
  field_kind kind = field_kind::real;
  bound range = bound::none;
  double at_most = std::numeric_limits<double>::infinity();
  std::int16_t relative_to =
      nowhere;  ///< column of the parameter this value is stored relative to (users see absolute values)
  std::int16_t below = nowhere;  ///< column of the same part whose value must be larger
  std::int16_t needs = nowhere;  ///< column of the flag without which users cannot set it
  bool is_key = true;            ///< users see it in the dictionary of the node
  bool is_recordable = false;    ///< a multimeter can sample it
  bool shows_stored = false;     ///< a multimeter samples the stored value, not the absolute one
  bool is_read_only = false;
  bool is_instance_only = false;                ///< belongs to a node, cannot be set for a model
  std::int16_t list = nowhere;                  ///< of a list's key, and of a row of one of its entries: which list
  std::uint32_t entry = 0;                      ///< of such a row
  part entries = part::params;                  ///< of a list's key: where the members of its entries are
  std::string_view numbered{};                  ///< a member of entries that is recorded by this name and a number
  bool takes_number = false;                    ///< a list may be given as the number of its only entry
  std::string_view group{};                     ///< of a row of a member of a group: the group's key
  std::string_view member{};                    ///< of such a row: its name in the group; empty: users do not see it
  std::span<const std::string_view> choices{};  ///< stored as their place
  /// Of a row that is computed: its value, from the members of one cell. Keys do not read `derived`, which may be null.
  double (*compute)(const double* params, const double* derived, const double* state) = nullptr;
};

/// True for what the row's bounds allow; never for what is no number. What has a bound below is finite: infinite time
/// constants make potentials that are no numbers, while an infinite threshold is one that nothing reaches.
constexpr bool is_within(const field& f, double x) {
  if (f.range == bound::none) return x <= f.at_most;
  return (f.range == bound::positive ? x > 0 : x >= 0) && x <= f.at_most && x <= std::numeric_limits<double>::max();
}

/// Number of members of a struct made of doubles only.
template <class T> constexpr std::size_t columns_of = std::is_empty_v<T> ? 0 : sizeof(T) / sizeof(double);

namespace detail {

template <class T> constexpr T numbered() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::bit_cast<T>(std::array<double, sizeof...(I)>{static_cast<double>(I)...});
  }
  (std::make_index_sequence<columns_of<T>>());
}

}  // namespace detail

/// Position of a member in its struct.
template <class T> constexpr std::int16_t column_of(double T::*member) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(double) == 0, "a struct of doubles");
  return static_cast<std::int16_t>(detail::numbered<T>().*member);
}

/// The members of a struct of doubles in order, and back.
template <class T> constexpr auto values_of(const T& members) {
  if constexpr (columns_of<T> == 0)
    return std::array<double, 0>{};
  else
    return std::bit_cast<std::array<double, columns_of<T>>>(members);
}
template <class T> T from_values(const double* values) {
  if constexpr (columns_of<T> == 0) {
    return {};
  } else {
    std::array<double, columns_of<T>> members;
    for (double& member : members) member = *values++;
    return std::bit_cast<T>(members);
  }
}

namespace detail {

/// A model's function of one cell's members, on columns.
template <auto Function> struct computation;
template <class P, class S, double (*Function)(const P&, const S&)> struct computation<Function> {
  static constexpr bool reads_derived = false;
  static double on(const double* params, const double*, const double* state) {
    return Function(from_values<P>(params), from_values<S>(state));
  }
};
template <class P, class D, class S, double (*Function)(const P&, const D&, const S&)> struct computation<Function> {
  static constexpr bool reads_derived = true;
  static double on(const double* params, const double* derived, const double* state) {
    return Function(from_values<P>(params), from_values<D>(derived), from_values<S>(state));
  }
};

}  // namespace detail

/// The words of a table; `using namespace declare` belongs inside the namespace of the models.
namespace declare {

inline constexpr std::string_view ms = "ms", mV = "mV", pF = "pF", pA = "pA", nS = "nS", per_s = "1/s", none = "";

inline constexpr auto positive = [](field& f) { f.range = bound::positive; };
inline constexpr auto non_negative = [](field& f) { f.range = bound::non_negative; };
inline constexpr auto recordable = [](field& f) { f.is_recordable = true; };
/// By the difference that is stored, while get and set have the absolute value.
inline constexpr auto recordable_as_stored = [](field& f) { f.is_recordable = f.shows_stored = true; };
constexpr auto at_most(double limit) {
  return [limit](field& f) { f.at_most = limit; };
}
inline constexpr auto hidden = [](field& f) { f.is_key = false; };
inline constexpr auto read_only = [](field& f) { f.is_read_only = true; };
inline constexpr auto instance_only = [](field& f) { f.is_instance_only = true; };
/// Recorded of each entry of a list, by this name and the number of the entry, from 1.
constexpr auto recordable_as(std::string_view name) {
  return [name](field& f) { f.numbered = name; };
}
/// Of a list: one number stands for the list of it.
inline constexpr auto or_number = [](field& f) { f.takes_number = true; };
inline constexpr auto integer = [](field& f) { f.kind = field_kind::integer; };
inline constexpr auto truth = [](field& f) { f.kind = field_kind::flag; };
/// One of some texts, which must outlive the table; stored as its place among them.
constexpr auto one_of(std::span<const std::string_view> choices) {
  return [choices](field& f) {
    f.kind = field_kind::choice;
    f.choices = choices;
  };
}

/// Stored as the difference from a parameter, given and shown as the absolute value.
template <class T> constexpr auto relative_to(double T::*member) {
  return [column = column_of(member)](field& f) { f.relative_to = column; };
}

/// Must stay smaller than another member of the same struct.
template <class T> constexpr auto below(double T::*member) {
  return [column = column_of(member)](field& f) { f.below = column; };
}

/// Can be set where a flag is.
template <class T> constexpr auto needs(double T::*flag) {
  return [column = column_of(flag)](field& f) { f.needs = column; };
}

template <class T, class... Options> constexpr field row(part where, std::string_view name, double T::*member,
                                                         std::string_view unit, std::string_view meaning,
                                                         Options... options) {
  field f{.name = name, .where = where, .column = column_of(member), .unit = unit, .meaning = meaning};
  (options(f), ...);
  return f;
}

/// A parameter: set by the user, constant during a simulation.
template <class T, class... Options> constexpr field param(std::string_view name, double T::*member,
                                                           std::string_view unit, std::string_view meaning,
                                                           Options... options) {
  return row(part::params, name, member, unit, meaning, options...);
}

/// A parameter that is true or false.
template <class T, class... Options>
constexpr field flag(std::string_view name, double T::*member, std::string_view meaning, Options... options) {
  field f = row(part::params, name, member, none, meaning, options...);
  f.kind = field_kind::flag;
  return f;
}

/// A state variable that users may see and set.
template <class T, class... Options> constexpr field variable(std::string_view name, double T::*member,
                                                              std::string_view unit, std::string_view meaning,
                                                              Options... options) {
  return row(part::state, name, member, unit, meaning, options...);
}

/// A state variable that outlives a step and belongs to the snapshot image, but is no key of the node.
template <class T, class... Options> constexpr field internal(std::string_view name, double T::*member,
                                                              std::string_view unit, std::string_view meaning,
                                                              Options... options) {
  return row(part::state, name, member, unit, meaning, hidden, options...);
}

/// A variable that each connection has for itself, beside its weight.
template <class T, class... Options> constexpr field connection_variable(std::string_view name, double T::*member,
                                                                         std::string_view unit,
                                                                         std::string_view meaning, Options... options) {
  return row(part::connection, name, member, unit, meaning, options...);
}

/// A value that follows from the members of a cell: Function(params, state), a key that cannot be set, or
/// Function(params, derived, state), which only multimeters see.
template <auto Function, class... Options>
constexpr field computed(std::string_view name, std::string_view unit, std::string_view meaning, Options... options) {
  using computation = detail::computation<Function>;
  field f{.name = name, .where = part::computed, .unit = unit, .meaning = meaning};
  f.is_key = !computation::reads_derived;
  f.is_read_only = true;
  f.compute = computation::on;
  (options(f), ...);
  return f;
}

template <class... Rows> constexpr auto table(Rows... rows) { return std::array<field, sizeof...(Rows)>{rows...}; }

/// One table after the other: what a family shares, and what a model adds.
template <std::size_t... N> constexpr auto join(const std::array<field, N>&... tables) {
  std::array<field, (0 + ... + N)> all;
  std::size_t at = 0;
  const auto add = [&](const auto& table) {
    for (const field& f : table) all[at++] = f;
  };
  (add(tables), ...);
  return all;
}

}  // namespace declare

/// True when each member of T has exactly one row of its part.
template <class T, std::size_t N> constexpr bool covers(const std::array<field, N>& fields, part where) {
  std::size_t rows = 0;
  std::array<int, columns_of<T> + 1> seen{};
  for (const field& f : fields) {
    if (f.where != where) continue;
    if (f.column < 0 || static_cast<std::size_t>(f.column) >= columns_of<T> || seen[f.column]++) return false;
    ++rows;
  }
  return rows == columns_of<T>;
}

/// True when the rules of rows can be checked on stored values: `below` compares members with the same origin.
template <std::size_t N> constexpr bool consistent(const std::array<field, N>& fields) {
  for (const field& f : fields) {
    if (f.below == field::nowhere) continue;
    for (const field& other : fields)
      if (other.where == f.where && other.column == f.below && other.relative_to != f.relative_to) return false;
  }
  return true;
}

}  // namespace volley::models
