#include "runtime/plastic_rows.hpp"

#include <algorithm>

#include "models/synapses/list.hpp"

namespace volley::runtime {
namespace {

template <class M> constexpr plastic_kernel::advance after_pre() {
  if constexpr (!models::plastic<M>) {
    return nullptr;
  } else {
    return [](const double* params, double* traces, double since_last_ms) {
      using P = typename M::template params<double>;
      using T = typename M::template traces<double>;
      const auto decayed = M::decayed(models::from_values<P>(params), models::from_values<T>(traces), since_last_ms);
      const auto next = models::values_of(M::after_pre(models::from_values<P>(params), decayed));
      std::copy(next.begin(), next.end(), traces);
    };
  }
}

template <class... Models> plastic_kernel::advance after_pre_of(std::uint32_t kernel, synapses::model_list<Models...>) {
  constexpr plastic_kernel::advance all[] = {after_pre<Models>()...};
  return all[kernel];
}

// Run number `index` of the store, which is `r`, from the spikes of its targets that it has seen up to those that reach it at
// step `now`.
plastic_call call_for(connection_store& store, const run& r, std::uint64_t index, step_t now, const plastic_targets& targets) {
  const cohort& c = store.cohort_of(index);
  const auto delay = static_cast<step_t>(r.delay_steps);
  const auto& slots = store.slots();
  plastic_call call{};
  call.count = static_cast<std::uint32_t>(r.count);
  if (slots.wide()) call.wide_slots = slots.wide_data() + r.begin;
  else call.narrow_slots = slots.narrow_data() + r.begin;
  call.weights = store.weights() + r.weight;
  call.params = store.parameter_set(c.parameters).data();
  call.traces = store.traces_of(index);
  call.targets = &targets;
  call.after = std::max(c.last_spike, store.caught_up()) - delay;
  call.upto = now - delay;
  call.pre = c.last_spike - delay;
  return call;
}

}  // namespace

void plastic_kernel::spike(connection_store& store, std::uint64_t source, step_t stamp, const plastic_targets& targets,
                           input_rows& rows, weight_tap* tap) const {
  const auto row = store.row(source);
  if (row.empty()) return;
  const auto first = store.first_run(source);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const run& r = row[i];
    plastic_call call = call_for(store, r, first + i, stamp, targets);
    const input_row due = rows.arrived(stamp + static_cast<step_t>(r.delay_steps) - 1);
    call.spikes = true;
    if (targets.decayed != nullptr && 2 * r.count >= targets.n_lines) call.K_minus = decayed(targets, call.upto);
    call.form = r.input();
    call.positive = due.positive;
    call.negative = due.negative;
    loop_(call);
    if (tap == nullptr) continue;
    for (std::uint64_t n = 0; n < r.count; ++n) tap->transmitted(source, store.slot(r, n), r, n, stamp, call.weights[n]);
  }
  for (std::size_t i = 0; i < row.size(); ++i) advance_cohort(store, first, i, stamp, targets.resolution_ms);
}

const double* plastic_kernel::decayed(const plastic_targets& targets, step_t upto) const {
  decayed_lines& kept = *targets.decayed;
  if (kept.step != upto) {
    kept.K_minus.resize(targets.n_lines);
    decay_(targets, upto, kept.K_minus.data());
    kept.step = upto;
  }
  return kept.K_minus.data();
}

// Runs of one cohort share its traces: the last of them moves the traces on.
void plastic_kernel::advance_cohort(connection_store& store, std::uint64_t first, std::size_t i, step_t stamp, double resolution_ms) const {
  const auto mine = store.cohort_index(first + i);
  for (std::size_t j = 0; j < i; ++j)
    if (store.cohort_index(first + j) == mine) return;
  cohort& c = store.cohort_of(first + i);
  after_pre_(store.parameter_set(c.parameters).data(), store.traces_of(first + i),
             static_cast<double>(stamp - c.last_spike) * resolution_ms);
  c.last_spike = stamp;
}

void plastic_kernel::catch_up(connection_store& store, step_t now, const plastic_targets& targets) const {
  for (std::uint64_t source = 0; source < store.source_limit(); ++source) {
    const auto row = store.row(source);
    for (std::size_t i = 0; i < row.size(); ++i) loop_(call_for(store, row[i], store.first_run(source) + i, now, targets));
  }
  store.set_caught_up(now);
}

std::optional<plastic_kernel> find_plastic_kernel(const models::synapse_model& model, const kernel_set& kernels) {
  if (!model.plastic) return std::nullopt;
  return plastic_kernel(kernels.plastic[model.kernel], kernels.decay, after_pre_of(model.kernel, synapses::all{}));
}

}  // namespace volley::runtime
