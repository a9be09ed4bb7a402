#include "runtime/shard/emission.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "runtime/base/halves.hpp"

namespace volley::runtime {

void emission::fit() {
  using models::emission;
  bits_.resize(cells_.n_blocks());
  counts_.resize(cells_.n_blocks());
  offsets_.resize(cells_.n_blocks());
  sent_.resize(cells_.n_blocks());
  for (block_ordinal b; b.index() < bits_.size(); ++b) {
    const auto marks = static_cast<std::size_t>(plan_.interval_steps) * cells_.block(b).padded();
    const auto emits = cells_.block(b).model().emits;
    bits_[b.index()].resize(marks / 64);
    if (emits == emission::counts || emits == emission::flips) counts_[b.index()].resize(marks);
    if (emits == emission::times || emits == emission::amounts) offsets_[b.index()].resize(marks);
  }
}

spike_marks emission::marks(block_ordinal block, std::uint32_t lag) {
  const auto& cells = cells_.block(block);
  const std::size_t begin = std::size_t{lag} * cells.padded();
  const auto from = [=](auto& column) { return column.empty() ? nullptr : column.data() + begin; };
  const bool events = cells.model().emits == models::emission::events;
  return {bits_[block.index()].data() + begin / 64, from(counts_[block.index()]), from(offsets_[block.index()]),
          events ? &sent_[block.index()] : nullptr};
}

void emission::clear_marks(block_ordinal block, std::uint32_t lag, std::uint32_t steps) {
  std::fill_n(marks(block, lag).bits, std::size_t{steps} * cells_.block(block).padded() / 64, 0);
  sent_[block.index()].clear();
}

void emission::emit(std::uint32_t lag, step_t stamp) {
  const auto before = batch_.sources.size();
  for (block_ordinal b; b.index() < cells_.n_blocks(); ++b) emit_block(b, lag, stamp);
  emit_injected(stamp, before);
  batch_.counts.push_back(static_cast<std::uint32_t>(batch_.sources.size() - before));
}

void emission::emit_block(block_ordinal b, std::uint32_t lag, step_t stamp) {
  const auto [bits, counts, offsets, sent] = marks(b, lag);
  if (sent != nullptr) {
    for (const auto& s : std::ranges::equal_range(*sent, stamp, {}, &models::sent_spike::stamp))
      emit_spike(b, s.cell, stamp, s.multiplicity, s.offset_ms);
    return;
  }
  const std::size_t words = cells_.block(b).padded() / 64;
  for (std::size_t w = 0; w < words; ++w) {
    for (std::uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) {
      const auto cell = static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      emit_spike(b, cell, stamp, counts == nullptr ? 1 : static_cast<std::uint32_t>(counts[cell]),
                 offsets == nullptr ? 0 : offsets[cell]);
    }
  }
}

void emission::emit_spike(block_ordinal b, std::uint32_t cell, step_t stamp, std::uint32_t multiplicity,
                          double offset_ms) {
  const auto& block = cells_.block(b);
  const auto id = low_half(block.ids()[cell]);
  const auto emits = block.model().emits;
  const bool flips = emits == models::emission::flips, precise = emits == models::emission::events;
  send(id, multiplicity, offset_ms);
  cells_.histories().append(cells_.targets().blocks()[b].first_line + cell, {stamp, precise ? offset_ms : 0},
                            flips ? 1 : multiplicity, plan_.time.resolution_ms());
  recording_.hear(b, cell, stamp, id, multiplicity, offset_ms);
}

void emission::send(std::uint32_t id, std::uint32_t multiplicity, double offset_ms) {
  batch_.add(id, multiplicity, offset_ms);
  spikes_ += multiplicity;
}

void emission::emit_injected(step_t stamp, std::size_t first) {
  bool sent = false;
  generators_.for_each_injected(cells_.place(), stamp, [&](std::uint32_t id, const timed_spike& s) {
    send(id, s.multiplicity, s.offset_ms);
    sent = true;
  });
  recording_.for_each_repeated(stamp, [&](const travelling_spike& s) {
    send(s.source, s.multiplicity, s.offset_ms);
    recording_.hear_repeated(s, plan_.seed, stamp);
    sent = true;
  });
  if (sent) sort_step(first);
}

void emission::sort_step(std::size_t first) {
  std::vector<travelling_spike> spikes;
  for (std::size_t i = first; i < batch_.sources.size(); ++i) spikes.push_back(batch_view(batch_).spike(i));
  std::ranges::sort(spikes, {},
                    [](const travelling_spike& s) { return std::tuple(s.source, -s.offset_ms, s.multiplicity); });
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    batch_.sources[first + i] = spikes[i].source;
    if (!batch_.multiplicities.empty()) batch_.multiplicities[first + i] = spikes[i].multiplicity;
    if (!batch_.offsets_ms.empty()) batch_.offsets_ms[first + i] = spikes[i].offset_ms;
  }
}

void emission::count(shard_bytes& bytes) const {
  for (const auto& bits : bits_) bytes.nodes += bits.capacity() * sizeof(std::uint64_t);
  for (const auto* columns : {&counts_, &offsets_})
    for (const auto& column : *columns) bytes.nodes += column.capacity() * sizeof(double);
  for (const auto& sent : sent_) bytes.events += sent.capacity() * sizeof(models::sent_spike);
  bytes.events += batch_.bytes();
}

}  // namespace volley::runtime
