#include "runtime/delivery/post_history.hpp"

#include <algorithm>
#include <utility>

#include "models/core/math.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

constexpr std::size_t depth = spike_lines::depth, K_depth = spike_lines::K_depth;

double decay(double ms, double tau_ms) { return models::exp(ms * (-1.0 / tau_ms)); }

}  // namespace

history_line post_history::add_lines(std::uint32_t cells) {
  const history_line first(lines_.size());
  open_.resize(open_.size() + cells);
  lines_.resize(lines_.size() + cells);
  return first;
}

void post_history::cut(history_line first) {
  open_.resize(first.index());
  lines_.resize(first.index());
  offsets_ms_.erase(offsets_ms_.lower_bound(first.index()), offsets_ms_.end());
}

void post_history::open(history_line line) {
  if (is_open(line)) return;
  open_[line.index()] = 1;
  make_places();
  show_latest(line);
}

void post_history::make_places() {
  const std::size_t lines = lines_.size();
  if (newest_.size() >= lines) return;
  newest_.resize(lines);
  newest_K_minus_.resize(lines);
  stamps_.resize(lines * depth);
  K_minus_.resize(lines * K_depth);
}

void post_history::show_all() {
  if (std::ranges::find(open_, 1) != open_.end()) make_places();
  for (history_line line; line.index() < lines_.size(); ++line)
    if (is_open(line)) show_latest(line);
}

void post_history::append(history_line line, spike_time at, double tau_minus_ms, double resolution_ms) {
  auto& spikes = lines_[line.index()];
  expects(is_open(line) && (spikes.empty() || !(at < time_of(line, spikes.size() - 1))),
          "spikes are appended as time goes on");
  const double K = spikes.empty() ? 1.0 : decayed(line, spikes.size(), at, tau_minus_ms, resolution_ms) + 1.0;
  if (at.offset_ms != 0 || (!offsets_ms_.empty() && offsets_ms_.contains(line.index()))) {
    auto& offsets = offsets_ms_[line.index()];
    offsets.resize(spikes.size());
    offsets.push_back(at.offset_ms);
  }
  spikes.push_back({at.stamp, K});
  show_latest(line);
}

void post_history::clear(history_line line) {
  lines_[line.index()] = {};
  offsets_ms_.erase(line.index());
  if (is_open(line)) show_latest(line);
}

post_history::saved_line post_history::saved(history_line line) const {
  const auto offsets = offsets_ms_.find(line.index());
  return {is_open(line), lines_[line.index()], offsets != offsets_ms_.end() ? offsets->second : std::vector<double>()};
}

void post_history::put(history_line line, saved_line from) {
  if (!std::ranges::is_sorted(from.spikes, {}, &post_spike::stamp)) snapshot_reader::refuse();
  if (!from.offsets_ms.empty()) {
    if (from.offsets_ms.size() != from.spikes.size()) snapshot_reader::refuse();
    offsets_ms_[line.index()] = std::move(from.offsets_ms);
  }
  lines_[line.index()] = std::move(from.spikes);
  if (is_open(line)) show_latest(line);
  if (from.open) open(line);
}

spike_time post_history::time_of(history_line line, std::size_t i) const {
  const step_t stamp = lines_[line.index()][i].stamp;
  if (offsets_ms_.empty()) return stamp;
  const auto offsets = offsets_ms_.find(line.index());
  return offsets == offsets_ms_.end() ? spike_time(stamp) : spike_time(stamp, offsets->second[i]);
}

std::size_t post_history::n_with(history_line line, spike_time at, bool those_at_it) const {
  const auto& spikes = lines_[line.index()];
  auto n =
      static_cast<std::size_t>(std::ranges::lower_bound(spikes, at.stamp, {}, &post_spike::stamp) - spikes.begin());
  const auto counts = [&](const spike_time& t) { return those_at_it ? !(at < t) : t < at; };
  while (n < spikes.size() && counts(time_of(line, n))) ++n;
  return n;
}

// After the first n spikes.
double post_history::decayed(history_line line, std::size_t n, spike_time at, double tau_minus_ms,
                             double resolution_ms) const {
  if (n == 0) return 0;
  return lines_[line.index()][n - 1].K_minus * decay(at.ms_since(time_of(line, n - 1), resolution_ms), tau_minus_ms);
}

// All places anew: a spike of a target costs this once, and is read by each of its synapses.
void post_history::show_latest(history_line line) {
  const auto& spikes = lines_[line.index()];
  std::int32_t* stamps = stamps_.data() + line.index() * depth;
  double* K_minus = K_minus_.data() + line.index() * K_depth;
  std::fill_n(stamps, depth, spike_lines::unused);
  std::fill_n(K_minus, K_depth, 0.0);
  for (std::size_t back = 1; back <= std::min(spikes.size(), depth); ++back) {
    const auto& [stamp, K] = spikes[spikes.size() - back];
    if (back <= K_depth) K_minus[K_depth - back] = K;
    stamps[depth - back] = static_cast<std::int32_t>(stamp - base_);
    if (stamp - base_ > spike_lines::unused && stamp - base_ < spike_lines::beyond) continue;
    std::fill_n(stamps, depth, spike_lines::beyond);
    break;
  }
  newest_[line.index()] = stamps[depth - 1];
  newest_K_minus_[line.index()] = K_minus[K_depth - 1];
}

spike_range post_history::window(history_line line, step_t after, step_t upto) const {
  const auto& spikes = lines_[line.index()];
  const auto end_of = [&](step_t stamp) {
    return spikes.data() + (std::ranges::upper_bound(spikes, stamp, {}, &post_spike::stamp) - spikes.begin());
  };
  return {end_of(std::min(after, upto)), end_of(upto)};
}

post_spike post_history::last_before(history_line line, step_t at) const {
  const auto& spikes = lines_[line.index()];
  const auto end = std::ranges::lower_bound(spikes, at, {}, &post_spike::stamp);
  return end == spikes.begin() ? post_spike{at, 0.0} : end[-1];
}

double post_history::K_minus(history_line line, spike_time at, double tau_minus_ms, double resolution_ms) const {
  return decayed(line, n_before(line, at), at, tau_minus_ms, resolution_ms);
}

double post_history::trace(history_line line, step_t at, double tau_minus_ms, double resolution_ms) const {
  return decayed(line, n_upto(line, at), at, tau_minus_ms, resolution_ms);
}

spike_lines post_history::lines() const {
  return {newest_.data(),
          newest_K_minus_.data(),
          stamps_.data(),
          K_minus_.data(),
          base_,
          this,
          [](const post_history& h, std::uint32_t line, step_t after, step_t upto) {
            return h.window(history_line(line), after, upto);
          },
          [](const post_history& h, std::uint32_t line, step_t at) { return h.last_before(history_line(line), at); }};
}

void post_history::prune(step_t oldest) {
  base_ = oldest;
  for (history_line line; line.index() < lines_.size(); ++line) {
    if (!is_open(line)) continue;
    auto& spikes = lines_[line.index()];
    std::size_t drop = 0;
    while (drop + 1 < spikes.size() && spikes[drop + 1].stamp < oldest) ++drop;
    spikes.erase(spikes.begin(), spikes.begin() + static_cast<std::ptrdiff_t>(drop));
    if (const auto offsets = offsets_ms_.find(line.index()); offsets != offsets_ms_.end())
      offsets->second.erase(offsets->second.begin(), offsets->second.begin() + static_cast<std::ptrdiff_t>(drop));
    show_latest(line);
  }
}

std::uint64_t post_history::line_bytes() const {
  const auto open = static_cast<std::uint64_t>(std::count(open_.begin(), open_.end(), 1));
  return open_.capacity() + lines_.capacity() * sizeof(lines_[0]) + open * bytes_per_open_line;
}

std::uint64_t post_history::spike_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& spikes : lines_) bytes += spikes.capacity() * sizeof(post_spike);
  for (const auto& [line, offsets] : offsets_ms_) bytes += offsets.capacity() * sizeof(double);
  return bytes;
}

}  // namespace volley::runtime
