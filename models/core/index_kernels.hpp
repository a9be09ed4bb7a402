// One instruction set's way to draw tiles of indices, for models/core/uniform_indices.hpp. Knows nothing of Random123, whose
// headers bring static initialisers along: an object for AVX-512 must not run code that nobody chose.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace volley::models {

/// Draws come in tiles of this many, from 16 Philox blocks.
inline constexpr std::uint32_t indices_per_tile = 64;
inline constexpr std::uint32_t blocks_per_tile = 16;

/// Where a tile's draw number `number` comes from. This order is the one in which vectors of any width are stored without
/// shuffles: words 0 and 1 of all blocks in turn, then words 2 and 3 of all blocks.
struct tile_place {
  std::uint32_t block, word;
};
constexpr tile_place place_in_tile(std::uint32_t number) {
  const std::uint32_t half = number / 32, within = number % 32;
  return {within / 2, 2 * half + within % 2};
}

/// Fills `out`, whole tiles, without attempts: true when a word was below `threshold` and a draw must be repeated.
using index_kernel = bool (*)(std::array<std::uint32_t, 2> key, std::uint64_t owner, std::uint32_t bound,
                              std::uint32_t threshold, std::uint32_t first_tile, std::span<std::uint32_t> out);

bool draw_index_tiles_scalar(std::array<std::uint32_t, 2>, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t,
                             std::span<std::uint32_t>);
bool draw_index_tiles_sse2(std::array<std::uint32_t, 2>, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t,
                           std::span<std::uint32_t>);
bool draw_index_tiles_avx2(std::array<std::uint32_t, 2>, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t,
                           std::span<std::uint32_t>);
bool draw_index_tiles_avx512(std::array<std::uint32_t, 2>, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t,
                             std::span<std::uint32_t>);

}  // namespace volley::models
