// What a synapse model declares.
//
// A model is a struct with `params<V>` (equal for all connections of a cohort), `traces<V>` (depend on the source's
// spikes alone, shared by a cohort: connections born together with equal parameters), one weight a connection, and a
// table of fields. How spikes go through its connections follows from the functions that it has:
//
// None: a spike transmits the weight.
//
// release, and no other than these: a spike transmits the weight times a factor of the cohort.
//   decayed(params, traces, since_last_ms): the traces right before a spike of the source;
//   release(params, traces): the factor, from these;
//   after_pre(params, traces): the traces after that spike, where it changes them.
// Time is counted from the source's last spike, from 0 before the first. A model that `waits_for_first_spike` has its
// traces as they are at that spike, and `decayed` from the next on.
//
// on_pre: weights change. A row goes through the functions in vectors of connections.
//   decayed(params, traces, since_pre_ms): the traces that long after the source's last spike, if no other has come;
//   on_post(params, traces, weight): the weight after a spike of the target, where `traces` are decayed to it; called
//       in order for each such spike since the source's last one. A rule that does not read these spikes has none;
//   on_pre(params, traces, weight, K_minus): the weight after a spike of the source. A rule that does not read the
//       trace of the target's spikes leaves K_minus out. The weight is also what is transmitted, unless the result is a
//       `transmission`;
//   after_pre(params, traces): the traces after that spike, from those decayed to it.
//
// on_spike: connections are gone through one by one, in doubles. They may draw, and have variables of their own beside
// the weight, `connection<V>`.
//   decayed, after_pre: as for release, where there are traces;
//   at_spike(params, traces, since_last_ms): `chances`, what the connections of a cohort share at a spike, of doubles;
//       0 ms where the model waits and this is the first;
//   on_spike(chances, connection, weight, uniform): what the spike transmits, or nothing. `uniform`: `draws` numbers in
//       [0, 1), others for each connection and spike. Without variables of its own, `connection` is left out.
//
// `lead`: a member of params<double> that no user sees, where delays need not be whole steps: the time by which one is
// shorter than its steps. Such a model has none of these functions.
//
// Targets whose spikes no rule reads keep no history of them. `default_weight` is 1 where a model says nothing.
// `variants` are the other names that the model has: `labelled | compact`, one of them, or nothing.
#pragma once
#include <concepts>

#include "models/core/field_table.hpp"

namespace volley::models {

/// NAME_lbl: each connection has a label. NAME_hpc: connections end on receptor 0, and of each virtual process only on
/// the first nodes. Here this spares nothing; scripts that were written for other kernels ask for it.
struct synapse_variants {
  bool labelled = false, compact = false;
};
constexpr synapse_variants operator|(const synapse_variants& a, const synapse_variants& b) {
  return {a.labelled || b.labelled, a.compact || b.compact};
}

namespace declare {

inline constexpr synapse_variants labelled{.labelled = true}, compact{.compact = true};

}  // namespace declare

/// What a connection keeps after a spike of its source, and what it sends.
template <class V> struct transmission { V kept, sent; };

/// Whether the weights of model M change, or differ from what is transmitted, by a rule in vectors.
template <class M> concept plastic = requires { &M::template on_pre<double>; };

/// Whether a spike transmits the weight times what its source's spikes leave.
template <class M> concept releases = requires { &M::release; };

/// Whether connections of M are gone through one by one.
template <class M> concept walks = requires { &M::on_spike; };

/// Whether the traces of M are those of the first spike until it comes.
template <class M> concept waits_for_first_spike = M::waits_for_first_spike;

/// Whether M reads each spike of the target, and their trace. Histories are kept for such models alone.
template <class M> concept reads_posts = requires { &M::template on_post<double>; };
template <class M> concept reads_K_minus = requires(const typename M::template params<double>& p,
                                                    const typename M::template traces<double>& k) {
  M::on_pre(p, k, 1.0, 1.0);
};
template <class M> concept reads_targets = reads_posts<M> || reads_K_minus<M>;

namespace detail {

template <class M>
auto result_of_on_pre(const typename M::template params<double>& p, const typename M::template traces<double>& k) {
  if constexpr (reads_K_minus<M>)
    return M::on_pre(p, k, 1.0, 1.0);
  else
    return M::on_pre(p, k, 1.0);
}

struct no_variables {};
template <class M> struct variables_of { using type = no_variables; };
template <class M>
  requires requires { typename M::template connection<double>; }
struct variables_of<M> {
  using type = typename M::template connection<double>;
};

}  // namespace detail

/// What each connection of M has beside its weight.
template <class M> using connection_of = typename detail::variables_of<M>::type;

/// Whether what M transmits is not the weight it keeps.
template <class M> concept sends_apart = plastic<M> &&
    requires(const typename M::template params<double>& p, const typename M::template traces<double>& k) {
  { detail::result_of_on_pre<M>(p, k) } -> std::same_as<transmission<double>>;
};

}  // namespace volley::models
