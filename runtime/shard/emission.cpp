#include "runtime/shard/emission.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/base/halves.hpp"

namespace volley::runtime {

void emission::fit() {
  bits_.resize(cells_.n_blocks());
  counts_.resize(cells_.n_blocks());
  for (block_ordinal b; b.index() < bits_.size(); ++b) {
    const auto marks = static_cast<std::size_t>(plan_.interval_steps) * cells_.block(b).padded();
    bits_[b.index()].resize(marks / 64);
    if (cells_.block(b).model().emits != models::emission::spikes) counts_[b.index()].resize(marks);
  }
}

spike_marks emission::marks(block_ordinal block, std::uint32_t lag) {
  const std::size_t begin = std::size_t{lag} * cells_.block(block).padded();
  auto& counts = counts_[block.index()];
  return {bits_[block.index()].data() + begin / 64, counts.empty() ? nullptr : counts.data() + begin};
}

void emission::clear_marks(block_ordinal block, std::uint32_t lag, std::uint32_t steps) {
  std::fill_n(marks(block, lag).bits, std::size_t{steps} * cells_.block(block).padded() / 64, 0);
}

void emission::emit(std::uint32_t lag, step_t stamp) {
  const auto before = batch_.sources.size();
  for (block_ordinal b; b.index() < cells_.n_blocks(); ++b) emit_block(b, lag, stamp);
  emit_injected(stamp, before);
  batch_.counts.push_back(static_cast<std::uint32_t>(batch_.sources.size() - before));
}

void emission::emit_block(block_ordinal b, std::uint32_t lag, step_t stamp) {
  const auto& ids = cells_.block(b).ids();
  const bool flips = cells_.block(b).model().emits == models::emission::flips;
  const std::size_t words = padded(ids.count) / 64;
  const auto [bits, counts] = marks(b, lag);
  const double resolution_ms = plan_.time.resolution_ms();
  const auto first_line = cells_.targets().blocks()[b].first_line;
  for (std::size_t w = 0; w < words; ++w) {
    for (std::uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) {
      const auto cell = static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      const auto id = low_half(ids[cell]);
      const std::uint32_t multiplicity = counts == nullptr ? 1 : static_cast<std::uint32_t>(counts[cell]);
      send(id, multiplicity);
      cells_.histories().append(first_line + cell, stamp, flips ? 1 : multiplicity, resolution_ms);
      recording_.hear(b, cell, stamp, id, multiplicity);
    }
  }
}

void emission::send(std::uint32_t id, std::uint32_t multiplicity) {
  // The column of multiplicities begins with the first spike that is no single one.
  if (multiplicity != 1 || !batch_.multiplicities.empty()) {
    batch_.multiplicities.resize(batch_.sources.size(), 1);
    batch_.multiplicities.push_back(multiplicity);
  }
  batch_.sources.push_back(id);
  spikes_ += multiplicity;
}

void emission::emit_injected(step_t stamp, std::size_t first) {
  bool sent = false;
  generators_.for_each_injected(cells_.place(), stamp, [&](std::uint32_t id, std::uint32_t multiplicity) {
    send(id, multiplicity);
    sent = true;
  });
  if (sent) sort_step(first);
}

void emission::sort_step(std::size_t first) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spikes;
  for (std::size_t i = first; i < batch_.sources.size(); ++i)
    spikes.emplace_back(batch_.sources[i], batch_.multiplicities.empty() ? 1 : batch_.multiplicities[i]);
  std::sort(spikes.begin(), spikes.end());
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    batch_.sources[first + i] = spikes[i].first;
    if (!batch_.multiplicities.empty()) batch_.multiplicities[first + i] = spikes[i].second;
  }
}

void emission::count(shard_bytes& bytes) const {
  for (const auto& bits : bits_) bytes.nodes += bits.capacity() * sizeof(std::uint64_t);
  for (const auto& counts : counts_) bytes.nodes += counts.capacity() * sizeof(double);
  bytes.events += batch_.bytes();
}

}  // namespace volley::runtime
