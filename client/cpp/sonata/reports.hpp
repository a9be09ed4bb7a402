// What the `output` and `reports` sections of a configuration ask for: recorders that write SONATA files.
#pragma once
#include "client/cpp/sonata/node_files.hpp"

namespace volley::client::sonata {

/// A recorder for spikes, "spikes", and one for each report that is enabled, by its name; connected. Throws
/// builtins.ValueError for what cannot be recorded, builtins.KeyError for a node set that is not there.
populations make_recorders(Session& session, const Dictionary& config, const populations& nodes);

}  // namespace volley::client::sonata
