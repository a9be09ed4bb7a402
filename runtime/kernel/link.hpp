// How connections that were asked for get to the shards.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

/// What the sources of a call send.
enum class source_kind : std::uint8_t { spikes, generated_spikes, currents, meter };

/// Asks all shards for the connections, after a check of what only draws and the machine's memory can show.
outcome link(network&, std::vector<projection> projections, source_kind from);

/// Goes on with `then` once no connection waits to be placed.
outcome when_built(network&, std::function<outcome()> then);

}  // namespace volley::runtime
