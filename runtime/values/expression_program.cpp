#include "runtime/values/expression_program.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "models/core/distributions.hpp"
#include "models/core/math.hpp"
#include "models/core/trigonometry.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

/// The numbered draws of one evaluation.
class draw_sequence {
 public:
  explicit draw_sequence(const draw_site& site) : site_(site) {}

  const draw_site& site() const { return site_; }

  models::random_words next() { return models::draw(site_.key, site_.counter(next_number())); }
  double next_normal() {
    const auto pair = models::standard_normals(models::draw(site_.key, site_.counter_of_normals(next_number())));
    return site_.takes_second_normal() ? pair.second : pair.first;
  }

 private:
  std::uint32_t next_number() {
    if (drawn_ == draw_site::draws_per_evaluation) {
      throw api_error(error_kind::KernelException, "Parameter: one value took more than " +
                                                       std::to_string(draw_site::draws_per_evaluation) + " draws");
    }
    return drawn_++;
  }

  const draw_site& site_;
  std::uint32_t drawn_ = 0;
};

double uniform01(const models::random_words& block) { return models::uniform01(block[0], block[1]); }

/// Lemire's method with 64-bit words; a refused word is followed by the next draw.
double uniform_int(draw_sequence& draws, double max) {
  __extension__ using wide = unsigned __int128;
  const auto bound = static_cast<std::uint64_t>(max);
  const std::uint64_t threshold = -bound % bound;
  for (;;) {
    const auto block = draws.next();
    const wide product = wide{std::uint64_t{block[0]} << 32 | block[1]} * bound;
    if (static_cast<std::uint64_t>(product) >= threshold)
      return static_cast<double>(static_cast<std::uint64_t>(product >> 64));
  }
}

/// A number and what rounding took from it.
struct exact {
  double high, low;
};

/// Dekker's product. REQUIRES: a and b are 0 or of a magnitude in 2^[-256, 256].
exact product(double a, double b) {
  const auto halves = [](double x) -> exact {
    const double shifted = (0x1p27 + 1) * x, high = shifted - (shifted - x);
    return {high, x - high};
  };
  const double p = a * b;
  const exact x = halves(a), y = halves(b);
  return {p, ((x.high * y.high - p) + x.high * y.low + x.low * y.high) + x.low * y.low};
}

exact product(exact a, exact b) {
  const exact p = product(a.high, b.high);
  const double low = p.low + (a.high * b.low + a.low * b.high), high = p.high + low;
  return {high, (p.high - high) + low};
}

/// x^n for finite x that are not 0, rounded once. The exponent of x is taken apart, so that no product leaves the
/// range.
double whole_power(double x, int n) {
  int exponent = 0;
  exact result{1, 0}, square{std::frexp(x, &exponent), 0};
  for (auto bits = static_cast<unsigned>(std::abs(n)); bits != 0; bits >>= 1) {
    if (bits & 1) result = product(result, square);
    if (bits > 1) square = product(square, square);
  }
  if (n >= 0) return std::ldexp(result.high, exponent * n);
  const double inverse = 1 / result.high;
  const exact one = product(inverse, result.high);
  return std::ldexp(inverse + inverse * ((1 - one.high) - one.low - inverse * result.low), exponent * n);
}

/// x^y as Python means it for numbers: negative x has powers for whole y. Whole exponents up to 64 are products.
double power(double x, double y) {
  if (y == std::floor(y) && std::fabs(y) <= 64 && x != 0 && std::isfinite(x))
    return whole_power(x, static_cast<int>(y));
  if (x >= 0) return models::pow(x, y);
  if (y != std::floor(y)) return std::numeric_limits<double>::quiet_NaN();
  const double magnitude = models::pow(-x, y);
  return std::fmod(y, 2) == 0 ? magnitude : -magnitude;
}

[[noreturn]] void refuse_geometry(const instruction& i, const site_geometry* geometry) {
  if (i.computes == operation::distance || is_spatial_function(i.computes))
    throw api_error(error_kind::BadParameterValue,
                    "Parameter: distances and functions of them have values only while spatial nodes are connected");
  if (i.b == 0 && geometry != nullptr && geometry->of_pairs)
    throw api_error(error_kind::BadParameterValue,
                    "Parameter: spatial.pos has no value while nodes are connected; there are spatial.source_pos and "
                    "spatial.target_pos");
  if (i.b == 0)
    throw api_error(error_kind::KernelException, "Parameter: spatial.pos needs nodes with positions in that dimension");
  throw api_error(error_kind::BadParameterValue,
                  "Parameter: spatial.source_pos and spatial.target_pos have values only while spatial nodes are "
                  "connected");
}

double geometry_of(const instruction& i, const draw_site& site) {
  if (site.geometry == nullptr) refuse_geometry(i, nullptr);
  const auto column = geometry_column(i, *site.geometry);
  if (column.empty()) refuse_geometry(i, site.geometry);
  return site_geometry::at(column, site.entry);
}

double leaf(const instruction& i, draw_sequence& draws) {
  switch (i.computes) {
    case operation::constant: return i.a;
    case operation::uniform: return scaled_draw(i, uniform01(draws.next()));
    case operation::uniform_int: return uniform_int(draws, i.a);
    case operation::normal:
    case operation::lognormal: return scaled_draw(i, draws.next_normal());
    case operation::exponential: return i.a * models::standard_exponential(draws.next());
    default: return geometry_of(i, draws.site());
  }
}

}  // namespace

std::span<const double> geometry_column(const instruction& i, const site_geometry& geometry) {
  const bool is_distance = i.computes == operation::distance;
  if (is_distance && i.a == 0) return geometry.distance;
  const double axis = is_distance ? i.a - 1 : i.a;
  if (!(axis < 3)) return {};
  const auto& columns = is_distance ? geometry.apart
                        : i.b == 0  ? geometry.node
                        : i.b == 1  ? geometry.source
                                    : geometry.target;
  return columns[static_cast<std::size_t>(axis)];
}

double unary_value(const instruction& i, double x) {
  switch (i.computes) {
    case operation::power: return power(x, i.a);
    case operation::exp: return models::precise_exp(x);
    case operation::sin: return models::sin(x);
    case operation::cos: return models::cos(x);
    case operation::minimum: return x < i.a ? x : i.a;
    default: return x > i.a ? x : i.a;  // maximum
  }
}

double binary_value(operation what, double x, double y) {
  switch (what) {
    case operation::add: return x + y;
    case operation::subtract: return x - y;
    case operation::multiply: return x * y;
    case operation::divide: return x / y;
    case operation::less: return x < y;
    case operation::less_equal: return x <= y;
    case operation::equal: return x == y;
    case operation::not_equal: return x != y;
    case operation::greater_equal: return x >= y;
    default: return x > y;  // greater
  }
}

int arity(operation what) {
  switch (what) {
    case operation::power:
    case operation::exp:
    case operation::sin:
    case operation::cos:
    case operation::minimum:
    case operation::maximum:
    case operation::redraw:
    case operation::gaussian:
    case operation::gamma:
    case operation::exp_distribution: return 1;
    case operation::add:
    case operation::subtract:
    case operation::multiply:
    case operation::divide:
    case operation::less:
    case operation::less_equal:
    case operation::equal:
    case operation::not_equal:
    case operation::greater_equal:
    case operation::greater:
    case operation::gaussian2d:
    case operation::gabor: return 2;
    default: return 0;
  }
}

double scaled_draw(const instruction& leaf, double bare) {
  switch (leaf.computes) {
    case operation::uniform: {
      const double value = leaf.a + bare * (leaf.b - leaf.a);
      return value < leaf.b ? value : std::nextafter(leaf.b, leaf.a);  // rounding must not reach the open end
    }
    case operation::lognormal: return models::precise_exp(leaf.a + leaf.b * bare);
    default: return leaf.a + leaf.b * bare;  // normal
  }
}

namespace {

/// Ends a redraw, or goes back to where it starts: the place of the instruction to go on behind.
std::size_t accept(const instruction& i, std::size_t at, std::array<double, expression_program::max_stack>& stack,
                   std::size_t& top) {
  const double value = stack[--top];
  double& attempts = stack[top - 1];
  if (value >= i.a && value <= i.b) {
    attempts = value;  // the value takes the place of the count
    return at;
  }
  if (++attempts < expression_program::max_attempts) return i.to - 1;
  throw api_error(error_kind::KernelException, "Parameter: redraw found no value in its range in " +
                                                   std::to_string(expression_program::max_attempts) + " attempts");
}

}  // namespace

double expression_program::run(const draw_site& site) const {
  std::array<double, max_stack> stack;
  std::size_t top = 0;  // values on the stack; a redraw under way keeps its count of attempts there, below its value
  draw_sequence draws(site);
  if (!functions_.empty() && (site.geometry == nullptr || !site.geometry->of_pairs))
    refuse_geometry({.computes = functions_[0].what}, site.geometry);
  for (std::size_t at = 0; at < code_.size(); ++at) {
    const instruction& i = code_[at];
    if (i.what == step::jump) {
      at = i.to - 1;
    } else if (i.what == step::jump_if_zero) {
      if (stack[--top] == 0) at = i.to - 1;
    } else if (i.what == step::redraw_begin) {
      stack[top++] = 0;
    } else {
      const int taken = arity(i.computes);
      if (i.computes == operation::redraw) {
        at = accept(i, at, stack, top);
      } else if (taken == 0) {
        stack[top++] = leaf(i, draws);
      } else if (taken == 1) {
        stack[top - 1] =
            is_spatial_function(i.computes) ? functions_[i.to](stack[top - 1]) : unary_value(i, stack[top - 1]);
      } else {
        --top;
        stack[top - 1] = is_spatial_function(i.computes) ? functions_[i.to](stack[top - 1], stack[top])
                                                         : binary_value(i.computes, stack[top - 1], stack[top]);
      }
    }
  }
  return stack[0];
}

}  // namespace volley::runtime
