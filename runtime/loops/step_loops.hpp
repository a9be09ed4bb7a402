// The step loop of each neuron model and instruction set. Defined in step_loop.hpp, and instantiated in
// step_loops.cpp, which is compiled once for each model and set: whoever includes this file alone needs no model.
#pragma once
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

/// Of model M, for vectors V.
template <class M, class V> void run_steps(const step_call& call);

}  // namespace volley::runtime
