#include "runtime/post_history.hpp"

#include "models/core/math.hpp"

namespace volley::runtime {
namespace {

double decay(step_t steps, double resolution_ms, double tau_ms) {
  return models::exp(-(static_cast<double>(steps) * resolution_ms) / tau_ms);
}

}  // namespace

std::uint32_t post_history::add_lines(std::uint32_t cells) {
  const auto first = static_cast<std::uint32_t>(lines_.size());
  open_.resize(first + cells);
  lines_.resize(first + cells);
  return first;
}

void post_history::cut(std::uint32_t first) {
  open_.resize(first);
  lines_.resize(first);
}

void post_history::append(std::uint32_t line, step_t stamp, double tau_minus_ms, double resolution_ms) {
  auto& spikes = lines_[line];
  const double K = spikes.empty() ? 1.0 : spikes.back().K_minus * decay(stamp - spikes.back().stamp, resolution_ms, tau_minus_ms) + 1.0;
  spikes.push_back({stamp, K});
}

double post_history::K_minus(std::uint32_t line, step_t at, double tau_minus_ms, double resolution_ms) const {
  const auto& spikes = lines_[line];
  for (std::size_t i = spikes.size(); i-- > 0;)
    if (spikes[i].stamp < at) return spikes[i].K_minus * decay(at - spikes[i].stamp, resolution_ms, tau_minus_ms);
  return 0.0;
}

void post_history::prune(step_t oldest) {
  for (auto& spikes : lines_) {
    std::size_t drop = 0;
    while (drop + 1 < spikes.size() && spikes[drop + 1].stamp < oldest) ++drop;
    spikes.erase(spikes.begin(), spikes.begin() + static_cast<std::ptrdiff_t>(drop));
  }
}

std::uint64_t post_history::line_bytes() const { return open_.capacity() + lines_.capacity() * sizeof(lines_[0]); }

std::uint64_t post_history::spike_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& spikes : lines_) bytes += spikes.capacity() * sizeof(spike);
  return bytes;
}

}  // namespace volley::runtime
