// What Create and set give to nodes: one dictionary for all, one a node, or lists that are spread over them.
#pragma once
#include <cstdint>

#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The values of `n` nodes by key, lists of scalars as typed columns: from nothing, a dictionary, one dictionary a node, or
/// a list with one dictionary for all. `what` begins messages. Errors: builtins.TypeError, BadParameter.
dictionary values_by_key(const value& parameters, std::uint64_t n, const char* what);

/// A list of scalars of one kind as a typed column; anything else as it is.
value typed_column(const value& v);

/// How many entries a value has where it is spread over nodes; 0 for a scalar.
std::uint64_t spread_length(const value& v);

/// Entry `i` of a value that is spread; a scalar is its own entry.
value entry_of(const value& v, std::uint64_t i);

}  // namespace volley::runtime
