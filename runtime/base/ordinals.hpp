// The kinds of ordinals that one class gets from another.
#pragma once
#include "runtime/base/ordinal.hpp"

namespace volley::runtime {

/// A synapse model of a kernel, and so the store of its connections on every VP.
using store_ordinal = ordinal<struct store_kind>;

}  // namespace volley::runtime
