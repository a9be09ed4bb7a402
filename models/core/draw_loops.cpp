#include "models/core/draw_loops.hpp"

#include "models/core/isa_table.hpp"

namespace volley::models {

std::span<const draw_loops* const> runnable_draw_loops() {
  static constexpr const draw_loops* all[] = {&draw_loops_scalar, &draw_loops_sse2, &draw_loops_avx2,
                                              &draw_loops_avx512};
  return {all, runnable_sets()};
}

}  // namespace volley::models
