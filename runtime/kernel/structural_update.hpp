// Structural plasticity at work: at whole multiples of its interval, while a run pauses, connections go where neurons
// have too few synaptic elements, and come where elements are vacant. What goes and comes is decided here, for all VPs,
// from what they count; they do it as they do what users ask for.
#pragma once
#include <functional>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

/// Steps between updates; 0: there are none.
step_t structural_interval(const network&);

/// The delays of connections to come are among those of the network, before it runs for the first time.
void include_structural_delays(network&);

/// One update, at the step at hand; then goes on. REQUIRES: the spikes of the interval before are delivered.
outcome update_structure(network&, std::function<outcome()> then);

}  // namespace volley::runtime
