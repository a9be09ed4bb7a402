// The bulk draws of models/core/draw_loops.hpp, compiled once for each instruction set.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "models/core/box_muller.hpp"
#include "models/core/draw_loops.hpp"
#include "models/core/isa_table.hpp"
#include "models/core/philox_tile.hpp"
#include "models/core/unit_lanes.hpp"

namespace volley::models {
namespace {

using set = isa::VOLLEY_ISA;
using words = set::words;
using V = lanes<set>;
using vectors = philox_vectors<set>;
constexpr std::uint64_t low_half = 0xffffffff;

words lane_numbers() {
  std::uint64_t numbers[set::width];
  for (int i = 0; i < set::width; ++i) numbers[i] = static_cast<std::uint64_t>(i);
  words result;
  std::memcpy(&result, numbers, sizeof result);
  return result;
}

std::uint64_t joined(words w) {
  std::uint64_t lanes[set::width];
  std::memcpy(lanes, &w, sizeof lanes);
  std::uint64_t all = 0;
  for (const auto lane : lanes) all |= lane;
  return all;
}
bool any_sign(words w) { return joined(w) >> 63 != 0; }
bool any_bit(words w) { return joined(w) != 0; }

/// The blocks of one owner from number `first` on.
vectors owned_blocks(philox_key key, std::uint64_t owner, std::uint64_t first) {
  const words numbers = lane_numbers();
  vectors x;
  for (int v = 0; v < vectors::vectors; ++v) {
    x.word[0][v] = words{} + (owner & low_half);
    x.word[1][v] = words{} + (owner >> 32);
    x.word[2][v] = numbers + (first + static_cast<std::uint64_t>(v * set::width));
    x.word[3][v] = words{};
  }
  x.run(key);
  return x;
}

/// The blocks of counters first, first + 1, ...; beyond the end the last one again.
[[gnu::always_inline]] inline vectors counted_blocks(philox_key key, const block_counters& counters, std::size_t first,
                                                     std::size_t size) {
  vectors x;
  for (int w = 0; w < 3; ++w) {
    if (!counters.varies[w]) {
      for (auto& word : x.word[w]) word = words{} + std::uint64_t{*counters.words[w]};
      continue;
    }
    const std::uint32_t* from = counters.words[w] + first;
    std::uint32_t rest[vectors::blocks];
    if (first + vectors::blocks > size) {
      for (std::size_t i = 0; i < vectors::blocks; ++i) rest[i] = counters.words[w][std::min(first + i, size - 1)];
      from = rest;
    }
    for (int v = 0; v < vectors::vectors; ++v) x.word[w][v] = halves<set>::load(from + v * set::width);
  }
  for (auto& last : x.word[3]) last = words{} + std::uint64_t{counters.last};
  x.run(key);
  return x;
}

/// As uniform01: of words `word` and `word` + 1.
V unit(const vectors& x, int word, int v) {
  return uniform01_lanes<V>(x.word[word][v] & low_half, x.word[word + 1][v] & low_half);
}
V unit_positive(const vectors& x, int word, int v) { return unit(x, word, v) + 0x1p-53; }

bool indices(philox_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t threshold,
             std::uint32_t first_tile, std::span<std::uint32_t> out) {
  const std::uint64_t first_block = std::uint64_t{first_tile} * blocks_per_tile;
  words refused{};  // negative where a word was below the threshold
  for (std::uint32_t block = 0; block < out.size() / 4; block += vectors::blocks) {
    const vectors x = owned_blocks(key, owner, first_block + block);
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

void logs(philox_key key, std::uint64_t owner, std::uint32_t first_tile, std::span<double> out) {
  const std::uint64_t first_block = std::uint64_t{first_tile} * blocks_per_tile;
  for (std::uint32_t block = 0; block < out.size() / 2; block += vectors::blocks) {
    const vectors x = owned_blocks(key, owner, first_block + block);
    double* const tile = out.data() + block / blocks_per_tile * logs_per_tile;
    for (int v = 0; v < vectors::vectors; ++v) {
      double* const place = tile + block % blocks_per_tile + v * set::width;
      ops<V>::store(place, log_of_normal(unit_positive(x, 0, v)));
      ops<V>::store(place + blocks_per_tile, log_of_normal(unit_positive(x, 2, v)));
    }
  }
}

/// Calls fill(blocks, values...) for as many blocks as are computed at once, and copies what is wanted to `out`, spans
/// of one size.
template <class Fill, class... Out>
void for_blocks(philox_key key, const block_counters& counters, Fill fill, Out... out) {
  const std::size_t size = std::min({out.size()...});
  for (std::size_t first = 0; first < size; first += vectors::blocks) {
    const vectors x = counted_blocks(key, counters, first, size);
    if (first + vectors::blocks <= size) {
      fill(x, out.data() + first...);
    } else {
      const auto copy_wanted = [&](auto&&... values) {
        fill(x, values.data()...);
        (std::copy_n(values.data(), size - first, out.data() + first), ...);
      };
      copy_wanted((static_cast<void>(out), std::array<double, vectors::blocks>{})...);
    }
  }
}

void uniforms(philox_key key, const block_counters& counters, std::span<double> out) {
  const auto fill = [](const vectors& x, double* values) {
    for (int v = 0; v < vectors::vectors; ++v) ops<V>::store(values + v * set::width, unit(x, 0, v));
  };
  for_blocks(key, counters, fill, out);
}

void normals(philox_key key, const block_counters& counters, std::span<double> first, std::span<double> second) {
  const auto fill = [](const vectors& x, double* cosines, double* sines) {
    double radii[vectors::blocks];
    for (int v = 0; v < vectors::vectors; ++v)
      ops<V>::store(radii + v * set::width, squared_radius(unit_positive(x, 0, v)));
    for (double& radius : radii) radius = std::sqrt(radius);
    for (int v = 0; v < vectors::vectors; ++v) {
      const auto turned = sincos_turns(unit(x, 2, v));
      const V radius = ops<V>::load(radii + v * set::width);
      ops<V>::store(cosines + v * set::width, radius * turned.cosine);
      ops<V>::store(sines + v * set::width, radius * turned.sine);
    }
  };
  for_blocks(key, counters, fill, first, second);
}

void scale(double mean, double spread, double least, double most, std::span<double> values, std::uint64_t* refused) {
  std::size_t i = 0;
  for (std::size_t word = 0; 64 * word < values.size(); ++word) refused[word] = 0;
  for (; i + set::width <= values.size(); i += set::width) {
    const V x = mean + spread * ops<V>::load(values.data() + i);
    ops<V>::store(values.data() + i, x);
    refused[i / 64] |= std::uint64_t{ops<V>::bitmap(!((x >= least) & (x <= most)))} << i % 64;
  }
  for (; i < values.size(); ++i) {
    values[i] = mean + spread * values[i];
    refused[i / 64] |= std::uint64_t{!(values[i] >= least && values[i] <= most)} << i % 64;
  }
}

// Two words of a block in each lane of `words`.
typedef std::uint32_t word_pairs __attribute__((vector_size(sizeof(words))));

/// How many words are counted at once: all four of some blocks.
struct counting_tile {
  word_pairs drawn[2][vectors::vectors], counts[2][vectors::vectors];

  counting_tile(const vectors& x, std::int32_t first) {
    for (int pair = 0; pair < 2; ++pair)
      for (int v = 0; v < vectors::vectors; ++v) {
        drawn[pair][v] = std::bit_cast<word_pairs>((x.word[2 * pair][v] & low_half) | (x.word[2 * pair + 1][v] << 32));
        counts[pair][v] = word_pairs{} + static_cast<std::uint32_t>(first);
      }
  }
  /// Counts the threshold where it is reached; false when no word reaches it.
  bool reach(std::uint32_t threshold) {
    word_pairs reached{};
    for (int pair = 0; pair < 2; ++pair)
      for (int v = 0; v < vectors::vectors; ++v) {
        const auto here = std::bit_cast<word_pairs>(drawn[pair][v] >= word_pairs{} + threshold);  // all bits, or none
        counts[pair][v] -= here;
        reached |= here;
      }
    return any_bit(std::bit_cast<words>(reached));
  }
  /// `out` is that of the tile's first block.
  void store(std::int32_t* out, std::size_t stride) const {
    for (int pair = 0; pair < 2; ++pair)
      for (int v = 0; v < vectors::vectors; ++v) {
        const auto both = std::bit_cast<words>(counts[pair][v]);
        std::int32_t* const even = out + 2 * pair * stride + v * set::width;
        halves<set>::store(both & low_half, even);
        halves<set>::store(both >> 32, even + stride);
      }
  }
};

void poisson_counts(philox_key key, std::span<const std::uint32_t> owners, const std::array<std::uint32_t, 3>& rest,
                    const poisson_thresholds& thresholds, std::int32_t* out) {
  for (std::size_t first = 0; first < owners.size(); first += vectors::blocks) {
    vectors x;
    for (int v = 0; v < vectors::vectors; ++v) x.word[0][v] = halves<set>::load(owners.data() + first + v * set::width);
    for (int w = 0; w < 3; ++w)
      for (auto& word : x.word[w + 1]) word = words{} + std::uint64_t{rest[static_cast<std::size_t>(w)]};
    x.run(key);
    counting_tile tile(x, thresholds.first);
    for (const auto threshold : thresholds.above)
      if (!tile.reach(threshold)) break;
    tile.store(out + first, owners.size());
  }
}

void add_scaled(std::span<const std::int32_t> counts, double weight, double* sums) {
  for (std::size_t i = 0; i < counts.size(); ++i) sums[i] += weight * static_cast<double>(counts[i]);
}

}  // namespace

const draw_loops VOLLEY_JOIN(draw_loops_, VOLLEY_ISA) = {
    VOLLEY_TEXT(VOLLEY_ISA), indices, logs, uniforms, normals, scale, poisson_counts, add_scaled};

}  // namespace volley::models
