#include "runtime/shard/target_histories.hpp"

namespace volley::runtime {

std::uint32_t target_histories::add_lines(std::uint32_t cells) {
  const auto first = history_.add_lines(cells);
  lines_ = first + cells;
  return first;
}

void target_histories::add_slots(std::uint32_t first_slot, std::uint32_t cells, std::uint32_t first_line) {
  const auto first_page = first_slot / slot_map::page;
  line_of_page_.resize(first_page + cells / slot_map::page);
  for (std::uint32_t page = 0; page < cells / slot_map::page; ++page)
    line_of_page_[first_page + page] = first_line + page * slot_map::page;
}

void target_histories::cut(std::uint32_t slots, std::uint32_t lines) {
  line_of_page_.resize(slots / slot_map::page);
  history_.cut(lines);
  lines_ = lines;
}

void target_histories::read_tau_minus(std::span<const std::unique_ptr<population>> cells,
                                      const target_lookup& targets) {
  tau_minus_.resize(lines_);
  tau_minus_varies_ = false;
  bool first = true;
  for (std::size_t b = 0; b < cells.size(); ++b) {
    const auto& values = cells[b]->values().node(&node_record::tau_minus);
    for (std::uint32_t cell = 0; cell < cells[b]->size(); ++cell) {
      const auto line = targets.blocks()[b].first_line + cell;
      if (!history_.is_open(line)) continue;
      tau_minus_[line] = values[cell];
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
