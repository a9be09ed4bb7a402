// One call of a plastic row's loop. Loops are compiled once for each instruction set, hence plain data.
#pragma once
#include <cstdint>

#include "runtime/slot_map.hpp"
#include "runtime/spike_lines.hpp"

namespace volley::runtime {

/// What rows read of the targets: lines of slots, and the time constant of K_minus.
struct plastic_targets {
  const std::uint32_t* line_of_page;  ///< by slot / slot_map::page: line of the page's first slot
  const double* tau_minus_ms;         ///< by line
  bool tau_minus_varies;              ///< else all have that of the first
  double resolution_ms;
  spike_lines lines;
};

/// Neighbouring connections with one delay, one set of parameters and one of traces. Their weights go through the targets'
/// spikes in (after, upto], which are `pre` steps later than the source's last spike was at the synapse; then, if the source
/// spikes, through that spike at step `upto`, and are added to the targets' slots in their order.
struct plastic_call {
  std::uint32_t count;
  const std::uint16_t* narrow_slots;  ///< null where slots are wide
  const std::uint32_t* wide_slots;
  double* weights;

  const double* params;
  const double* traces;

  const plastic_targets* targets;
  step_t after, upto;
  step_t pre;

  bool spikes;          ///< else the source is silent and nothing is transmitted
  input_form form;
  double* positive;     ///< by slot, as in input_row
  double* negative;
};

using plastic_loop = void (*)(const plastic_call&);

}  // namespace volley::runtime
