#include "runtime/loops/step_loops.hpp"

#include "models/neurons/list.hpp"
#include "runtime/loops/step_loop.hpp"

namespace volley::runtime {

namespace {

// The set this file is being compiled for.
using here = models::isa::VOLLEY_ISA;

template <class... Models> std::span<const step_loop> loops_of(neurons::model_list<Models...>) {
  static constexpr step_loop loops[] = {run_steps<Models, models::lanes<here>>...};
  return loops;
}

}  // namespace

template <> std::span<const step_loop> step_loops<here>() { return loops_of(neurons::all{}); }

}  // namespace volley::runtime
