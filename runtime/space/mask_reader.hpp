// Masks as users describe them (contract, section 13.5): {type: specs, "anchor": ...}, or joined ones.
#pragma once
#include <string>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/space/mask.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// Joined masks are {"and": [a, b]}, {"or": [a, b]}, {"without": [a, b]}. `what` begins messages: "Connect". Errors:
/// BadProperty for an unknown type, a missing or wrong entry, bounds that hold nothing, masks of different dimensions;
/// KernelException for a grid among joined masks; UnaccessedDictionaryEntry for unknown keys, as `unknown` says;
/// builtins.TypeError for what is no dictionary.
mask_ref read_mask(const value& v, const std::string& what, unknown_keys& unknown);

/// A point of 2 or 3 finite numbers, for the entry `key`. Errors: BadProperty.
struct read_point_result {
  point at = {};
  int dimensions = 0;
};
read_point_result read_point(const value& v, const std::string& what, const std::string& key);

}  // namespace volley::runtime
