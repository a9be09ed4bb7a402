#include "runtime/delivery/precise_rows.hpp"

#include "runtime/base/slot_map.hpp"
#include "runtime/delivery/post_history.hpp"

namespace volley::runtime {

void go_through_times(const models::synapse_model& model, const plastic_call& call, const call_times& times) {
  const plastic_targets& targets = *call.targets;
  const post_history& history = *targets.lines.history;
  const plastic_piece* piece = call.pieces;
  for (std::uint32_t i = 0, left = piece->count; i < call.count; ++i, --left) {
    if (left == 0) left = (++piece)->count;
    const std::uint32_t slot = call.narrow_slots != nullptr ? call.narrow_slots[i] : call.wide_slots[i];
    const history_line line(targets.line_of_page[slot / slot_map::page] + slot % slot_map::page);
    const auto upto = times.upto - piece->delay;
    double& weight = call.weights[i];
    if (model.on_post != nullptr) {
      const auto end = history.n_upto(line, upto);
      for (auto post = history.n_upto(line, times.after - piece->delay); post < end; ++post) {
        const auto arrived = history.time_of(line, post) + piece->delay;
        weight = model.on_post(call.params, call.traces, arrived.ms_since(times.pre, targets.resolution_ms), weight);
      }
    }
    if (!call.spikes) continue;
    const double K_minus = model.reads_targets
                               ? history.K_minus(line, upto, targets.tau_minus_ms[line.index()], targets.resolution_ms)
                               : 0;
    const auto after = model.on_pre(call.params, call.traces, weight, K_minus);
    weight = after.kept;
    if (call.sent != nullptr) call.sent[i] = after.sent;
    const plastic_piece alone{1, piece->delay, piece->positive, piece->negative};
    const tile_part part{&alone, 1};
    call.transmit(&part, 1, &slot, &after.sent);
  }
}

}  // namespace volley::runtime
