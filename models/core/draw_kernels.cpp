#include "models/core/draw_kernels.hpp"

namespace volley::models {

std::span<const draw_kernels* const> runnable_draw_kernels() {
  static constexpr const draw_kernels* all[] = {&draw_kernels_scalar, &draw_kernels_sse2, &draw_kernels_avx2,
                                                &draw_kernels_avx512};
  if (__builtin_cpu_supports("x86-64-v4")) return all;
  return {all, __builtin_cpu_supports("x86-64-v3") ? std::size_t{3} : std::size_t{2}};
}

}  // namespace volley::models
