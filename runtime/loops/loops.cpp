#include "runtime/loops/loops.hpp"

#include "models/core/isa_table.hpp"
#include "models/core/lanes.hpp"
#include "models/neurons/list.hpp"
#include "models/synapses/list.hpp"
#include "runtime/loops/module.hpp"
#include "runtime/loops/plastic_loops.hpp"
#include "runtime/loops/step_loops.hpp"

namespace volley::runtime {

namespace {

template <class Isa, class... Models> std::span<const step_loop> step_loops(neurons::model_list<Models...>) {
  static constexpr step_loop loops[] = {run_steps<Models, models::lanes<Isa>>...};
  return loops;
}

template <class Isa, class... Models> std::span<const plastic_loop> plastic_loops(synapses::model_list<Models...>) {
  static const plastic_loop loops[] = {plastic_loop_of<Models, Isa>()...};
  return loops;
}

template <class Isa> loop_set loops_of(std::string_view name, std::size_t number) {
  return {name, number, step_loops<Isa>(neurons::all{}), plastic_loops<Isa>(synapses::all{}), run_decay<Isa>};
}

std::vector<loop_set> find_runnable() {
  using namespace models;
  std::vector<loop_set> sets{loops_of<isa::scalar>("scalar", 0)};
#ifdef __x86_64__
  sets.push_back(loops_of<isa::sse2>("sse2", 1));
  if (runnable_sets() > 2) sets.push_back(loops_of<isa::avx2>("avx2", 2));
  if (runnable_sets() > 3) sets.push_back(loops_of<isa::avx512>("avx512", 3));
#endif
  return sets;
}

}  // namespace

step_loop loop_of(const models::neuron_model& model, const loop_set& set) {
  if (model.own_loops == nullptr) return set.step[model.loop];
  return (*static_cast<const own_step_loops*>(model.own_loops))[set.number];
}

plastic_loop loop_of(const models::synapse_model& model, const loop_set& set) {
  if (model.own_loops == nullptr) return set.plastic[model.loop];
  return (*static_cast<const own_plastic_loops*>(model.own_loops))[set.number];
}

const std::vector<loop_set>& runnable_loops() {
  static const std::vector<loop_set> sets = find_runnable();
  return sets;
}

const loop_set& best_loops() { return runnable_loops().back(); }

}  // namespace volley::runtime
