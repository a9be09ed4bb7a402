#include "runtime/loops/plastic_loops.hpp"

#include "models/synapses/list.hpp"
#include "runtime/loops/plastic_loop.hpp"

namespace volley::runtime {

namespace {

// The set this file is being compiled for.
using here = models::isa::VOLLEY_ISA;

template <class M> constexpr plastic_loop loop_of() {
  if constexpr (models::plastic<M>) return run_plastic<M, here>;
  else return nullptr;
}

template <class... Models> std::span<const plastic_loop> loops_of(synapses::model_list<Models...>) {
  static constexpr plastic_loop loops[] = {loop_of<Models>()...};
  return loops;
}

}  // namespace

template <> std::span<const plastic_loop> plastic_loops<here>() { return loops_of(synapses::all{}); }
template <> decay_lines decay_of_lines<here>() { return run_decay<here>; }

}  // namespace volley::runtime
