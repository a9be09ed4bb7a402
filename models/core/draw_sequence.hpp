// Random numbers of one owner, one after the other, where how many it takes is not known beforehand. The n-th is a pure
// function of the owner and of the kinds of those before.
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/core/random.hpp"

namespace volley::models {

class draw_sequence {
 public:
  /// Takes the blocks at `counter`, whose word `counting` goes on by `stride` with each.
  draw_sequence(random_key key, random_words counter, std::size_t counting, std::uint32_t stride = 1)
      : key_(key), counter_(counter), counting_(counting), stride_(stride) {}

  /// In [0, 1).
  double uniform();
  /// Exponential variate of mean 1.
  double exponential();
  /// Standard normal variate; not farther from 0 than `farthest_normal`.
  double normal();
  /// Gamma variate of a shape, divided by it: its mean is 1, its coefficient of variation 1 / sqrt(shape) (Marsaglia &
  /// Tsang 2000). shape >= 1 and finite. Always above 0.
  double gamma_of_mean_1(double shape);

  /// Binomial variate of n >= 0, a whole number below 2^53, and 0 <= p <= 1. Takes a uniform number unless n is 0.
  double binomial(double n, double p);

  static constexpr double farthest_normal = 8.6;  ///< sqrt(-2 log 2^-53), rounded up

 private:
  random_words next_block();

  random_key key_;
  random_words counter_;
  std::size_t counting_;
  std::uint32_t stride_;
  random_words block_{};
  bool has_uniform_ = false, has_normal_ = false;  // left of the last block, and of the last pair
  double normal_ = 0;
};

/// Those of one train of spikes whose times are on no grid.
class train_draws {
 public:
  /// The train is known by the generator, which is in the key, its target, and the number of the connection to it.
  train_draws(random_key key, std::uint32_t target, std::uint32_t multapse)
      : key_(key), target_(target), multapse_(multapse) {}

  /// For what comes before a spike: `number` < 2^48 counts the spikes of a train that began at tic `begin`.
  draw_sequence before_spike(std::uint64_t number, std::uint64_t begin) const {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto of_train = draw(key_, {target_, low(begin), low(begin >> 32), multapse_});
    return {key_, {of_train[0], of_train[1], low(number), low(number >> 32)}, 3, 1u << 16};
  }

 private:
  random_key key_;
  std::uint32_t target_, multapse_;
};

}  // namespace volley::models
