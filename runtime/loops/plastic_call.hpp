// One call of a plastic row's loop. Loops are compiled once for each instruction set, hence plain data.
#pragma once
#include <cstdint>

#include "runtime/loops/spike_lines.hpp"

namespace volley::runtime {

struct decayed_lines;

/// What rows read of the targets: lines of slots, and the time constant of K_minus.
struct plastic_targets {
  const std::uint32_t* line_of_page;  ///< by slot / block_cells: line of the first of these slots
  const double* tau_minus_ms;         ///< by line
  bool tau_minus_varies;              ///< else all have that of the first
  double resolution_ms;
  std::uint32_t n_lines;
  spike_lines lines;
  decayed_lines* decayed;  ///< null: none is kept
};

/// Fills `K_minus` for a step.
using decay_lines = void (*)(const plastic_targets&, step_t step, double* K_minus);

/// Neighbouring connections with one delay.
struct plastic_piece {
  std::uint32_t count;
  step_t delay;
  double* positive;  ///< by slot, as in input_row, where the spike arrives
  double* negative;
};

/// Some of them, side by side in a tile.
struct tile_part {
  const plastic_piece* piece;
  std::uint32_t count;
};

/// Adds the amounts of a tile's connections, part after part, to their slots in the rows of the pieces.
using transmit_amounts = void (*)(const tile_part* parts, std::uint32_t n_parts, const std::uint32_t* slots,
                                  const double* amounts);

/// Neighbouring connections with one set of parameters and one of traces. Their weights go through the targets' spikes
/// that reach them in (after, upto], a piece's delay after they happened; then, if the source spikes, through that
/// spike at step `upto`, and are added to the targets' slots in their order.
struct plastic_call {
  std::uint32_t count;  ///< of all pieces
  const plastic_piece* pieces;
  const std::uint16_t* narrow_slots;  ///< null where slots are wide
  const std::uint32_t* wide_slots;
  double* weights;
  double* sent;  ///< by connection, what the spike transmits; null where that is the weight

  const double* params;
  const double* traces;

  const plastic_targets* targets;
  step_t after, upto;
  step_t pre;  ///< the source's last spike
  const double*
      K_minus;  ///< by line, right before `upto` less the delay of the one piece; null: the loop computes what it needs

  bool spikes;  ///< else the source is silent and nothing is transmitted
  transmit_amounts transmit;
};

using plastic_loop = void (*)(const plastic_call&);

}  // namespace volley::runtime
