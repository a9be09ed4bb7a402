// Many draws at once, for one owner or for many, on the widest vectors of this processor. A draw with a given number or
// counter is the same on every instruction set and however many are asked for.
#pragma once
#include <cstdint>
#include <span>

#include "models/core/distributions.hpp"
#include "models/core/draw_loops.hpp"
#include "models/core/random.hpp"

namespace volley::models {

/// Counter word 3 of an owner's draws counts the attempts of a refused one; other draws of the owner use this and
/// above.
inline constexpr std::uint32_t first_free_attempt = 0xffff0000;

/// Indices below `bound`, all equally likely, exactly (Lemire 2019): a word that would favour some is drawn again.
/// Fills `out`, whole tiles, with the owner's draws number first_tile * indices_per_tile and on. bound >= 1.
void uniform_indices(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out);
void uniform_indices(const draw_loops& loops, random_key key, std::uint64_t owner, std::uint32_t bound,
                     std::uint32_t first_tile, std::span<std::uint32_t> out);

/// Logarithms of uniform numbers in (0, 1]. Fills `out`, whole tiles, with the owner's draws number
/// first_tile * logs_per_tile and on.
void uniform_logs(random_key key, std::uint64_t owner, std::uint32_t first_tile, std::span<double> out);

/// uniform01 of words 0 and 1 of each block.
void uniform_numbers(random_key key, const block_counters& counters, std::span<double> out);

/// standard_normals(block) of each block, the first and the second of a pair apart. Both spans have one size.
void normal_numbers(random_key key, const block_counters& counters, std::span<double> first, std::span<double> second);

/// values[i] = mean + spread * values[i]. Bit i of `refused` (a word for each 64) tells whether it lies outside [least,
/// most].
void scale(double mean, double spread, double least, double most, std::span<double> values,
           std::span<std::uint64_t> refused);

/// Poisson variates for all words of the blocks {owners[i], rest...}: that of word w of block i goes to
/// out[w * owners.size() + i]. The number of owners is a multiple of blocks_per_tile.
void poisson_numbers(random_key key, std::span<const std::uint32_t> owners, const std::array<std::uint32_t, 3>& rest,
                     const poisson_table::high_words& table, std::span<std::int32_t> out);

/// sums[i] += weight * counts[i].
void add_scaled(std::span<const std::int32_t> counts, double weight, double* sums);

}  // namespace volley::models
