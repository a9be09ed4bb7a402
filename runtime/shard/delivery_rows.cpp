// The rows of sums: what is due, added at its step or before something changes, and read by cells.
#include "runtime/delivery/input_forms.hpp"
#include "runtime/shard/delivery.hpp"

namespace volley::runtime {

void delivery::fit() {
  rows_.prepare(cells_.shape(), static_cast<std::uint32_t>(plan_.interval_steps));
  const auto reach = static_cast<std::uint32_t>(plan_.max_delay + plan_.interval_steps);
  calendar_.prepare(reach);
  if (stores_.compute_arrivals()) rows_.open_arrivals(reach);
}

device_input_context delivery::inputs_context() {
  const auto id = [this](input_slot slot, bool currents) { return cells_.targets().id(slot, currents); };
  return {generators_.all(), stores_.all_rows(), id, plan_.seed, &timed_};
}

void delivery::before_change(step_t now, const interval_clock& clock) {
  cells_.histories().forget_decayed();
  // Trains act at their emission: what they sent in the open interval must not meet later connections.
  inject_trains(injected_, now);
  const auto row_of = [&](step_t due) {
    // The open interval has its rows already.
    const bool open = clock.is_open() && due < clock.begin + plan_.interval_steps;
    return open ? rows_.current(clock.lag(due)) : rows_.spilled(due);
  };
  for (step_t due = now; due < now + plan_.max_delay + plan_.interval_steps; ++due) {
    if (!calendar_.empty(due)) calendar_.deliver(due, stores_.all_rows(), row_of(due));
  }
  from_devices_.spill(inputs_context(), now, row_of);
}

void delivery::walk(step_t from, step_t to, const interval_clock& clock) {
  for (step_t due = from; due < to; ++due) {
    const auto row = rows_.current(clock.lag(due));
    calendar_.deliver(due, stores_.all_rows(), row);
    if (!from_devices_.empty()) from_devices_.add(inputs_context(), due, row);
  }
  timed_.sort(from, to);
}

input_view delivery::input(block_ordinal block, step_t from, std::uint32_t steps, const interval_clock& clock) {
  const auto& model = cells_.block(block).model();
  const auto& slots = cells_.targets().blocks()[block].channels;
  row_pointers_.assign(model.inputs * steps, nullptr);
  arrived_pointers_.assign(model.inputs * steps, nullptr);
  timed_rows_.clear();
  std::uint32_t first_slot = 0;
  for (std::size_t c = 0; c < model.channels.size(); ++c) {
    const auto& channel = model.channels[c];
    if (channel.member < 0) continue;
    const auto slot = slots[c].first_slot.index();
    if (models::facts_of(channel.form).keeps_times) {
      first_slot = slot;
      for (std::uint32_t lag = 0; lag < steps; ++lag) {
        const auto due = timed_.at(from + lag, slots[c].first_slot, cells_.block(block).padded());
        timed_rows_.push_back({due.data(), due.data() + due.size()});
      }
    }
    const auto point = [&](std::vector<double*>& pointers, std::uint32_t lag, const input_row& row) {
      const auto at = [&](std::int16_t member, double* plane) {
        pointers[static_cast<std::size_t>(member) * steps + lag] = plane == nullptr ? nullptr : plane + slot;
      };
      const auto planes = planes_of(channel.form, row);
      at(channel.member, planes.positive);
      if (channel.member_below_zero >= 0) at(channel.member_below_zero, planes.negative);
    };
    for (std::uint32_t lag = 0; lag < steps; ++lag) {
      point(row_pointers_, lag, rows_.current(clock.lag(from) + lag));
      if (rows_.has_arrivals()) point(arrived_pointers_, lag, rows_.arrived(from + lag));
    }
  }
  return {row_pointers_.data(), rows_.has_arrivals() ? arrived_pointers_.data() : nullptr,
          timed_rows_.empty() ? nullptr : timed_rows_.data(), first_slot};
}

void delivery::count(shard_bytes& bytes) const {
  bytes.nodes += rows_.bytes();
  bytes.connections += from_devices_.bytes_of_trains();
  bytes.events += timed_.bytes() + calendar_.bytes() + arriving_.capacity() * sizeof(travelling_spike);
}

}  // namespace volley::runtime
