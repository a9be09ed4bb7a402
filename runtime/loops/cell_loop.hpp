// The loop over the cells of a model that keeps times within a step (models/core/cell_step.hpp): step after step, cell
// after cell. Included by step_loop.hpp alone.
#pragma once
#include "models/core/cell_step.hpp"
#include "runtime/loops/list_entries.hpp"
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

/// V: a single number.
template <class M, class V> void run_cells(const step_call& call) {
  using P = typename M::template params<V>;
  using D = typename M::template derived<V>;
  using S = typename M::template state<V>;
  using I = typename M::template input<V>;
  static_assert(models::lists_in<M>::size == 0, "models that keep times have no lists");

  const std::uint32_t words = padded(call.cells) / block_cells;
  for (std::uint32_t lag = 0; lag < call.steps; ++lag) {
    const auto stamp = static_cast<std::int64_t>(call.first_step + lag + 1);
    timed_row due = call.timed == nullptr ? timed_row{} : call.timed[lag];
    for (std::uint32_t cell = 0; cell < call.cells; ++cell) {
      const auto* const first = due.first;
      while (due.first != due.last && due.first->slot == call.first_slot + cell) ++due.first;
      models::cell_step<V> here(first, due.first, stamp, cell, call.sent);
      S s = load_struct<S, V>([&](std::size_t i) { return models::ops<V>::load(call.state[i] + cell); });
      M::step(load_columns<P, V>(call.params, cell), load_columns<D, V>(call.derived, cell), s,
              take_input<I, V>(call, 0, lag, cell), here);
      store_struct<S, V>(s, [&](std::size_t i, V value) { models::ops<V>::store(call.state[i] + cell, value); });
      if (here.spiked()) call.spikes[lag * words + cell / block_cells] |= std::uint64_t{1} << cell % block_cells;
    }
  }
}

}  // namespace volley::runtime
