#include "runtime/rules/index_sampler.hpp"

#include <algorithm>
#include <bit>

#include "models/core/bulk_draws.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t tile = models::indices_per_tile;

std::uint64_t whole_tiles(std::uint64_t count) { return (count + tile - 1) / tile * tile; }

}  // namespace

std::span<const std::uint32_t> index_sampler::draw(std::uint64_t owner, std::uint64_t count,
                                                   std::optional<std::uint32_t> banned) {
  if (count == 0) return {};
  const std::uint32_t bound = size_ - (banned ? 1 : 0);
  if (repeats_) {
    draw_repeated(owner, count, bound);
  } else {
    draw_distinct(owner, count, bound);
  }
  const std::span<std::uint32_t> result(drawn_.data(), count);
  if (banned) {
    for (std::uint32_t& position : result) position += position >= *banned ? 1 : 0;
  }
  return result;
}

void index_sampler::draw_repeated(std::uint64_t owner, std::uint64_t count, std::uint32_t bound) {
  if (drawn_.size() < whole_tiles(count)) drawn_.resize(whole_tiles(count));
  models::uniform_indices(key_, owner, bound, 0, std::span(drawn_.data(), whole_tiles(count)));
}

/// Up to half of all positions are drawn until they are distinct; beyond that, those to be left out are.
void index_sampler::draw_distinct(std::uint64_t owner, std::uint64_t count, std::uint32_t bound) {
  marks_.resize(bound / 64 + 1);
  const bool sparse = count <= bound / 2;
  draw_marked(owner, sparse ? count : bound - count, bound);
  if (sparse) {
    for (const std::uint32_t position : drawn_) marks_[position / 64] = 0;
  } else {
    take_unmarked(bound);
  }
}

/// `count` distinct positions, marked and in drawn_.
void index_sampler::draw_marked(std::uint64_t owner, std::uint64_t count, std::uint32_t bound) {
  drawn_.clear();
  std::uint32_t candidates[8 * tile];
  for (std::uint32_t first_tile = 0; drawn_.size() < count; first_tile += 8) {
    const std::uint64_t wanted = std::min<std::uint64_t>(std::size(candidates), whole_tiles(count - drawn_.size()));
    models::uniform_indices(key_, owner, bound, first_tile, std::span(candidates, wanted));
    for (std::size_t i = 0; i < wanted && drawn_.size() < count; ++i) {
      std::uint64_t& word = marks_[candidates[i] / 64];
      const std::uint64_t bit = std::uint64_t{1} << candidates[i] % 64;
      if ((word & bit) != 0) continue;
      word |= bit;
      drawn_.push_back(candidates[i]);
    }
  }
}

/// The other positions, in ascending order; clears the marks.
void index_sampler::take_unmarked(std::uint32_t bound) {
  drawn_.clear();
  for (std::uint32_t word = 0; word <= bound / 64; ++word) {
    std::uint64_t free = ~marks_[word];
    if (word == bound / 64) free &= (std::uint64_t{1} << bound % 64) - 1;
    for (; free != 0; free &= free - 1)
      drawn_.push_back(word * 64 + static_cast<std::uint32_t>(std::countr_zero(free)));
    marks_[word] = 0;
  }
}

}  // namespace volley::runtime
