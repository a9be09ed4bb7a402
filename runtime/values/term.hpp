// The terms of an expression tree, in the form in which a tree travels: flat, arguments before their users.
#pragma once
#include <cstdint>
#include <vector>

namespace volley::runtime {

/// What a term computes; its arguments and numbers are listed behind.
enum class operation : std::uint8_t {
  constant,     ///< numbers: value
  uniform,      ///< min, max
  uniform_int,  ///< max
  normal,       ///< mean, std
  lognormal,    ///< mean, std of the underlying normal
  exponential,  ///< beta, the mean
  position,     ///< dimension, endpoint (0 node, 1 source, 2 target)
  distance,     ///< dimension (0 Euclidean)
  add,
  subtract,
  multiply,
  divide,  // two arguments
  power,   ///< argument; exponent
  less,
  less_equal,
  equal,
  not_equal,
  greater_equal,
  greater,  // two arguments; 1 or 0
  exp,
  sin,
  cos,  // one argument
  minimum,
  maximum,           ///< argument; the other number
  redraw,            ///< argument; min, max
  conditional,       ///< arguments: condition, value where it is not 0, value where it is 0
  gaussian,          ///< x; mean, std
  gaussian2d,        ///< x, y; mean_x, mean_y, std_x, std_y, rho
  gamma,             ///< x; kappa, theta
  exp_distribution,  ///< x; beta
  gabor              ///< x, y; theta, gamma, std, lam, psi
};

/// One node of the tree. Arguments are indices of earlier terms; a term that is used twice is evaluated (and draws)
/// twice.
struct term {
  operation what = operation::constant;
  std::vector<std::uint32_t> arguments;
  std::vector<double> numbers;
  bool operator==(const term&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(what, operation::gabor);
    s(arguments, numbers);
  }
};

}  // namespace volley::runtime
