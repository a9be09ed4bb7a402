// The kinds of ordinals that one class gets from another.
#pragma once
#include "runtime/base/ordinal.hpp"

namespace volley::runtime {

/// A synapse model of a kernel, and so the store of its connections on every VP.
using store_ordinal = ordinal<struct of_stores>;
/// A stimulator or a recorder among those of a kernel: the same on every VP.
using stimulator_ordinal = ordinal<struct of_stimulators>;
using recorder_ordinal = ordinal<struct of_recorders>;

// Of one VP:

/// The neurons of one Create call.
using block_ordinal = ordinal<struct of_blocks>;
/// An input of one (padded) cell: for spikes or, in a space of their own, for currents. Columns of rows and the loops
/// over them hold the numbers alone, 16 or 32 bits each; they become slots where one of them is looked up.
using input_slot = ordinal<struct of_slots>;
/// What plastic synapses read of a cell.
using history_line = ordinal<struct of_lines>;

}  // namespace volley::runtime
