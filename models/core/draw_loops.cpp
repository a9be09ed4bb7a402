#include "models/core/draw_loops.hpp"

namespace volley::models {

std::span<const draw_loops* const> runnable_draw_loops() {
  static constexpr const draw_loops* all[] = {&draw_loops_scalar, &draw_loops_sse2, &draw_loops_avx2,
                                              &draw_loops_avx512};
  if (__builtin_cpu_supports("x86-64-v4")) return all;
  return {all, __builtin_cpu_supports("x86-64-v3") ? std::size_t{3} : std::size_t{2}};
}

}  // namespace volley::models
