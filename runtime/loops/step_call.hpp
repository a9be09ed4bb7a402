// One call of a neuron model's loop. Loops are compiled once for each instruction set, hence plain data.
#pragma once
#include <cstdint>

#include "models/core/cell_step.hpp"
#include "runtime/base/column_view.hpp"

namespace volley::runtime {

/// What arrives within a step at neighbouring slots, by slot and time.
struct timed_row {
  const models::timed_amount* first = nullptr;
  const models::timed_amount* last = nullptr;
};

/// One call of a step loop: `steps` updates of `cells` cells. Pointers are aligned to cache lines, arrays have
/// padded(cells) entries; the loop may compute all cells of a block, whatever `cells` says.
struct step_call {
  const column_view* params;
  const column_view* derived;
  bool params_vary;   ///< some column of params is an array, of those that do not belong to lists
  bool derived_vary;  ///< the same for derived
  double* const* state;
  const std::uint32_t* entries;  ///< of each list of the model; their columns follow those of its own members

  double* const* rows;     ///< [member of input * steps + lag], null for none; read, then zeroed
  double* const* arrived;  ///< the same shape, added before rows; may be null as a whole

  std::uint64_t* spikes;  ///< [lag * padded / 64 + cell / 64]; the loop sets bits, the caller cleared them
  double* counts;         ///< [lag * padded + cell]; written by models that emit counts, else unused
  double* offsets;        ///< the same shape; written by models whose spikes carry a number, else unused

  // Of models that keep times within a step.
  const timed_row* timed;  ///< [lag], of the slots from first_slot on, one a cell; null: nothing
  std::uint32_t first_slot;
  models::spike_outlet sent;  ///< takes their spikes, by step, cell and time

  std::uint32_t cells;
  std::uint32_t steps;

  // Whose random numbers: cell c is node first_id + id_stride * c, lag l is step first_step + l.
  std::uint32_t seed;
  std::uint64_t first_step;
  std::uint64_t first_id;
  std::uint64_t id_stride;
};

using step_loop = void (*)(const step_call&);

}  // namespace volley::runtime
