// The loop over neighbouring plastic connections, a tile at a time: (1) look up what each connection has to see of its
// target, (2) apply the target's spikes, a vector of connections at a time, each its next spike, until none is left,
// (3) apply the source's spike to all, (4) have the weights added to the slots in their order. Included by
// plastic_loops.cpp alone.
#pragma once
#include "models/core/synapse.hpp"
#include "runtime/loops/decayed.hpp"
#include "runtime/loops/lane_structs.hpp"
#include "runtime/loops/plastic_loops.hpp"
#include "runtime/loops/plastic_tile.hpp"

namespace volley::runtime {

/// The functions of model M on vectors of connections. Flattened: a call to exp or log would keep its constants out of
/// registers.
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
  template <bool Tabulated, class Spike>
  [[gnu::flatten]] void apply_posts(work_list<Isa, n_traces, Spike>& list) const {
    // The last vector is whole, of values without paths of their own.
    O::store(list.weights + list.size.now, V(1.0));
    if constexpr (!Tabulated)
      O::store(list.steps_since_pre + list.size.now, V(0.0));
    else
      for (std::size_t k = 0; k < n_traces; ++k) O::store(list.traces[k] + list.size.now, V(0.0));
    for (std::uint32_t i = 0; i < list.size.now; i += O::width) {
      T at_spike;
      if constexpr (Tabulated)
        at_spike = load_struct<T, V>([&](std::size_t k) { return O::load(list.traces[k] + i); });
      else
        at_spike = M::decayed(params, traces, O::load(list.steps_since_pre + i) * resolution_ms);
      O::store(list.weights + i, M::on_post(params, at_spike, O::load(list.weights + i)));
    }
  }

  /// (3): the weights after the source's spike, and what it transmits where that is not the weight.
  [[gnu::flatten]] void apply_pre(const plastic_call& call, double* weights, double* sent, std::uint32_t count,
                                  tile_of<Isa, n_traces>& tile) const {
    const bool decayed = call.K_minus != nullptr;
    // Also of lines that show `beyond`, which is in the past once `upto` lies there.
    const step_t ahead = call.upto - call.targets->lines.base - (spike_lines::beyond - 1);
    const auto late = static_cast<double>(ahead > 0 ? ahead : 0);
    const auto look_up_where_late = [&](std::uint32_t n) {
      if (!models::reads_K_minus<M> || decayed || !O::any(O::load(tile.steps_since_post + n) <= late)) return;
      for (std::uint32_t i = n; i < n + O::width; ++i)
        if (tile.steps_since_post[i] <= late) look_up_late(call, i, tile);
    };
    std::uint32_t n = 0;
    for (; n + O::width <= count; n += O::width) {
      look_up_where_late(n);
      keep(after_spike(O::load(weights + n), tile, n, decayed), weights + n, sent + n);
    }
    if (n == count) return;
    double rest[O::width] = {}, rest_sent[O::width];
    for (std::uint32_t i = n; i < n + O::width; ++i) {
      if (i < count)
        rest[i - n] = weights[i];
      else
        tile.K_minus[i] = 0, tile.steps_since_post[i] = late + 1, tile.decay_per_ms[i] = -1;
    }
    look_up_where_late(n);
    keep(after_spike(O::load(rest), tile, n, decayed), rest, rest_sent);
    for (std::uint32_t i = n; i < count; ++i) weights[i] = rest[i - n];
    if constexpr (models::sends_apart<M>)
      for (std::uint32_t i = n; i < count; ++i) sent[i] = rest_sent[i - n];
  }

  static void keep(V after, double* weights, double*) { O::store(weights, after); }
  static void keep(const models::transmission<V>& after, double* weights, double* sent) {
    O::store(weights, after.kept);
    O::store(sent, after.sent);
  }

  auto after_spike(V weight, const tile_of<Isa, n_traces>& tile, std::uint32_t n, bool decayed) const {
    if constexpr (!models::reads_K_minus<M>) {
      return M::on_pre(params, traces, weight);
    } else {
      V K_minus = O::load(tile.K_minus + n);
      if (!decayed)
        K_minus =
            decayed_by(K_minus, O::load(tile.steps_since_post + n) * resolution_ms, O::load(tile.decay_per_ms + n));
      return M::on_pre(params, traces, weight, K_minus);
    }
  }
};

template <class M, class Isa, bool Tabulated>
void run_tiles(const plastic_call& call, const plastic_lanes<M, Isa>& model,
               const trace_table<Isa, plastic_lanes<M, Isa>::n_traces>& table) {
  constexpr std::size_t N = plastic_lanes<M, Isa>::n_traces;
  tile_of<Isa, N> tile;
  tile_cutter<Isa, N> cutter(call);
  const step_t base = call.targets->lines.base;
  if (!call.targets->tau_minus_varies) {
    const double decay_per_ms = -1.0 / call.targets->tau_minus_ms[0];
    for (std::uint32_t n = 0; n < call.count && n < tile_connections; ++n) tile.decay_per_ms[n] = decay_per_ms;
  }
  for (std::uint32_t begin = 0; begin < call.count; begin += tile_connections) {
    const std::uint32_t left = call.count - begin, count = left < tile_connections ? left : tile_connections;
    double* const weights = call.weights + begin;
    for (std::uint32_t n = 0; n < count; n += cache_line_doubles)
      __builtin_prefetch(weights + n, 1);  // while targets are looked up
    cutter.cut(begin, count, tile);
    [[maybe_unused]] std::uint32_t spiked = 0;
    if constexpr (models::reads_targets<M>) spiked = read_newest(call, tile);
    if constexpr (models::reads_posts<M>) {
      const list_writer<Isa, N, Tabulated> writer{tile, weights, table.values, base, call.pre - base};
      look_up_windows(call, spiked, writer, tile);
      const auto apply_posts = [&](auto& list) {
        while (list.size.now != 0) {
          model.template apply_posts<Tabulated>(list);
          end_round(writer, weights, list);
        }
      };
      apply_posts(tile.recent);
      apply_posts(tile.older);
    }
    if (!call.spikes) continue;
    double* const sent = models::sends_apart<M> ? call.sent + begin : weights;
    model.apply_pre(call, weights, sent, count, tile);
    call.transmit(tile.parts, tile.n_parts, tile.slots, sent);
  }
}

template <class M, class Isa> void run_plastic(const plastic_call& call) {
  const plastic_lanes<M, Isa> model(call);
  trace_table<Isa, model.n_traces> table;
  if constexpr (models::reads_posts<M>) model.tabulate(call, table);
  if (table.size != 0)
    run_tiles<M, Isa, true>(call, model, table);
  else
    run_tiles<M, Isa, false>(call, model, table);
}

template <class M, class Isa> plastic_loop plastic_loop_of() {
  if constexpr (models::plastic<M>)
    return run_plastic<M, Isa>;
  else
    return nullptr;
}

}  // namespace volley::runtime
