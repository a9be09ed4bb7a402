// An expression tree compiled to a stack program: deep trees need no recursion, a branch that is not taken costs nothing
// and draws nothing, and an evaluation allocates nothing.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/draw_site.hpp"
#include "runtime/term.hpp"

namespace volley::runtime {

class expression_program {
 public:
  static constexpr std::size_t max_instructions = 1 << 16;
  static constexpr std::uint32_t max_stack = 1 << 10;
  static constexpr int max_redraws = 1000;

  /// `terms` are well formed: right numbers of arguments and numbers, arguments point backwards. Errors: BadParameter where
  /// the tree, with every use of a shared term written out, exceeds the limits.
  explicit expression_program(std::span<const term> terms);

  /// Draws are numbered from 0 in the order of evaluation. Errors: as parameter::evaluate().
  double run(const draw_site& site) const;

 private:
  enum class step : std::uint8_t;
  struct instruction {
    step what;
    std::uint32_t to;   // jumps
    double a, b;        // numbers of the term
  };
  class compiler;

  std::vector<instruction> code_;
};

}  // namespace volley::runtime
