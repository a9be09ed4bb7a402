// Plastic connections onto nodes that keep times: one by one, in doubles, at the times of the source's spikes and of
// the targets'. Without offsets the bits are those of the loops, which know steps alone.
#pragma once
#include "models/core/synapse_model.hpp"
#include "runtime/base/time.hpp"
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// The times whose steps a call has.
struct call_times {
  spike_time pre, after, upto;
};

/// What a loop of the model does with the call.
void go_through_times(const models::synapse_model&, const plastic_call&, const call_times&);

}  // namespace volley::runtime
