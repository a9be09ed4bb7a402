// The loops of all neuron and synapse models, compiled once for each instruction set; which ones run is decided when the
// program asks.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/column.hpp"
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// One call of a step loop: `steps` updates of `cells` cells. Pointers are aligned to cache lines, arrays have padded(cells)
/// entries; the loop may compute all cells of a block, whatever `cells` says.
struct step_call {
  const column_view* params;
  const column_view* derived;
  bool params_vary;   ///< some column of params is an array
  bool derived_vary;  ///< the same for derived
  double* const* state;

  double* const* rows;     ///< [member of input * steps + lag], null for none; read, then zeroed
  double* const* arrived;  ///< the same shape, added before rows; may be null as a whole

  std::uint64_t* spikes;  ///< [lag * padded / 64 + cell / 64]; the loop sets bits, the caller cleared them
  double* counts;         ///< [lag * padded + cell]; written by models that emit counts, else unused

  std::uint32_t cells;
  std::uint32_t steps;

  // Whose random numbers: cell c is node first_id + id_stride * c, lag l is step first_step + l.
  std::uint32_t seed;
  std::uint64_t first_step;
  std::uint64_t first_id;
  std::uint64_t id_stride;
};

using step_loop = void (*)(const step_call&);

/// The loops for one instruction set.
struct kernel_set {
  std::string_view isa;  ///< scalar, sse2, avx2 or avx512
  std::span<const step_loop> loops;       ///< by neuron_model::kernel
  std::span<const plastic_loop> plastic;  ///< by synapse_model::kernel; null for a static model
  decay_lines decay;
};

/// The widest set this processor can run.
const kernel_set& best_kernels();

/// All sets this processor can run, narrow first. Results do not depend on the choice.
const std::vector<kernel_set>& runnable_kernels();

}  // namespace volley::runtime
