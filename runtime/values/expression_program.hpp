// An expression tree compiled to a stack program: deep trees need no recursion, a branch that is not taken costs
// nothing and draws nothing, and an evaluation allocates nothing.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/values/draw_site.hpp"
#include "runtime/values/spatial_functions.hpp"
#include "runtime/values/term.hpp"

namespace volley::runtime {

/// What one instruction does. A term becomes one step of its own name, except that a conditional becomes jumps and a
/// redraw a pair of steps around its argument.
struct instruction {
  enum class step : std::uint8_t { compute, jump, jump_if_zero, redraw_begin };
  step what = step::compute;
  operation computes = operation::constant;
  std::uint32_t to = 0;  ///< jumps, where a redraw starts again, and which of the functions of positions
  double a = 0, b = 0;   ///< the first two numbers of the term
};

/// What a step computes of values that are there.
double unary_value(const instruction& i, double x);
double binary_value(operation what, double x, double y);
/// What a position or distance reads; empty where that is not known.
std::span<const double> geometry_column(const instruction& i, const site_geometry& geometry);
/// How many values it takes: none for leaves, one for a redraw. REQUIRES: a step that computes, but no conditional.
int arity(operation what);

/// A uniform draw in [0, 1), or a standard normal one, with the mean and spread or range of the leaf that draws it.
double scaled_draw(const instruction& leaf, double bare);

class expression_program {
 public:
  static constexpr std::size_t max_instructions = 1 << 16;
  static constexpr std::size_t max_stack = 256;        ///< values and redraws under way
  static constexpr std::uint32_t max_attempts = 1000;  ///< of one redraw

  /// `terms` are well formed: right numbers of arguments and numbers, arguments point backwards. Errors: BadParameter
  /// where the tree, with every use of a shared term written out, exceeds the limits.
  explicit expression_program(std::span<const term> terms);

  std::span<const instruction> code() const { return code_; }
  std::span<const spatial_function> functions() const { return functions_; }
  std::size_t depth() const { return depth_; }  ///< most values at once

  /// Draws are numbered from 0 in the order of evaluation. Errors: as parameter::evaluate().
  double run(const draw_site& site) const;

 private:
  std::vector<instruction> code_;
  std::vector<spatial_function> functions_;
  std::size_t depth_ = 0;
};

}  // namespace volley::runtime
