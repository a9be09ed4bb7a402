#include "models/core/draw_sequence.hpp"

#include <cmath>
#include <utility>

#include "models/core/distributions.hpp"
#include "models/core/math.hpp"

namespace volley::models {

random_words draw_sequence::next_block() {
  const auto words = draw(key_, counter_);
  counter_[counting_] += stride_;
  return words;
}

double draw_sequence::uniform() {
  if (std::exchange(has_uniform_, false)) return uniform01(block_[2], block_[3]);
  block_ = next_block();
  has_uniform_ = true;
  return uniform01(block_[0], block_[1]);
}

double draw_sequence::exponential() { return -log(1 - uniform()); }

double draw_sequence::normal() {
  if (std::exchange(has_normal_, false)) return normal_;
  const auto [first, second] = standard_normals(next_block());
  normal_ = second;
  has_normal_ = true;
  return first;
}

double draw_sequence::gamma_of_mean_1(double shape) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (log(1 - uniform()) < 0.5 * x * x + d * (1 - v + log(v))) return d / shape * v;
  }
}

double draw_sequence::binomial(double n, double p) {
  if (n == 0) return 0;
  if (n == 1) return uniform() < p ? 1 : 0;
  return static_cast<double>(models::binomial(static_cast<std::uint64_t>(n), p, uniform()));
}

}  // namespace volley::models
