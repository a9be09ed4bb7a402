#include "runtime/kernels.hpp"

#include "models/core/lanes.hpp"
#include "runtime/step_loops.hpp"

namespace volley::runtime {

namespace {

std::vector<kernel_set> find_runnable() {
  using namespace models;
  std::vector<kernel_set> sets{{"scalar", step_loops<isa::scalar>()}};
#ifdef __x86_64__
  sets.push_back({"sse2", step_loops<isa::sse2>()});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma"))
    sets.push_back({"avx2", step_loops<isa::avx2>()});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
    sets.push_back({"avx512", step_loops<isa::avx512>()});
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
