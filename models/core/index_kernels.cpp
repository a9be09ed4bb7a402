// Tiles of index draws, compiled once for each instruction set.
#include <cstring>

#include "models/core/index_kernels.hpp"
#include "models/core/philox_tile.hpp"

#define VOLLEY_JOIN_(a, b) a##b
#define VOLLEY_JOIN(a, b) VOLLEY_JOIN_(a, b)

namespace volley::models {
namespace {

using set = isa::VOLLEY_ISA;
using words = set::words;
using vectors = philox_vectors<set>;
constexpr std::uint64_t low_half = 0xffffffff;

words lane_numbers() {
  std::uint64_t numbers[set::width];
  for (int i = 0; i < set::width; ++i) numbers[i] = static_cast<std::uint64_t>(i);
  words result;
  std::memcpy(&result, numbers, sizeof result);
  return result;
}

bool any_sign(words w) {
  std::uint64_t lanes[set::width];
  std::memcpy(lanes, &w, sizeof lanes);
  std::uint64_t all = 0;
  for (const auto lane : lanes) all |= lane;
  return all >> 63 != 0;
}

}  // namespace

bool VOLLEY_JOIN(draw_index_tiles_, VOLLEY_ISA)(std::array<std::uint32_t, 2> key, std::uint64_t owner, std::uint32_t bound,
                                                std::uint32_t threshold, std::uint32_t first_tile,
                                                std::span<std::uint32_t> out) {
  const words numbers = lane_numbers();
  const std::uint64_t first_block = std::uint64_t{first_tile} * blocks_per_tile;
  words refused{};  // negative where a word was below the threshold
  for (std::uint32_t block = 0; block < out.size() / 4; block += vectors::blocks) {
    vectors x;
    for (int v = 0; v < vectors::vectors; ++v) {
      x.word[0][v] = words{} + (owner & low_half);
      x.word[1][v] = words{} + (owner >> 32);
      x.word[2][v] = numbers + (first_block + block + static_cast<std::uint64_t>(v * set::width));
      x.word[3][v] = words{};
    }
    x.run(key);
    std::uint32_t* const tile = out.data() + block / blocks_per_tile * indices_per_tile;
    for (int v = 0; v < vectors::vectors; ++v) {
      const std::uint32_t in_tile = block % blocks_per_tile + static_cast<std::uint32_t>(v * set::width);
      for (std::uint32_t half = 0; half < 2; ++half) {
        const words even = low_product<set>::of(x.word[2 * half][v], bound);
        const words odd = low_product<set>::of(x.word[2 * half + 1][v], bound);
        refused |= ((even & low_half) - threshold) | ((odd & low_half) - threshold);
        const words pairs = (even >> 32) | (odd & ~(words{} + low_half));
        std::memcpy(tile + half * (indices_per_tile / 2) + 2 * in_tile, &pairs, sizeof pairs);
      }
    }
  }
  return any_sign(refused);
}

}  // namespace volley::models
