// A module of models: compiled by bazel/module.bzl with VOLLEY_NEURONS(x) and VOLLEY_SYNAPSES(x), which are x(model)
// for each of its models, and linked with their descriptions and loops.
#include <vector>

#include "models/core/lanes.hpp"
#include "runtime/loops/module.hpp"
#include "runtime/loops/module_build.hpp"
#include "runtime/loops/plastic_loops.hpp"
#include "runtime/loops/step_loops.hpp"

#define VOLLEY_DECLARED(model) struct model;
namespace volley::neurons {
VOLLEY_NEURONS(VOLLEY_DECLARED)
}
namespace volley::synapses {
VOLLEY_SYNAPSES(VOLLEY_DECLARED)
}

namespace volley::runtime {
namespace {

using namespace models;

template <class M> neuron_model neuron() {
  static constexpr own_step_loops loops{run_steps<M, lanes<isa::scalar>>, run_steps<M, lanes<isa::sse2>>,
                                        run_steps<M, lanes<isa::avx2>>, run_steps<M, lanes<isa::avx512>>};
  auto model = describe_neuron<M>(0);
  model.own_loops = &loops;
  return model;
}

/// With the variants of its name, which have its loop.
template <class M> void add_synapse(std::vector<synapse_model>& to) {
  static const own_plastic_loops loops{plastic_loop_of<M, isa::scalar>(), plastic_loop_of<M, isa::sse2>(),
                                       plastic_loop_of<M, isa::avx2>(), plastic_loop_of<M, isa::avx512>()};
  for (auto& model : describe_synapse_names<M>(0)) {
    model.own_loops = &loops;
    to.push_back(model);
  }
}

#define VOLLEY_NEURON(model) neuron<neurons::model>(),
#define VOLLEY_SYNAPSE(model) add_synapse<synapses::model>(all);

std::vector<synapse_model> all_synapses() {
  std::vector<synapse_model> all;
  VOLLEY_SYNAPSES(VOLLEY_SYNAPSE)
  return all;
}

const model_module& content() {
  static const std::vector<neuron_model> neurons{VOLLEY_NEURONS(VOLLEY_NEURON)};
  static const std::vector<synapse_model> synapses = all_synapses();
  static const model_module all{neurons, synapses};
  return all;
}

}  // namespace
}  // namespace volley::runtime

extern "C" const char* volley_module_build() { return volley::runtime::module_build; }

extern "C" const volley::runtime::model_module* volley_module() { return &volley::runtime::content(); }
