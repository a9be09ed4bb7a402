// The loops of all neuron and synapse models, compiled once for each instruction set; which ones run is decided when
// the program asks.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/loops/plastic_call.hpp"
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

/// The loops for one instruction set.
struct loop_set {
  std::string_view isa;                   ///< scalar, sse2, avx2 or avx512
  std::size_t number;                     ///< of that set: 0, 1, 2 or 3
  std::span<const step_loop> step;        ///< by neuron_model::loop
  std::span<const plastic_loop> plastic;  ///< by synapse_model::loop; null for a static model
  decay_lines decay;
};

/// A model's loop: of a built-in one that at its position, of a module's one its own. Null for a static synapse.
step_loop loop_of(const models::neuron_model&, const loop_set&);
plastic_loop loop_of(const models::synapse_model&, const loop_set&);

/// The widest set this processor can run.
const loop_set& best_loops();

/// All sets this processor can run, narrow first. Results do not depend on the choice.
const std::vector<loop_set>& runnable_loops();

}  // namespace volley::runtime
