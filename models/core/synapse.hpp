// What a synapse model declares.
//
// A model is a struct with `params<V>` (equal for all connections of a cohort), `traces<V>` (depend on the source's spikes
// alone, shared by a cohort: connections born together with equal parameters), one weight a connection, a table of fields,
// and, where the weight changes, four pure functions:
//   decayed(params, traces, since_pre_ms): the traces that long after the source's last spike, if no other has come;
//   on_post(params, traces, weight): the weight after a spike of the target, where `traces` are decayed to it; called in
//       order for each such spike since the source's last one;
//   on_pre(params, traces, weight, K_minus): the weight after a spike of the source; it is also what is transmitted;
//   after_pre(params, traces): the traces after that spike, from those decayed to it.
#pragma once
#include "models/core/field_table.hpp"

namespace volley::models {

/// Whether the weights of model M change.
template <class M> concept plastic = requires { &M::template on_pre<double>; };
/// Whether they change by spikes of the target: histories are kept for such models alone.
template <class M> concept reads_targets = plastic<M> && requires { &M::template on_post<double>; };

}  // namespace volley::models
