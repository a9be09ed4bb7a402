#include "runtime/loops/loops.hpp"

#include "models/core/lanes.hpp"
#include "runtime/loops/plastic_loops.hpp"
#include "runtime/loops/step_loops.hpp"

namespace volley::runtime {

namespace {

template <class Isa> kernel_set kernels_of(std::string_view name) { return {name, step_loops<Isa>(), plastic_loops<Isa>(), decay_of_lines<Isa>()}; }

std::vector<kernel_set> find_runnable() {
  using namespace models;
  std::vector<kernel_set> sets{kernels_of<isa::scalar>("scalar")};
#ifdef __x86_64__
  sets.push_back(kernels_of<isa::sse2>("sse2"));
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma"))
    sets.push_back(kernels_of<isa::avx2>("avx2"));
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
    sets.push_back(kernels_of<isa::avx512>("avx512"));
#endif
  return sets;
}

}  // namespace

const std::vector<kernel_set>& runnable_kernels() {
  static const std::vector<kernel_set> sets = find_runnable();
  return sets;
}

const kernel_set& best_kernels() { return runnable_kernels().back(); }

}  // namespace volley::runtime
