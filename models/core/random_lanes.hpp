// Philox4x32-10 for lanes of nodes, and the draws a model's step may take. Same numbers as models/core/random.hpp, lane
// by lane.
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/random.hpp"
#include "models/core/unit_lanes.hpp"

#include <array>

namespace volley::models {

/// Four 32-bit words per lane, each in a 64-bit integer.
template <class V> using random_lane_words = std::array<typename ops<V>::words, 4>;

/// The block of each lane's counter; its words must be below 2^32.
template <value_like V> random_lane_words<V> draw_lanes(random_key key, random_lane_words<V> c) {
  constexpr std::uint64_t low = 0xffffffff;
  auto [k0, k1] = key_words(key);
  for (int round = 0; round < 10; ++round) {
    const auto p0 = c[0] * std::uint64_t{0xD2511F53}, p1 = c[2] * std::uint64_t{0xCD9E8D57};
    c = {(p1 >> 32) ^ c[1] ^ std::uint64_t{k0}, p1 & low, (p0 >> 32) ^ c[3] ^ std::uint64_t{k1}, p0 & low};
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return c;
}

/// The random numbers of one step of a vector of nodes. Each draw has its own number: (node, step, how many drawn
/// before).
template <class V> class draws {
 public:
  using words = typename ops<V>::words;

  draws(std::uint32_t seed, words nodes, std::uint64_t step) : seed_(seed), nodes_(nodes), step_(step) {}

  /// A number in [0, 1) where `wanted`, 0 elsewhere. Costs a test when no lane wants one.
  V uniform(mask_of<V> wanted) {
    const std::uint64_t number = drawn_++;
    if (!any(wanted)) return V(0.0);
    constexpr std::uint64_t low = 0xffffffff;
    const auto block = draw_lanes<V>({seed_, purpose::node_step}, {nodes_ & low, (nodes_ >> 32) | (number << 16),
                                                                   words{} + (step_ & low), words{} + (step_ >> 32)});
    return select(wanted, uniform01_lanes<V>(block[0], block[1]), V(0.0));
  }

 private:
  std::uint32_t seed_;
  words nodes_;
  std::uint64_t step_;
  std::uint64_t drawn_ = 0;
};

}  // namespace volley::models
