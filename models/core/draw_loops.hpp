// Bulk draws for one instruction set: indices below a bound, uniform and normal numbers, logarithms. All sets give the
// same bits.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace volley::models {

using philox_key = std::array<std::uint32_t, 2>;

/// Draws of one owner come in tiles of 16 Philox blocks. Their order in a tile is the one in which vectors of any width
/// are stored without shuffles.
inline constexpr std::uint32_t blocks_per_tile = 16;
inline constexpr std::uint32_t indices_per_tile = 4 * blocks_per_tile;  ///< one word each
inline constexpr std::uint32_t logs_per_tile = 2 * blocks_per_tile;     ///< two words each

/// Where a draw of a tile comes from: block, and its first word.
struct tile_place {
  std::uint32_t block, word;
};
/// Indices: words 0 and 1 of all blocks in turn, then words 2 and 3 of all blocks.
constexpr tile_place place_of_index(std::uint32_t number) {
  const std::uint32_t half = number / 32, within = number % 32;
  return {within / 2, 2 * half + within % 2};
}
/// Logarithms: words 0 and 1 of each block, then words 2 and 3 of each.
constexpr tile_place place_of_log(std::uint32_t number) { return {number % 16, 2 * (number / 16)}; }

/// The counters of many blocks. Word w of block i is words[w][varies[w] ? i : 0], the last word is common.
struct block_counters {
  std::array<const std::uint32_t*, 3> words;
  std::array<bool, 3> varies;
  std::uint32_t last;
};

/// A Poisson variate of one word: `first` and how many thresholds are not above the word. Thresholds ascend.
struct poisson_thresholds {
  std::int32_t first = 0;
  std::span<const std::uint32_t> above;
};

struct draw_loops {
  const char* name;
  /// Fills `out`, whole tiles, without attempts: true when a word was below `threshold` and a draw must be repeated.
  bool (*indices)(philox_key, std::uint64_t owner, std::uint32_t bound, std::uint32_t threshold,
                  std::uint32_t first_tile, std::span<std::uint32_t> out);
  /// Logarithms of uniform numbers in (0, 1]; whole tiles.
  void (*logs)(philox_key, std::uint64_t owner, std::uint32_t first_tile, std::span<double> out);
  /// A number in [0, 1) of words 0 and 1 of each block.
  void (*uniforms)(philox_key, const block_counters&, std::span<double> out);
  /// The two standard normal variates of each block: first[i], second[i]. Both spans have one size.
  void (*normals)(philox_key, const block_counters&, std::span<double> first, std::span<double> second);
  /// values[i] = mean + spread * values[i]. Bit i of `refused` (a word for each 64, rounded up) tells whether the
  /// result lies outside [least, most].
  void (*scale)(double mean, double spread, double least, double most, std::span<double> values,
                std::uint64_t* refused);
  /// Poisson variates of all words of the blocks {owners[i], rest[0], rest[1], rest[2]}: that of word w of block i goes
  /// to out[w * owners.size() + i]. The number of owners is a multiple of blocks_per_tile.
  void (*poisson_counts)(philox_key, std::span<const std::uint32_t> owners, const std::array<std::uint32_t, 3>& rest,
                         const poisson_thresholds&, std::int32_t* out);
  /// sums[i] += weight * counts[i].
  void (*add_scaled)(std::span<const std::int32_t> counts, double weight, double* sums);
};

extern const draw_loops draw_loops_scalar, draw_loops_sse2, draw_loops_avx2, draw_loops_avx512;

/// Those that this processor can run, the widest last.
std::span<const draw_loops* const> runnable_draw_loops();

}  // namespace volley::models
