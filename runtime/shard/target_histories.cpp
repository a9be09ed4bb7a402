#include "runtime/shard/target_histories.hpp"

namespace volley::runtime {

history_line target_histories::add_lines(std::uint32_t cells) {
  const auto first = history_.add_lines(cells);
  lines_ = first.index() + cells;
  return first;
}

void target_histories::add_slots(input_slot first_slot, std::uint32_t cells, history_line first_line) {
  const auto first_page = first_slot.index() / slot_map::page;
  line_of_page_.resize(first_page + cells / slot_map::page);
  for (std::uint32_t page = 0; page < cells / slot_map::page; ++page)
    line_of_page_[first_page + page] = first_line.index() + page * slot_map::page;
}

void target_histories::cut(input_slot slots, history_line lines) {
  line_of_page_.resize(slots.index() / slot_map::page);
  history_.cut(lines);
  lines_ = lines.index();
}

void target_histories::read_tau_minus(std::span<const std::unique_ptr<population>> cells,
                                      const target_lookup& targets) {
  tau_minus_.resize(lines_);
  tau_minus_varies_ = false;
  bool first = true;
  for (block_ordinal b; b.index() < cells.size(); ++b) {
    const auto& block = *cells[b.index()];
    const auto& values = block.values().node(&node_record::tau_minus);
    for (std::uint32_t cell = 0; cell < block.size(); ++cell) {
      const auto line = targets.blocks()[b].first_line + cell;
      if (!history_.is_open(line)) continue;
      tau_minus_[line.index()] = values[cell];
      if (first) tau_minus_.front() = values[cell];
      first = false;
      tau_minus_varies_ |= values[cell] != tau_minus_.front();
    }
  }
}

plastic_targets target_histories::targets(double resolution_ms) {
  return {line_of_page_.data(), tau_minus_.data(), tau_minus_varies_, resolution_ms, lines_,
          history_.lines(),     &decayed_};
}

void target_histories::count(shard_bytes& bytes) const {
  bytes.nodes +=
      history_.line_bytes() + line_of_page_.capacity() * sizeof(std::uint32_t) + tau_minus_.capacity() * sizeof(double);
  bytes.events += history_.spike_bytes();
}

}  // namespace volley::runtime
