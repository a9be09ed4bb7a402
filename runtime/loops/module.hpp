// What a shared library of models brings, a module: descriptions of its models, and their loops for each instruction
// set. It exports
//   extern "C" const char* volley_module_build()           the text of module_build.hpp when it was built
//   extern "C" const model_module* volley_module()         what it has, as long as the library is loaded
// The second may be called where the first says what this build says.
#pragma once
#include <array>
#include <span>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/loops/plastic_call.hpp"
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

/// By instruction set: scalar, sse2, avx2, avx512.
using own_step_loops = std::array<step_loop, 4>;
using own_plastic_loops = std::array<plastic_loop, 4>;

/// `own_loops` of each model is set.
struct model_module {
  std::span<const models::neuron_model> neurons;
  std::span<const models::synapse_model> synapses;
};

using module_build_function = const char* (*)();
using module_function = const model_module* (*)();

}  // namespace volley::runtime
