// What is in flight, out of one VP and into those of another layout. The calendar goes as the sums that it will add up
// to: they are the first addends of their rows then, as spilled ones are, so that no bit changes.
#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "runtime/base/halves.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/shard/delivery.hpp"

namespace volley::runtime {
namespace {

using stage = saved_sums::stage;

/// Collects the sums of one row.
class row_saver {
 public:
  row_saver(const target_lookup& targets, const row_shape& shape) : targets_(targets), shape_(shape) {}

  saved_sums read(stage of, step_t due, const input_row& row) const {
    saved_sums found{of, due, {}, {}, {}, {}};
    for (const auto& block : targets_.blocks())
      for (const auto& channel : block.channels) {
        if (channel.currents) {
          read(found, block, channel, saved_sums::current, row.current, shape_.current_slots);
          continue;
        }
        read(found, block, channel, saved_sums::positive, row.positive, shape_.slots);
        if (row.negative != nullptr) read(found, block, channel, saved_sums::negative, row.negative, shape_.slots);
      }
    return found;
  }

 private:
  // Slots that came since the rows were sized have no sums.
  static void read(saved_sums& to, const target_lookup::block& block, const target_lookup::channel& channel,
                   saved_sums::plane plane, const double* sums, std::uint32_t slots) {
    for (std::uint32_t cell = 0; cell < block.ids.count && channel.first_slot.index() + cell < slots; ++cell) {
      const double sum = sums[channel.first_slot.index() + cell];
      if (std::bit_cast<std::uint64_t>(sum) == 0) continue;
      to.nodes.push_back(low_half(block.ids[cell]));
      to.receptors.push_back(channel.receptor);
      to.planes.push_back(plane);
      to.sums.push_back(sum);
    }
  }

  const target_lookup& targets_;
  const row_shape shape_;
};

double* plane_of(const input_row& row, std::uint8_t plane) {
  switch (plane) {
    case saved_sums::positive: return row.positive;
    case saved_sums::negative: return row.negative;
    case saved_sums::current: return row.current;
    default: return nullptr;
  }
}

}  // namespace

std::vector<saved_sums> delivery::sums(step_t now, const interval_clock& clock) const {
  std::vector<saved_sums> all;
  const row_saver saver(cells_.targets(), rows_.shape());
  const auto add = [&](stage of, step_t due, const input_row& row) {
    if (auto found = saver.read(of, due, row); !found.nodes.empty()) all.push_back(std::move(found));
  };
  pool<double> scratch;
  for (step_t due = now; due < now + plan_.max_delay + plan_.interval_steps; ++due) {
    const bool open = clock.is_open() && due < clock.begin + plan_.interval_steps;
    const auto row = open ? rows_.copy_of_current(clock.lag(due), scratch) : rows_.copy_of_spilled(due, scratch);
    calendar_.add(due, stores_.all_rows(), row);
    add(open ? stage::open : stage::due, due, row);
  }
  for (step_t due = now; due < now + rows_.arrivals(); ++due)
    add(stage::arrived, due, rows_.copy_of_arrived(due, scratch));
  return all;
}

void delivery::put(const saved_sums& sums, const interval_clock& clock) {
  const auto reach = plan_.max_delay + plan_.interval_steps;
  const auto end = clock.begin + plan_.interval_steps;
  const bool fits = sums.of == stage::open ? clock.is_open() && sums.due >= clock.begin && sums.due < end
                                           : sums.due >= clock.begin && sums.due < end + reach;
  if (!fits) snapshot_reader::refuse();
  const auto& targets = cells_.targets();
  std::optional<input_row> row;
  for (std::size_t i = 0; i < sums.nodes.size(); ++i) {
    const auto block = targets.block_of(sums.nodes[i]);
    if (!block) continue;
    if (!row) {
      if (sums.of == stage::arrived) rows_.open_arrivals(static_cast<std::uint32_t>(reach));
      row = sums.of == stage::open  ? rows_.current(clock.lag(sums.due))
            : sums.of == stage::due ? rows_.spilled(sums.due)
                                    : rows_.arrived(sums.due);
    }
    const bool currents = sums.planes[i] == saved_sums::current;
    auto* const plane = plane_of(*row, sums.planes[i]);
    const auto& known = targets.blocks()[*block];
    const auto channel = std::ranges::find_if(known.channels, [&](const target_lookup::channel& c) {
      return c.receptor == sums.receptors[i] && c.currents == currents && !c.makes_entry;
    });
    if (plane == nullptr || channel == known.channels.end()) snapshot_reader::refuse();
    plane[channel->first_slot.index() + known.ids.cell(sums.nodes[i])] = sums.sums[i];
  }
}

std::vector<saved_amounts> delivery::amounts(step_t now) const {
  const auto& targets = cells_.targets();
  std::vector<saved_amounts> all;
  for (const auto& [due, amounts] : timed_.all()) {
    if (due < now) continue;
    auto& to = all.emplace_back();
    to.due = due;
    for (const auto& one : amounts) {
      const input_slot slot(one.slot);
      const auto owner = targets.slots(false).owner(slot);
      to.nodes.push_back(low_half(targets.id(slot, false)));
      to.receptors.push_back(targets.blocks()[owner.block].channels[owner.receptor].receptor);
      to.offsets_ms.push_back(one.offset_ms);
      to.amounts.push_back(one.amount);
    }
  }
  return all;
}

void delivery::put(const saved_amounts& amounts, const interval_clock& clock) {
  const auto end = clock.begin + plan_.max_delay + 2 * plan_.interval_steps;
  if (amounts.due < clock.begin || amounts.due >= end) snapshot_reader::refuse();
  const auto& targets = cells_.targets();
  for (std::size_t i = 0; i < amounts.nodes.size(); ++i) {
    const auto block = targets.block_of(amounts.nodes[i]);
    if (!block) continue;
    const auto& known = targets.blocks()[*block];
    const auto channel = std::ranges::find_if(known.channels, [&](const target_lookup::channel& c) {
      return c.receptor == amounts.receptors[i] && !c.currents;
    });
    const double offset_ms = amounts.offsets_ms[i];
    if (channel == known.channels.end() || !models::facts_of(targets.form(channel->first_slot, false)).keeps_times ||
        !(offset_ms > 0 && offset_ms < plan_.time.resolution_ms()))
      snapshot_reader::refuse();
    timed_.add(amounts.due, channel->first_slot + known.ids.cell(amounts.nodes[i]), offset_ms, amounts.amounts[i]);
  }
}

}  // namespace volley::runtime
