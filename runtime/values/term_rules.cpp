#include "runtime/values/term_rules.hpp"

#include <array>
#include <cmath>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {
namespace {

struct signature {
  const char* name;  // as users know it
  std::uint8_t arguments, numbers;
};

constexpr std::array signatures = std::to_array<signature>(
    {{"constant", 0, 1},    {"uniform", 0, 2},  {"uniform_int", 0, 1}, {"normal", 0, 2}, {"lognormal", 0, 2},
     {"exponential", 0, 1}, {"position", 0, 2}, {"distance", 0, 1},    {"+", 2, 0},      {"-", 2, 0},
     {"*", 2, 0},           {"/", 2, 0},        {"**", 1, 1},          {"<", 2, 0},      {"<=", 2, 0},
     {"==", 2, 0},          {"!=", 2, 0},       {">=", 2, 0},          {">", 2, 0},      {"exp", 1, 0},
     {"sin", 1, 0},         {"cos", 1, 0},      {"min", 1, 1},         {"max", 1, 1},    {"redraw", 1, 2},
     {"conditional", 3, 0}, {"gaussian", 1, 2}, {"gaussian2D", 2, 5},  {"gamma", 1, 2},  {"exponential", 1, 1},
     {"gabor", 2, 5}});
static_assert(signatures.size() == static_cast<std::size_t>(operation::gabor) + 1);

/// Checks of one term's numbers; `n` names them in messages.
class domain {
 public:
  explicit domain(const term& t) : t_(t) {}

  void positive(std::size_t i, const char* n) const { require(t_.numbers[i] > 0, i, n, "must be > 0"); }
  void non_negative(std::size_t i, const char* n) const { require(t_.numbers[i] >= 0, i, n, "must be >= 0"); }
  void finite(std::size_t i, const char* n) const { require(std::isfinite(t_.numbers[i]), i, n, "must be finite"); }
  void whole(std::size_t i, const char* n) const {
    require(t_.numbers[i] == std::floor(t_.numbers[i]), i, n, "must be an integer", error_kind::TypeMismatch);
  }
  void require(bool holds, std::size_t i, const char* n, const std::string& rule,
               error_kind kind = error_kind::BadProperty) const {
    if (holds) return;
    throw api_error(kind, std::string("Parameter: ") + signatures[static_cast<std::size_t>(t_.what)].name + ": " + n +
                              " = " + to_text(value(t_.numbers[i])) + " " + rule);
  }

 private:
  const term& t_;
};

void check_draw(const term& t) {
  const domain d(t);
  switch (t.what) {
    case operation::uniform:
      d.finite(0, "min");
      d.finite(1, "max");
      d.require(t.numbers[0] < t.numbers[1], 0, "min", "must be below max = " + to_text(value(t.numbers[1])));
      break;
    case operation::uniform_int:
      d.whole(0, "max");
      d.positive(0, "max");
      d.require(t.numbers[0] <= 0x1p53, 0, "max", "must be at most 2**53");
      break;
    case operation::normal:
    case operation::lognormal:
      d.finite(0, "mean");
      d.finite(1, "std");
      d.non_negative(1, "std");
      break;
    case operation::exponential:
      d.finite(0, "beta");
      d.non_negative(0, "beta");
      break;
    default: break;
  }
}

void check_position(const term& t) {
  const domain d(t);
  const auto dimension = [&] {
    d.require(t.numbers[0] >= 0 && t.numbers[0] == std::floor(t.numbers[0]), 0, "dimension", "must be an integer >= 0",
              error_kind::BadParameterValue);
  };
  if (t.what == operation::position) {
    dimension();
    const double endpoint = t.numbers[1];
    d.require(endpoint == 0 || endpoint == 1 || endpoint == 2, 1, "synaptic_endpoint", "must be 0, 1 or 2",
              error_kind::BadParameterValue);
  } else if (t.what == operation::distance) {
    dimension();
  }
}

void check_spatial_function(const term& t) {
  const domain d(t);
  switch (t.what) {
    case operation::gaussian: d.positive(1, "std"); break;
    case operation::gaussian2d:
      d.positive(2, "std_x");
      d.positive(3, "std_y");
      d.require(t.numbers[4] > -1 && t.numbers[4] < 1, 4, "rho", "must be above -1 and below 1");
      break;
    case operation::gamma:
      d.positive(0, "kappa");
      d.positive(1, "theta");
      break;
    case operation::exp_distribution: d.positive(0, "beta"); break;
    case operation::gabor:
      d.positive(1, "gamma");
      d.positive(2, "std");
      d.positive(3, "lam");
      break;
    default: break;
  }
}

}  // namespace

void check_term(const term& t, std::size_t index) {
  const auto malformed = [&](const std::string& what) {
    throw api_error(error_kind::BadParameter,
                    "Parameter: malformed expression: term " + std::to_string(index) + " " + what);
  };
  const auto kind = static_cast<std::size_t>(t.what);
  if (kind >= signatures.size()) malformed("has no known operation");
  if (t.arguments.size() != signatures[kind].arguments) malformed("has a wrong number of arguments");
  if (t.numbers.size() != signatures[kind].numbers) malformed("has a wrong number of numbers");
  for (const std::uint32_t argument : t.arguments)
    if (argument >= index) malformed("uses a term that does not stand before it");

  check_draw(t);
  check_position(t);
  check_spatial_function(t);
  if (t.what == operation::redraw) {
    domain(t).require(t.numbers[0] <= t.numbers[1], 0, "min", "must not exceed max = " + to_text(value(t.numbers[1])),
                      error_kind::BadParameterValue);
  }
}

bool is_draw(operation what) { return what >= operation::uniform && what <= operation::exponential; }

bool is_spatial(operation what) {
  return what == operation::position || what == operation::distance || what >= operation::gaussian;
}

}  // namespace volley::runtime
