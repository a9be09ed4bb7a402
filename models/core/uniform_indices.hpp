// Bulk draws of indices below a bound, all equally likely, for one owner: the sources of a target, the targets of a source.
// The draw with a given number is the same on every instruction set and however many are asked for.
#pragma once
#include <cstdint>
#include <span>

#include "models/core/random.hpp"

namespace volley::models {

/// Draws come in tiles of this many.
inline constexpr std::size_t indices_per_tile = 64;

/// Counter word 3 of bulk draws counts the attempts of a rejected draw; other draws of the same owner use this and above.
inline constexpr std::uint32_t first_free_attempt = 0xffff0000;

/// Fills `out`, whole tiles, with draws number first_tile * 64 and on. Exact (Lemire 2019): a word that would favour some
/// indices is drawn again. bound >= 1.
void uniform_indices(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out);

namespace detail {

/// One instruction set's way to draw tiles: true when a draw must be repeated, which the caller does.
using index_kernel = bool (*)(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t threshold,
                              std::uint32_t first_tile, std::span<std::uint32_t> out);
bool draw_index_tiles_scalar(random_key, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t, std::span<std::uint32_t>);
bool draw_index_tiles_sse2(random_key, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t, std::span<std::uint32_t>);
bool draw_index_tiles_avx2(random_key, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t, std::span<std::uint32_t>);
bool draw_index_tiles_avx512(random_key, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t, std::span<std::uint32_t>);

/// As uniform_indices() above, with a kernel of the caller's choice.
void uniform_indices(index_kernel kernel, random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out);

}  // namespace detail
}  // namespace volley::models
