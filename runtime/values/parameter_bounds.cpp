// Between which numbers the values of an expression lie, whatever is drawn.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

using bounds = parameter::value_bounds;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr bounds anything{-infinity, infinity};
constexpr double largest_normal = 8.6;        // sqrt(2 log(2^53)), since uniform numbers have 53 bits
constexpr double largest_exponential = 36.8;  // log(2^53)

bounds around(std::initializer_list<double> corners) {
  const auto [least, most] = std::minmax(corners);
  return std::isnan(least) || std::isnan(most) ? anything : bounds{least, most};
}

bounds product(const bounds& a, const bounds& b) {
  return around({a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most});
}

bounds of_term(const term& t, const std::vector<bounds>& known) {
  const auto argument = [&](std::size_t i) { return known[t.arguments[i]]; };
  const auto& n = t.numbers;
  switch (t.what) {
    case operation::constant: return around({n[0]});
    case operation::uniform: return around({n[0], n[1]});
    case operation::uniform_int: return around({0, n[0]});
    case operation::normal: return around({n[0] - largest_normal * n[1], n[0] + largest_normal * n[1]});
    case operation::lognormal:
      return around({0.99 * std::exp(n[0] - largest_normal * n[1]), 1.01 * std::exp(n[0] + largest_normal * n[1])});
    case operation::exponential: return around({0, largest_exponential * n[0]});
    case operation::add: return around({argument(0).least + argument(1).least, argument(0).most + argument(1).most});
    case operation::subtract:
      return around({argument(0).least - argument(1).most, argument(0).most - argument(1).least});
    case operation::multiply: return product(argument(0), argument(1));
    case operation::less:
    case operation::less_equal:
    case operation::equal:
    case operation::not_equal:
    case operation::greater_equal:
    case operation::greater: return {0, 1};
    case operation::minimum: return {std::min(argument(0).least, n[0]), std::min(argument(0).most, n[0])};
    case operation::maximum: return {std::max(argument(0).least, n[0]), std::max(argument(0).most, n[0])};
    case operation::redraw: return {std::max(argument(0).least, n[0]), std::min(argument(0).most, n[1])};
    case operation::conditional:
      return {std::min(argument(1).least, argument(2).least), std::max(argument(1).most, argument(2).most)};
    case operation::distance: return {0, infinity};
    case operation::gaussian:
    case operation::gaussian2d:
    case operation::gabor: return {0, 1};
    default: return anything;
  }
}

}  // namespace

parameter::value_bounds parameter::bounds() const {
  std::vector<value_bounds> known;
  for (const term& t : terms_) known.push_back(of_term(t, known));
  return known.back();
}

}  // namespace volley::runtime
