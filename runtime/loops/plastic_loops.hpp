// Where the loops of plastic rows of one instruction set are found. Defined in plastic_loops.cpp, compiled once for each set.
#pragma once
#include <span>

#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// The loops of all models of synapses::all in its order, null for a static one; for one of models::isa.
template <class Isa> std::span<const plastic_loop> plastic_loops();
template <class Isa> decay_lines decay_of_lines();

}  // namespace volley::runtime
