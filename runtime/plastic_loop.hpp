// The loop over neighbouring plastic connections, a tile at a time: (1) look up what each connection has to see of its target,
// (2) apply the target's spikes, a vector of connections at a time, each its next spike, until none is left, (3) apply the
// source's spike to all, (4) add the weights to the slots in their order. Included by plastic_loops.cpp alone.
#pragma once
#include "models/core/math.hpp"
#include "runtime/lane_structs.hpp"
#include "runtime/plastic_tile.hpp"

namespace volley::runtime {

/// A double in all lanes; unlike the constructor it keeps the sign of zero.
template <class Isa> models::lanes<Isa> broadcast(double x) {
  double all[models::ops<models::lanes<Isa>>::width];
  for (double& lane : all) lane = x;
  return models::ops<models::lanes<Isa>>::load(all);
}

/// K_minus some time after a spike.
template <class V> [[gnu::always_inline]] inline V decayed_by(V K_minus, V since_post_ms, V decay_per_ms) {
  return K_minus * models::exp(since_post_ms * decay_per_ms);
}

/// K_minus of all lines right before `step`.
template <class Isa> [[gnu::flatten]] void run_decay(const plastic_targets& targets, step_t step, double* K_minus) {
  using V = models::lanes<Isa>;
  using O = models::ops<V>;
  const spike_lines& lines = targets.lines;
  const auto now = static_cast<double>(step - lines.base);
  const std::int32_t upto = relative<Isa>(step, lines.base);
  V decay_per_ms = -1.0 / broadcast<Isa>(targets.tau_minus_ms[0]);
  for (std::uint32_t begin = 0; begin < targets.n_lines; begin += O::width) {  // lines come in blocks of 64
    double steps[O::width], K[O::width];
    if (targets.tau_minus_varies) decay_per_ms = -1.0 / O::load(targets.tau_minus_ms + begin);
    for (std::uint32_t i = 0; i < O::width; ++i) {
      const std::uint32_t line = begin + i;
      steps[i] = now - static_cast<double>(lines.newest[line]);
      K[i] = lines.newest_K_minus[line];
      if (lines.newest[line] < upto) [[likely]] continue;
      const post_spike last = lines.last_before(*lines.history, line, step);
      steps[i] = static_cast<double>(step - last.stamp);
      K[i] = last.K_minus;
    }
    O::store(K_minus + begin, decayed_by(O::load(K), O::load(steps) * targets.resolution_ms, decay_per_ms));
  }
}

/// The functions of model M on vectors of connections. Flattened: a call to exp or log would keep its constants out of registers.
template <class M, class Isa> struct plastic_lanes {
  using V = models::lanes<Isa>;
  using O = models::ops<V>;
  using P = typename M::template params<V>;
  using T = typename M::template traces<V>;

  static constexpr std::size_t n_traces = members<T, V>;

  const P params;
  const T traces;
  const double resolution_ms;

  explicit plastic_lanes(const plastic_call& call)
      : params(load_struct<P, V>([&](std::size_t i) { return broadcast<Isa>(call.params[i]); })),
        traces(load_struct<T, V>([&](std::size_t i) { return broadcast<Isa>(call.traces[i]); })),
        resolution_ms(call.targets->resolution_ms) {}

  /// Fills the table for the window of a call, if that is less work than the connections' own exponentials.
  [[gnu::flatten]] void tabulate(const plastic_call& call, trace_table<Isa, n_traces>& table) const {
    const step_t steps = call.upto - call.after;
    if (steps > static_cast<step_t>(call.count) || steps > table.most) return;
    table.size = static_cast<std::uint32_t>(steps);
    const auto first = static_cast<double>(call.after + 1 - call.pre);
    for (std::uint32_t i = 0; i < table.size; i += O::width) {
      double since_pre[O::width];
      for (std::uint32_t k = 0; k < O::width; ++k) since_pre[k] = first + (i + k);
      store_struct<T, V>(M::decayed(params, traces, O::load(since_pre) * resolution_ms),
                         [&](std::size_t k, V trace) { O::store(table.values[k] + i, trace); });
    }
  }

  /// (2): the weights after the spikes of one round.
  template <class Spike> [[gnu::flatten]] void apply_posts(work_list<Isa, n_traces, Spike>& list, bool tabulated) const {
    if (tabulated) {
      for (std::uint32_t i = 0; i < list.size.now; i += O::width) {
        const T at_spike = load_struct<T, V>([&](std::size_t k) { return O::load(list.traces[k] + i); });
        O::store(list.weights + i, M::on_post(params, at_spike, O::load(list.weights + i)));
      }
      return;
    }
    for (std::uint32_t i = 0; i < list.size.now; i += O::width) {
      const T at_spike = M::decayed(params, traces, O::load(list.steps_since_pre + i) * resolution_ms);
      O::store(list.weights + i, M::on_post(params, at_spike, O::load(list.weights + i)));
    }
  }

  /// (3)
  [[gnu::flatten]] void apply_pre(double* weights, std::uint32_t count, tile_of<Isa, n_traces>& tile, bool decayed) const {
    std::uint32_t n = 0;
    for (; n + O::width <= count; n += O::width) O::store(weights + n, after_spike(O::load(weights + n), tile, n, decayed));
    if (n == count) return;
    double rest[O::width] = {};
    for (std::uint32_t i = n; i < n + O::width; ++i) {
      if (i < count) rest[i - n] = weights[i];
      else tile.K_minus[i] = tile.steps_since_post[i] = 0, tile.decay_per_ms[i] = -1;
    }
    O::store(rest, after_spike(O::load(rest), tile, n, decayed));
    for (std::uint32_t i = n; i < count; ++i) weights[i] = rest[i - n];
  }

  V after_spike(V weight, const tile_of<Isa, n_traces>& tile, std::uint32_t n, bool decayed) const {
    V K_minus = O::load(tile.K_minus + n);
    if (!decayed) K_minus = decayed_by(K_minus, O::load(tile.steps_since_post + n) * resolution_ms, O::load(tile.decay_per_ms + n));
    return M::on_pre(params, traces, weight, K_minus);
  }
};

/// (4)
template <class Isa, std::size_t N>
void transmit(const plastic_call& call, const double* weights, std::uint32_t count, const tile_of<Isa, N>& tile) {
  double* const positive = call.positive;
  double* const negative = call.negative;
  switch (call.form) {
    case input_form::count:
      for (std::uint32_t n = 0; n < count; ++n) positive[tile.slots[n]] += 1.0;
      return;
    case input_form::by_sign:
      for (std::uint32_t n = 0; n < count; ++n) (weights[n] < 0 ? negative : positive)[tile.slots[n]] += weights[n];
      return;
    default:
      for (std::uint32_t n = 0; n < count; ++n) positive[tile.slots[n]] += weights[n];
  }
}

template <class M, class Isa> void run_plastic(const plastic_call& call) {
  const plastic_lanes<M, Isa> model(call);
  tile_of<Isa, model.n_traces> tile;
  trace_table<Isa, model.n_traces> table;
  model.tabulate(call, table);
  const auto apply_posts = [&](double* weights, auto& list, step_t base) {
    while (list.size.now != 0) {
      list.start_round(weights, call.pre - base, call.after - base, table);
      model.apply_posts(list, table.size != 0);
      list.end_round(weights);
    }
  };
  if (!call.targets->tau_minus_varies) {
    const double decay_per_ms = -1.0 / call.targets->tau_minus_ms[0];
    for (std::uint32_t n = 0; n < call.count && n < tile_connections; ++n) tile.decay_per_ms[n] = decay_per_ms;
  }
  for (std::uint32_t begin = 0; begin < call.count; begin += tile_connections) {
    const std::uint32_t left = call.count - begin, count = left < tile_connections ? left : tile_connections;
    double* weights = call.weights + begin;
    for (std::uint32_t n = 0; n < count; n += cache_line_doubles) __builtin_prefetch(weights + n, 1);  // while targets are looked up
    read_slots(call, begin, count, tile);
    const auto [spiked, late] = read_newest(call, count, tile);
    look_up_windows(call, spiked, tile);
    apply_posts(weights, tile.recent, call.targets->lines.base);
    apply_posts(weights, tile.older, 0);
    if (!call.spikes) continue;
    look_up_late(call, late, tile);
    model.apply_pre(weights, count, tile, call.K_minus != nullptr);
    transmit(call, weights, count, tile);
  }
}

}  // namespace volley::runtime
