#include "models/core/bulk_draws.hpp"

#include <algorithm>
#include <cassert>

namespace volley::models {
namespace {

/// Draws all of `out` again one by one, with the attempts the loops leave out.
void draw_with_attempts(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                        std::span<std::uint32_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto [block, word] = place_of_index(static_cast<std::uint32_t>(i % indices_per_tile));
    const auto tile = first_tile + static_cast<std::uint32_t>(i / indices_per_tile);
    const random_words counter{static_cast<std::uint32_t>(owner), static_cast<std::uint32_t>(owner >> 32),
                               tile * blocks_per_tile + block, 0};
    out[i] = uniform_index(key, counter, word, bound);
  }
}

const draw_loops& widest() {
  static const draw_loops& loops = *runnable_draw_loops().back();
  return loops;
}

}  // namespace

void uniform_indices(const draw_loops& loops, random_key key, std::uint64_t owner, std::uint32_t bound,
                     std::uint32_t first_tile, std::span<std::uint32_t> out) {
  assert(bound > 0 && out.size() % indices_per_tile == 0);
  constexpr std::size_t group = std::size_t{16} * indices_per_tile;  // a refused word costs repeating its group alone
  const std::uint32_t threshold = -bound % bound;
  for (std::size_t begin = 0; begin < out.size(); begin += group) {
    const auto part = out.subspan(begin, std::min(group, out.size() - begin));
    const auto tile = first_tile + static_cast<std::uint32_t>(begin / indices_per_tile);
    if (loops.indices(key_words(key), owner, bound, threshold, tile, part))
      draw_with_attempts(key, owner, bound, tile, part);
  }
}

void uniform_indices(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out) {
  uniform_indices(widest(), key, owner, bound, first_tile, out);
}

void uniform_logs(random_key key, std::uint64_t owner, std::uint32_t first_tile, std::span<double> out) {
  assert(out.size() % logs_per_tile == 0);
  widest().logs(key_words(key), owner, first_tile, out);
}

void uniform_numbers(random_key key, const block_counters& counters, std::span<double> out) {
  widest().uniforms(key_words(key), counters, out);
}

void normal_numbers(random_key key, const block_counters& counters, std::span<double> first, std::span<double> second) {
  assert(first.size() == second.size());
  widest().normals(key_words(key), counters, first, second);
}

void scale(double mean, double spread, double least, double most, std::span<double> values,
           std::span<std::uint64_t> refused) {
  assert(64 * refused.size() >= values.size());
  widest().scale(mean, spread, least, most, values, refused.data());
}

void poisson_numbers(random_key key, std::span<const std::uint32_t> owners, const std::array<std::uint32_t, 3>& rest,
                     const poisson_table::high_words& table, std::span<std::int32_t> out) {
  assert(owners.size() % blocks_per_tile == 0 && out.size() == 4 * owners.size());
  widest().poisson_counts(key_words(key), owners, rest, {static_cast<std::int32_t>(table.first), table.above},
                          out.data());
}

void add_scaled(std::span<const std::int32_t> counts, double weight, double* sums) {
  widest().add_scaled(counts, weight, sums);
}

}  // namespace volley::models
