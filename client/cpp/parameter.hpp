// Parameter: a value that the kernel computes for each node or connection, as an expression of numbers and random
// draws.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace volley::client {

/// What a term computes; `values.capnp` says which numbers and arguments belong to it, in the same order.
enum class operation : std::uint16_t {
  constant,
  uniform,
  uniform_int,
  normal,
  lognormal,
  exponential,
  position,
  distance,
  add,
  subtract,
  multiply,
  divide,
  power,
  less,
  less_equal,
  equal,
  not_equal,
  greater_equal,
  greater,
  exp,
  sin,
  cos,
  minimum,
  maximum,
  redraw,
  conditional,
  gaussian,
  gaussian2d,
  gamma,
  exp_distribution,
  gabor
};
inline constexpr std::uint16_t operation_count = 31;

/// The name in `values.capnp`: "uniformInt", "lessEqual", ...
std::string_view name_of(operation what);
std::optional<operation> operation_named(std::string_view name);

/// One node of the tree. Arguments are positions of earlier terms.
struct term {
  operation what = operation::constant;
  std::vector<std::uint32_t> arguments;
  std::vector<double> numbers;
  bool operator==(const term&) const = default;
};

/// Immutable; copies share the tree. Every use draws anew: x - x of a random x is not 0. Numbers outside their domain
/// are reported by the call that uses the Parameter.
class Parameter {
 public:
  /// The constant 0.
  Parameter();
  /// The last term is the value. Throws BadParameter for a tree without terms, with arguments that are not earlier
  /// terms or of more than 65,536 terms.
  explicit Parameter(std::vector<term> terms);
  static Parameter constant(double value);
  /// `what` over other Parameters.
  static Parameter join(operation what, std::initializer_list<Parameter> arguments, std::vector<double> numbers = {});

  std::span<const term> terms() const { return *terms_; }
  /// True when any part depends on positions.
  bool is_spatial() const;
  /// The same tree; `==` is an expression.
  bool same_as(const Parameter& other) const { return *terms_ == *other.terms_; }

 private:
  std::shared_ptr<const std::vector<term>> terms_;
};

/// A number where a Parameter is combined with one.
struct operand {
  Parameter value;
  operand(double number) : value(Parameter::constant(number)) {}
  operand(Parameter parameter) : value(std::move(parameter)) {}
};

Parameter operator+(const Parameter& a, const operand& b);
Parameter operator-(const Parameter& a, const operand& b);
Parameter operator*(const Parameter& a, const operand& b);
Parameter operator/(const Parameter& a, const operand& b);
Parameter operator+(double a, const Parameter& b);
Parameter operator-(double a, const Parameter& b);
Parameter operator*(double a, const Parameter& b);
Parameter operator/(double a, const Parameter& b);
Parameter operator-(const Parameter& a);
Parameter pow(const Parameter& a, double exponent);

/// Comparisons are Parameters of value 1 or 0.
Parameter operator<(const Parameter& a, const operand& b);
Parameter operator<=(const Parameter& a, const operand& b);
Parameter operator==(const Parameter& a, const operand& b);
Parameter operator!=(const Parameter& a, const operand& b);
Parameter operator>=(const Parameter& a, const operand& b);
Parameter operator>(const Parameter& a, const operand& b);

namespace random {
Parameter uniform(double min = 0, double max = 1);  ///< in [min, max)
Parameter uniform_int(std::int64_t max);            ///< 0 ... max - 1
Parameter normal(double mean = 0, double std = 1);
Parameter lognormal(double mean = 0, double std = 1);  ///< of the underlying normal
Parameter exponential(double beta = 1);                ///< beta is the mean
}  // namespace random

namespace math {
Parameter exp(const Parameter& x);
Parameter sin(const Parameter& x);
Parameter cos(const Parameter& x);
Parameter min(const Parameter& x, double value);
Parameter max(const Parameter& x, double value);
Parameter redraw(const Parameter& x, double min, double max);  ///< drawn again until inside [min, max]
}  // namespace math

namespace logic {
/// `if_true` where `condition` is not 0. Only the chosen branch draws.
Parameter conditional(const Parameter& condition, const operand& if_true, const operand& if_false);
}  // namespace logic

}  // namespace volley::client
