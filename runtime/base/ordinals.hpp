// The kinds of ordinals that one class gets from another.
#pragma once
#include "runtime/base/ordinal.hpp"

namespace volley::runtime {

/// A synapse model of a kernel, and so the store of its connections on every VP.
using store_ordinal = ordinal<struct of_stores>;
/// A stimulator or a recorder among those of a kernel: the same on every VP.
using stimulator_ordinal = ordinal<struct of_stimulators>;
using recorder_ordinal = ordinal<struct of_recorders>;

}  // namespace volley::runtime
