// What Create and set give to nodes: one dictionary for all of them, with single values and lists, or one dictionary a
// node.
#pragma once
#include <cstdint>
#include <string>

#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The values of some nodes by key.
struct given_values {
  dictionary by_key;
  /// True: every value is a list with one entry a node, none where a node's dictionary lacks the key. False: a value is
  /// everybody's, or, where it is a list and the parameter is not, has one entry a node.
  bool one_a_node = false;

  bool empty() const { return by_key.empty(); }
};

/// From nothing, a dictionary, one dictionary a node, or a list with one dictionary for all. `what` begins messages.
/// Errors: builtins.TypeError, BadParameter.
given_values read_values(const value& parameters, std::uint64_t n, const char* what);

/// True for a Parameter and for a list that has some, whose numbers are drawn.
bool has_parameters(const value& v);
bool has_parameters(const dictionary& values);

/// True for what holds several values: columns, lists, matrices (their rows).
bool is_list(const value& v);
/// How many entries a list has; 0 for a scalar.
std::uint64_t list_length(const value& v);
/// Entry `i` of a list. REQUIRES: i < list_length(v).
value entry_of(const value& v, std::uint64_t i);

/// Errors: builtins.IndexError for a list with fewer than `n` entries, builtins.ValueError for one with more. `things`:
/// "nodes".
void require_entries(const std::string& what, const std::string& key, const value& list, std::uint64_t n,
                     const char* things);

/// What the list `v` gives to node `i` of `n`, whose parameter is `present` now: a parameter that is a list itself
/// takes a list of lists entry by entry, and any other one whole. Errors: as require_entries.
value share_of(const std::string& what, const std::string& key, const value& v, const value& present, std::uint64_t i,
               std::uint64_t n);

/// A list of scalars of one kind as a typed column; anything else as it is.
value typed_column(const value& v);

}  // namespace volley::runtime
