#include "tests/models/core/lane_probe.hpp"

#include "models/core/math.hpp"
#include "models/core/random_lanes.hpp"
#include "models/core/rkf45.hpp"

namespace volley::models::tests {

namespace {

using here = isa::VOLLEY_ISA;
using V = lanes<here>;
using O = ops<V>;
using numbers = std::vector<double>;

template <class Function> numbers map(const numbers& x, Function f) {
  numbers result(x.size());
  for (std::size_t i = 0; i < x.size(); i += O::width) O::store(&result[i], f(O::load(&x[i]), i));
  return result;
}

std::uint64_t bitmap_below(const numbers& x, double limit) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < x.size(); i += O::width) bits |= std::uint64_t{O::bitmap(O::load(&x[i]) < limit)} << i;
  return bits;
}

draws<V> draws_of(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::size_t i, std::uint64_t step) {
  O::words ids;
  std::memcpy(&ids, &nodes[i], sizeof ids);
  return {seed, ids, step};
}

numbers uniform(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step, int skipped,
                const numbers& wanted) {
  return map(wanted, [&](V w, std::size_t i) {
    auto random = draws_of(seed, nodes, i, step);
    for (int k = 0; k < skipped; ++k) random.uniform(w < -1);
    return random.uniform(!(w == 0));
  });
}

numbers count(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step, const numbers& mean) {
  return map(mean, [&](V m, std::size_t i) { return draws_of(seed, nodes, i, step).count(m > 0, m); });
}

numbers gamma(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step, const numbers& shape) {
  return map(shape, [&](V k, std::size_t i) { return draws_of(seed, nodes, i, step).gamma(k > 0, k); });
}

numbers exponential(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, const numbers& number,
                    const numbers& wanted) {
  return map(wanted, [&](V w, std::size_t i) {
    auto of_step = draws_of(seed, nodes, i, 77);
    of_step.uniform(w < -1);  // has numbers of its own
    auto random = of_step.of_event(O::load(&number[i]));
    random.uniform(w < -1);
    return random.exponential(!(w == 0));
  });
}

numbers relax(numbers y, numbers& sub_step, const numbers& rate, double h_ms, double tolerance) {
  for (std::size_t i = 0; i < y.size(); i += O::width) {
    std::array<V, 1> values{O::load(&y[i])};
    V h = O::load(&sub_step[i]);
    const V r = O::load(&rate[i]);
    rkf45(values, h, V(h_ms), tolerance, [&](const std::array<V, 1>& v) { return std::array<V, 1>{r * (1.0 - v[0])}; });
    O::store(&y[i], values[0]);
    O::store(&sub_step[i], h);
  }
  return y;
}

numbers explode(numbers y, double h_ms) {
  return map(y, [&](V y0, std::size_t) {
    std::array<V, 1> values{y0};
    V h = 0.0;
    rkf45(values, h, V(h_ms), 1e-3, [](const std::array<V, 1>& v) { return std::array<V, 1>{v[0] * v[0]}; });
    return values[0];
  });
}

}  // namespace

#define VOLLEY_TEXT_OF(word) #word
#define VOLLEY_TEXT(word) VOLLEY_TEXT_OF(word)

template <> lane_probe make_probe<here>() {
  return {.isa = VOLLEY_TEXT(VOLLEY_ISA),
          .exp = [](const numbers& x) { return map(x, [](V v, std::size_t) { return models::exp(v); }); },
          .expm1 = [](const numbers& x) { return map(x, [](V v, std::size_t) { return models::expm1(v); }); },
          .erfc = [](const numbers& x) { return map(x, [](V v, std::size_t) { return models::erfc(v); }); },
          .log = [](const numbers& x) { return map(x, [](V v, std::size_t) { return models::log(v); }); },
          .pow =
              [](const numbers& x, const numbers& y) {
                return map(x, [&](V v, std::size_t i) { return models::pow(v, O::load(&y[i])); });
              },
          .between =
              [](const numbers& x, double low, double high, double except) {
                return map(
                    x, [=](V v, std::size_t) { return select((v > low) & (v <= high) & !(v == except), v, V(-1.0)); });
              },
          .bitmap_below = bitmap_below,
          .magnitude = [](const numbers& x) { return map(x, [](V v, std::size_t) { return models::abs(v); }); },
          .uniform = uniform,
          .count = count,
          .gamma = gamma,
          .exponential = exponential,
          .relax = relax,
          .explode = explode};
}

}  // namespace volley::models::tests
