// Draws positions for one owner after another: with or without repetition, and never the banned one. All possible draws
// are equally likely.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/core/random.hpp"

namespace volley::runtime {

class index_sampler {
 public:
  /// Positions are 0 ... size - 1. `key` with the owner's id owns the draws.
  index_sampler(models::random_key key, std::uint32_t size, bool repeats) : key_(key), size_(size), repeats_(repeats) {}

  /// From here on, so many positions.
  void resize(std::uint32_t size) { size_ = size; }

  /// `count` positions in draw order (ascending where more than half of all are drawn without repetition). Must be
  /// possible: without repetition `count` is at most the number of positions that are not banned, else that number is
  /// not 0. Valid until the next call.
  std::span<const std::uint32_t> draw(std::uint64_t owner, std::uint64_t count, std::optional<std::uint32_t> banned);

 private:
  void draw_repeated(std::uint64_t owner, std::uint64_t count, std::uint32_t bound);
  void draw_distinct(std::uint64_t owner, std::uint64_t count, std::uint32_t bound);
  void draw_marked(std::uint64_t owner, std::uint64_t count, std::uint32_t bound);
  void take_unmarked(std::uint32_t bound);

  models::random_key key_;
  std::uint32_t size_;
  bool repeats_;
  std::vector<std::uint32_t> drawn_;  // a few more than asked for: whole tiles
  std::vector<std::uint64_t> marks_;  // one bit per position, all clear between calls
};

}  // namespace volley::runtime
