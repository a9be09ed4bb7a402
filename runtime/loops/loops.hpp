// The loops of all neuron and synapse models, compiled once for each instruction set; which ones run is decided when
// the program asks.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/loops/plastic_call.hpp"
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

/// The loops for one instruction set.
struct loop_set {
  std::string_view isa;                   ///< scalar, sse2, avx2 or avx512
  std::span<const step_loop> step;        ///< by neuron_model::loop
  std::span<const plastic_loop> plastic;  ///< by synapse_model::loop; null for a static model
  decay_lines decay;
};

/// The widest set this processor can run.
const loop_set& best_loops();

/// All sets this processor can run, narrow first. Results do not depend on the choice.
const std::vector<loop_set>& runnable_loops();

}  // namespace volley::runtime
