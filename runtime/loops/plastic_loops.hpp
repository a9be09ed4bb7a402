// The loop over rows of each synapse model and instruction set. Defined in plastic_loop.hpp, and instantiated in
// plastic_loops.cpp, which is compiled once for each model and set: whoever includes this file alone needs no model.
#pragma once
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// Of model M, for a set of models::isa; null where the weights of M do not change.
template <class M, class Isa> plastic_loop plastic_loop_of();

/// K_minus of all lines right before `step`.
template <class Isa> void run_decay(const plastic_targets&, step_t step, double* K_minus);

}  // namespace volley::runtime
