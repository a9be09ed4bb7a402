#include "runtime/plastic_rows.hpp"

#include <algorithm>

#include "models/synapses/stdp_pl_synapse_hom.hpp"
#include "models/synapses/stdp_synapse.hpp"

namespace volley::runtime {
namespace {

/// The functions of model M over the rows of a store.
template <class M>
struct rows_of {
  using P = typename M::template params<double>;
  using T = typename M::template traces<double>;

  static P params(const connection_store& store, const cohort& c) {
    return models::from_values<P>(store.parameter_set(c.parameters).data());
  }

  // The weight after the target's spikes in (after, upto], which reached the synapse a delay later.
  static double facilitated(const P& p, const T& k, double weight, std::uint32_t line, step_t after, step_t upto,
                            step_t pre, const plastic_targets& targets) {
    targets.history->between(line, after, upto, [&](step_t post) {
      weight = M::on_post(p, k, weight, static_cast<double>(post - pre) * targets.resolution_ms);
    });
    return weight;
  }

  static void spike(connection_store& store, std::uint64_t source, step_t stamp, const plastic_targets& targets,
                    input_rows& rows, weight_tap* tap) {
    const auto row = store.row(source);
    if (row.empty()) return;
    const auto first = store.first_run(source);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const run& r = row[i];
      const cohort& c = store.cohort_of(first + i);
      const P p = params(store, c);
      const T k = models::from_values<T>(store.traces_of(first + i));
      const auto delay = static_cast<step_t>(r.delay_steps);
      const step_t seen = stamp - delay;
      const step_t unseen_from = std::max(c.last_spike, store.caught_up()) - delay;
      double* weights = store.weights() + r.weight;
      const input_row due = rows.arrived(stamp + delay - 1);
      for (std::uint64_t n = 0; n < r.count; ++n) {
        const std::uint32_t slot = store.slot(r, n);
        const std::uint32_t line = targets.line(slot);
        double w = facilitated(p, k, weights[n], line, unseen_from, seen, c.last_spike - delay, targets);
        w = M::on_pre(p, k, w, targets.history->K_minus(line, seen, targets.tau_minus_ms[line], targets.resolution_ms));
        weights[n] = w;
        transmit(r.input(), slot, w, due);
        if (tap != nullptr) tap->transmitted(source, slot, r, n, stamp, w);
      }
    }
    for (std::size_t i = 0; i < row.size(); ++i) advance_cohort(store, first, i, stamp, targets.resolution_ms);
  }

  // Runs of one cohort share its traces: the last of them moves the traces on.
  static void advance_cohort(connection_store& store, std::uint64_t first, std::size_t i, step_t stamp, double resolution_ms) {
    const auto mine = store.cohort_index(first + i);
    for (std::size_t j = 0; j < i; ++j)
      if (store.cohort_index(first + j) == mine) return;
    cohort& c = store.cohort_of(first + i);
    double* traces = store.traces_of(first + i);
    const T next = M::after_pre(params(store, c), models::from_values<T>(traces),
                                static_cast<double>(stamp - c.last_spike) * resolution_ms);
    const auto values = models::values_of(next);
    std::copy(values.begin(), values.end(), traces);
    c.last_spike = stamp;
  }

  static void transmit(input_form form, std::uint32_t slot, double weight, const input_row& due) {
    switch (form) {
      case input_form::count: due.positive[slot] += 1.0; return;
      case input_form::by_sign: (weight < 0 ? due.negative : due.positive)[slot] += weight; return;
      default: due.positive[slot] += weight; return;
    }
  }

  static void catch_up(connection_store& store, step_t now, const plastic_targets& targets) {
    for (std::uint64_t source = 0; source < store.source_limit(); ++source) {
      const auto row = store.row(source);
      for (std::size_t i = 0; i < row.size(); ++i) {
        const run& r = row[i];
        const cohort& c = store.cohort_of(store.first_run(source) + i);
        const P p = params(store, c);
        const T k = models::from_values<T>(store.traces_of(store.first_run(source) + i));
        const auto delay = static_cast<step_t>(r.delay_steps);
        const step_t after = std::max(c.last_spike, store.caught_up()) - delay;
        double* weights = store.weights() + r.weight;
        for (std::uint64_t n = 0; n < r.count; ++n)
          weights[n] = facilitated(p, k, weights[n], targets.line(store.slot(r, n)), after, now - delay,
                                   c.last_spike - delay, targets);
      }
    }
    store.set_caught_up(now);
  }
};

template <class M>
constexpr plastic_kernel kernel_of{&rows_of<M>::spike, &rows_of<M>::catch_up};

}  // namespace

const plastic_kernel* find_plastic_kernel(const models::synapse_model& model) {
  if (model.name == synapses::stdp_synapse::name) return &kernel_of<synapses::stdp_synapse>;
  if (model.name == synapses::stdp_pl_synapse_hom::name) return &kernel_of<synapses::stdp_pl_synapse_hom>;
  return nullptr;
}

}  // namespace volley::runtime
