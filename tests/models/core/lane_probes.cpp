#include "models/core/lanes.hpp"
#include "tests/models/core/lane_probe.hpp"

namespace volley::models::tests {

std::vector<lane_probe> runnable_probes() {
  std::vector<lane_probe> probes{make_probe<isa::scalar>(), make_probe<isa::sse2>()};
  if (__builtin_cpu_supports("avx2")) probes.push_back(make_probe<isa::avx2>());
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    probes.push_back(make_probe<isa::avx512>());
  return probes;
}

}  // namespace volley::models::tests
