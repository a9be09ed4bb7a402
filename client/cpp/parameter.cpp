#include "client/cpp/parameter.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "client/cpp/error.hpp"

namespace volley::client {
namespace {

constexpr std::array<std::string_view, operation_count> names = {
    "constant", "uniform",     "uniformInt", "normal",     "lognormal", "exponential",
    "position", "distance",    "add",        "subtract",   "multiply",  "divide",
    "power",    "less",        "lessEqual",  "equal",      "notEqual",  "greaterEqual",
    "greater",  "exp",         "sin",        "cos",        "minimum",   "maximum",
    "redraw",   "conditional", "gaussian",   "gaussian2d", "gamma",     "expDistribution",
    "gabor"};

constexpr std::size_t term_limit = 65'536;

void check(const std::vector<term>& terms) {
  if (terms.empty()) throw error("BadParameter", "a Parameter needs at least one term");
  if (terms.size() > term_limit)
    throw error("BadParameter", "a Parameter of " + std::to_string(terms.size()) + " terms; at most " +
                                    std::to_string(term_limit) + " are possible");
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (auto argument : terms[i].arguments)
      if (argument >= i) throw error("BadParameter", "a Parameter's term refers to one that does not come before it");
}

Parameter leaf(operation what, std::vector<double> numbers) { return Parameter({{what, {}, std::move(numbers)}}); }

}  // namespace

std::string_view name_of(operation what) { return names[std::size_t(what)]; }

std::optional<operation> operation_named(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<operation>(found - names.begin());
}

Parameter::Parameter() : Parameter(std::vector<term>{{operation::constant, {}, {0.0}}}) {}

Parameter::Parameter(std::vector<term> terms) {
  check(terms);
  terms_ = std::make_shared<const std::vector<term>>(std::move(terms));
}

Parameter Parameter::constant(double value) { return leaf(operation::constant, {value}); }

Parameter Parameter::join(operation what, std::initializer_list<Parameter> arguments, std::vector<double> numbers) {
  std::vector<term> terms;
  std::vector<std::uint32_t> results;
  for (const auto& argument : arguments) {
    const auto offset = static_cast<std::uint32_t>(terms.size());
    for (term t : argument.terms()) {
      for (auto& at : t.arguments) at += offset;
      terms.push_back(std::move(t));
    }
    results.push_back(static_cast<std::uint32_t>(terms.size() - 1));
  }
  terms.push_back({what, std::move(results), std::move(numbers)});
  return Parameter(std::move(terms));
}

bool Parameter::is_spatial() const {
  return std::ranges::any_of(*terms_, [](const term& t) {
    return t.what == operation::position || t.what == operation::distance || t.what >= operation::gaussian;
  });
}

Parameter operator+(const Parameter& a, const operand& b) { return Parameter::join(operation::add, {a, b.value}); }
Parameter operator-(const Parameter& a, const operand& b) { return Parameter::join(operation::subtract, {a, b.value}); }
Parameter operator*(const Parameter& a, const operand& b) { return Parameter::join(operation::multiply, {a, b.value}); }
Parameter operator/(const Parameter& a, const operand& b) { return Parameter::join(operation::divide, {a, b.value}); }
Parameter operator+(double a, const Parameter& b) { return Parameter::constant(a) + b; }
Parameter operator-(double a, const Parameter& b) { return Parameter::constant(a) - b; }
Parameter operator*(double a, const Parameter& b) { return Parameter::constant(a) * b; }
Parameter operator/(double a, const Parameter& b) { return Parameter::constant(a) / b; }
Parameter operator-(const Parameter& a) { return -1.0 * a; }
Parameter pow(const Parameter& a, double exponent) { return Parameter::join(operation::power, {a}, {exponent}); }

Parameter operator<(const Parameter& a, const operand& b) { return Parameter::join(operation::less, {a, b.value}); }
Parameter operator<=(const Parameter& a, const operand& b) {
  return Parameter::join(operation::less_equal, {a, b.value});
}
Parameter operator==(const Parameter& a, const operand& b) { return Parameter::join(operation::equal, {a, b.value}); }
Parameter operator!=(const Parameter& a, const operand& b) {
  return Parameter::join(operation::not_equal, {a, b.value});
}
Parameter operator>=(const Parameter& a, const operand& b) {
  return Parameter::join(operation::greater_equal, {a, b.value});
}
Parameter operator>(const Parameter& a, const operand& b) { return Parameter::join(operation::greater, {a, b.value}); }

Parameter random::uniform(double min, double max) { return leaf(operation::uniform, {min, max}); }
Parameter random::uniform_int(std::int64_t max) { return leaf(operation::uniform_int, {static_cast<double>(max)}); }
Parameter random::normal(double mean, double std) { return leaf(operation::normal, {mean, std}); }
Parameter random::lognormal(double mean, double std) { return leaf(operation::lognormal, {mean, std}); }
Parameter random::exponential(double beta) { return leaf(operation::exponential, {beta}); }

Parameter math::exp(const Parameter& x) { return Parameter::join(operation::exp, {x}); }
Parameter math::sin(const Parameter& x) { return Parameter::join(operation::sin, {x}); }
Parameter math::cos(const Parameter& x) { return Parameter::join(operation::cos, {x}); }
Parameter math::min(const Parameter& x, double value) { return Parameter::join(operation::minimum, {x}, {value}); }
Parameter math::max(const Parameter& x, double value) { return Parameter::join(operation::maximum, {x}, {value}); }
Parameter math::redraw(const Parameter& x, double min, double max) {
  return Parameter::join(operation::redraw, {x}, {min, max});
}

Parameter logic::conditional(const Parameter& condition, const operand& if_true, const operand& if_false) {
  return Parameter::join(operation::conditional, {condition, if_true.value, if_false.value});
}

}  // namespace volley::client
