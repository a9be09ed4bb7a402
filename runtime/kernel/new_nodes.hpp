// A Create call, checked as far as nothing need be drawn for it.
#pragma once
#include <cstdint>
#include <set>
#include <string>

#include "runtime/footprint/footprint.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {

struct new_nodes {
  std::uint32_t model;
  std::uint64_t first, last;
  given_values values;
  std::set<std::size_t> varied;
  planned_nodes plan;
  std::string what;  ///< begins messages
  layer_ref where;   ///< null: without positions
};

}  // namespace volley::runtime
