// Positions as Create gets them (contract, section 13.1), and the layer that they make.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// {"shape": [columns, rows(, planes)], "center", "extent", "edge_wrap"}, or {"positions": rows of coordinates or a
/// Parameter a dimension, "extent", "edge_wrap"}.
struct position_spec {
  std::optional<grid_shape> grid;
  matrix points;                           ///< free: a row a node
  std::vector<parameter_ref> coordinates;  ///< free: to be drawn
  int dimensions = 2;
  std::optional<point> center, extent;
  bool wraps = false;
  std::uint64_t nodes = 0;
};

/// `count`: how many nodes were asked for; grids and lists say so themselves. Errors: BadProperty, TypeMismatch for
/// what does not describe positions; builtins.ValueError for a count with a grid; UnaccessedDictionaryEntry, as
/// `unknown` says.
position_spec read_positions(const dictionary& spec, std::int64_t count, unknown_keys& unknown);

/// The layer of nodes `first` on. `draws` owns what is drawn. Errors: BadProperty for a node outside of the extent, or
/// at no place; KernelException for a single node without an extent; those of parameter::evaluate.
layer_ref make_layer(const position_spec& spec, std::uint64_t first, const draws_of_call& draws);

}  // namespace volley::runtime
