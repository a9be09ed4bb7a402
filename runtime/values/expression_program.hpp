// An expression tree compiled to a stack program: deep trees need no recursion, a branch that is not taken costs
// nothing and draws nothing, and an evaluation allocates nothing.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/values/draw_site.hpp"
#include "runtime/values/term.hpp"

namespace volley::runtime {

/// What one instruction does. A term becomes one step of its own name, except that a conditional becomes jumps and a
/// redraw a pair of steps around its argument.
struct instruction {
  enum class step : std::uint8_t { compute, jump, jump_if_zero, redraw_begin };
  step what = step::compute;
  operation computes = operation::constant;
  std::uint32_t to = 0;  ///< jumps, and where a redraw starts again
  double a = 0, b = 0;   ///< the first two numbers of the term
};

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

  /// Draws are numbered from 0 in the order of evaluation. Errors: as parameter::evaluate().
  double run(const draw_site& site) const;

 private:
  std::vector<instruction> code_;
};

}  // namespace volley::runtime
