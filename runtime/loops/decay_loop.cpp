// Compiled for each instruction set: K_minus of all lines at once.
#include "runtime/loops/decayed.hpp"
#include "runtime/loops/plastic_loops.hpp"
#include "runtime/loops/plastic_tile.hpp"

namespace volley::runtime {

template <class Isa> [[gnu::flatten]] void run_decay(const plastic_targets& targets, step_t step, double* K_minus) {
  using V = models::lanes<Isa>;
  using O = models::ops<V>;
  const spike_lines& lines = targets.lines;
  const auto now = static_cast<double>(step - lines.base);
  const std::int32_t upto = relative<Isa>(step, lines.base);
  V decay_per_ms = -1.0 / broadcast<Isa>(targets.tau_minus_ms[0]);
  for (std::uint32_t begin = 0; begin < targets.n_lines; begin += O::width) {  // lines come in blocks of 64
    double steps[O::width], K[O::width];
    if (targets.tau_minus_varies) decay_per_ms = -1.0 / O::load(targets.tau_minus_ms + begin);
    for (std::uint32_t i = 0; i < O::width; ++i) {
      const std::uint32_t line = begin + i;
      steps[i] = now - static_cast<double>(lines.newest[line]);
      K[i] = lines.newest_K_minus[line];
      if (lines.newest[line] < upto) [[likely]]
        continue;
      const post_spike last = lines.last_before(*lines.history, line, step);
      steps[i] = static_cast<double>(step - last.stamp);
      K[i] = last.K_minus;
    }
    O::store(K_minus + begin, decayed_by(O::load(K), O::load(steps) * targets.resolution_ms, decay_per_ms));
  }
}

#define VOLLEY_DECAY(set) template void run_decay<models::isa::set>(const plastic_targets&, step_t, double*);
VOLLEY_FOR_EACH_SET(VOLLEY_DECAY)

}  // namespace volley::runtime
