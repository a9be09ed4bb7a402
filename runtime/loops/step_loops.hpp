// Where the step loops of one instruction set are found. Defined in step_loops.cpp, which is compiled once for each set.
#pragma once
#include <span>

#include "runtime/loops/loops.hpp"

namespace volley::runtime {

/// The loops of all models of neurons::all in its order, for one of models::isa.
template <class Isa> std::span<const step_loop> step_loops();

}  // namespace volley::runtime
