// How hot loops see columns: plain data, without the class that owns it.
#pragma once
#include <cstdint>

namespace volley::runtime {

/// How a hot loop reads a column: data[cell & every], also a whole vector of cells at once.
struct column_view {
  const double* data;
  std::uint32_t every;  ///< 0: a cache line of one value; all ones: one value a cell
};

/// Cells are padded to whole blocks, so that vectors never need a tail.
constexpr std::uint32_t block_cells = 64;
constexpr std::uint32_t padded(std::uint32_t cells) { return (cells + block_cells - 1) / block_cells * block_cells; }

}  // namespace volley::runtime
