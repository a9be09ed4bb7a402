// Philox4x32-10 for lanes of nodes, and the draws a model's step may take. Same numbers as models/core/random.hpp, lane
// by lane.
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/random.hpp"
#include "models/core/unit_lanes.hpp"

#include <array>

namespace volley::models {

std::uint64_t poisson(double mean, double uniform);  // of distributions.hpp, which takes as long to read as a model

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

  draws(std::uint32_t seed, words nodes, std::uint64_t step)
      : key_{seed, purpose::node_step}, nodes_(nodes), times_(words{} + step) {}

  /// Those of an event that nodes have at times of their own: they have the number of the event in place of the step's.
  /// REQUIRES: whole numbers below 2^52.
  draws of_event(V number) const {
    constexpr std::uint64_t mantissa = 0xfffffffffffff;
    return {{key_.seed, purpose::node_event}, nodes_, ops<V>::bits(number + 0x1p52) & mantissa};
  }

  /// A number in [0, 1) where `wanted`, 0 elsewhere. Costs a test when no lane wants one.
  V uniform(mask_of<V> wanted) {
    const std::uint64_t number = drawn_++;
    if (!any(wanted)) return V(0.0);
    constexpr std::uint64_t low = 0xffffffff;
    const auto block = draw_lanes<V>(key_, {nodes_ & low, (nodes_ >> 32) | (number << 16), times_ & low, times_ >> 32});
    return select(wanted, uniform01_lanes<V>(block[0], block[1]), V(0.0));
  }

  /// Exponential variates of mean 1 where `wanted`, 0 elsewhere.
  V exponential(mask_of<V> wanted) { return select(wanted, -log(1.0 - uniform(wanted)), V(0.0)); }

  /// Poisson variates where `wanted`, 0 elsewhere. Means above 2^40 count as such.
  V count(mask_of<V> wanted, V mean) {
    const V u = uniform(wanted);
    if (!any(wanted)) return V(0.0);
    return lane_by_lane(select(wanted, min(mean, 0x1p40), V(0.0)), u, [](double m, double uniform01) {
      return m > 0 ? static_cast<double>(poisson(m, uniform01)) : 0.0;
    });
  }

  /// Gamma variates of mean `shape`, a whole number, where `wanted`, 0 elsewhere. They are the last of a step: how many
  /// numbers they take depends on all lanes.
  V gamma(mask_of<V> wanted, V shape) {
    V sum = 0.0, left = select(wanted, shape, V(0.0));
    while (any(left > 0.0)) {
      sum = sum - log(1.0 - uniform(left > 0.0));
      left = left - 1.0;
    }
    return sum;
  }

 private:
  draws(random_key key, words nodes, words times) : key_(key), nodes_(nodes), times_(times) {}

  template <class F> static V lane_by_lane(V a, V b, F&& f) {
    if constexpr (ops<V>::width == 1 && requires(double x) { x = a; }) {
      return f(a, b);
    } else {
      constexpr std::size_t width = ops<V>::width;
      alignas(sizeof(V)) double first[width], second[width];
      ops<V>::store(first, a);
      ops<V>::store(second, b);
      for (std::size_t i = 0; i < width; ++i) first[i] = f(first[i], second[i]);
      return ops<V>::load(first);
    }
  }

  random_key key_;
  words nodes_, times_;
  std::uint64_t drawn_ = 0;
};

}  // namespace volley::models
