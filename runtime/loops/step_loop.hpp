// The loop over the cells of a population: a vector of cells is loaded, carried through all steps of the call in
// registers, and stored. There are three instances per model, because reading a uniform column for each vector of cells
// costs more than the arithmetic of a simple neuron: parameters and derived constants the same for all, only parameters
// different, both different. Included by step_loops.cpp alone.
#pragma once
#include <array>

#include "models/core/neuron.hpp"
#include "runtime/loops/cell_loop.hpp"
#include "runtime/loops/lane_structs.hpp"
#include "runtime/loops/list_entries.hpp"
#include "runtime/loops/step_loops.hpp"

namespace volley::runtime {

enum class variation : std::uint8_t { none, params, all };

template <class V> void mark(const step_call& call, std::uint32_t lag, std::uint32_t cell, models::mask_of<V> spike) {
  const std::uint64_t bits = models::ops<V>::bitmap(spike);
  if (bits == 0) return;
  const std::uint32_t words = padded(call.cells) / block_cells;
  call.spikes[lag * words + cell / block_cells] |= bits << (cell % block_cells);
}

template <class V> void mark(const step_call& call, std::uint32_t lag, std::uint32_t cell, V count) {
  models::ops<V>::store(call.counts + std::size_t{lag} * padded(call.cells) + cell, count);
  mark<V>(call, lag, cell, !(count <= 0));  // models::stops, too
}

template <class V> void mark(const step_call& call, std::uint32_t lag, std::uint32_t cell, models::spikes_at<V> one) {
  mark<V>(call, lag, cell, one.spikes);
  models::ops<V>::store(call.offsets + std::size_t{lag} * padded(call.cells) + cell, one.offset_ms);
}
template <class V> void mark(const step_call& call, std::uint32_t lag, std::uint32_t cell, models::spikes_with<V> one) {
  mark<V>(call, lag, cell, models::spikes_at<V>{one.spikes, one.amount});
}

/// The node ids of a vector of cells.
template <class V> typename models::ops<V>::words ids(const step_call& call, std::uint32_t cell) {
  return models::ops<V>::counting() * call.id_stride + (call.first_id + call.id_stride * cell);
}

template <class M, class V, variation Varies> void run_instance(const step_call& call) {
  using O = models::ops<V>;
  using P = typename M::template params<V>;
  using D = typename M::template derived<V>;
  using S = typename M::template state<V>;
  using I = typename M::template input<V>;

  std::array<double*, members<S, V>> columns;  // a copy, which stores to the columns cannot alias
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = call.state[i];
  const P common_params = load_columns<P, V>(call.params, 0);
  const D common_derived = load_columns<D, V>(call.derived, 0);
  block_lists<M, V> lists(call);

  for (std::uint32_t cell = 0; cell < call.cells; cell += O::width) {
    const P p = Varies == variation::none ? common_params : load_columns<P, V>(call.params, cell);
    const D d = Varies != variation::all ? common_derived : load_columns<D, V>(call.derived, cell);
    S s = load_struct<S, V>([&](std::size_t i) { return O::load(columns[i] + cell); });
    for (std::uint32_t lag = 0; lag < call.steps; ++lag) {
      const I in = take_input<I, V>(call, 0, lag, cell);
      lists.at(lag, cell);
      const auto step = [&](auto&... entries) {
        if constexpr (requires { M::step(p, d, s, in, entries...); }) {
          mark<V>(call, lag, cell, M::step(p, d, s, in, entries...));
        } else {
          models::draws<V> random(call.seed, ids<V>(call, cell), call.first_step + lag);
          mark<V>(call, lag, cell, M::step(p, d, s, in, entries..., random));
        }
      };
      lists.pass_to(step);
    }
    store_struct<S, V>(s, [&](std::size_t i, V value) { O::store(columns[i] + cell, value); });
  }
}

template <class M, class V> void run_vectors(const step_call& call) {
  if (call.derived_vary) return run_instance<M, V, variation::all>(call);
  if (call.params_vary) return run_instance<M, V, variation::params>(call);
  return run_instance<M, V, variation::none>(call);
}

template <class M, class Isa> void run_cells_on(const step_call& call, models::lanes<Isa>*) {
  run_cells<M, models::lanes<models::isa::one_of<Isa>>>(call);
}

template <class M, class V> void run_steps(const step_call& call) {
  if constexpr (models::is_per_cell<M>())
    return run_cells_on<M>(call, static_cast<V*>(nullptr));
  else
    run_vectors<M, V>(call);
}

}  // namespace volley::runtime
