#include "runtime/devices/event_log.hpp"

#include <algorithm>
#include <ranges>
#include <tuple>

namespace volley::runtime {
namespace {

template <class T> void append_column(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Order of two events, which may lie in different logs.
bool precedes(const event_log& a, std::size_t i, const event_log& b, std::size_t j) {
  if (a.stamps[i] != b.stamps[j]) return a.stamps[i] < b.stamps[j];
  if (a.senders[i] != b.senders[j]) return a.senders[i] < b.senders[j];
  if (a.targets.empty()) return false;
  return std::tie(a.targets[i], a.ports[i]) < std::tie(b.targets[j], b.ports[j]);
}

}  // namespace

void event_log::clear() {
  stamps.clear();
  senders.clear();
  for (auto& column : values) column.clear();
  targets.clear();
  receptors.clear();
  ports.clear();
}

void event_log::append(const event_log& more) {
  append_column(stamps, more.stamps);
  append_column(senders, more.senders);
  if (values.size() < more.values.size()) values.resize(more.values.size());
  for (std::size_t i = 0; i < more.values.size(); ++i) append_column(values[i], more.values[i]);
  append_column(targets, more.targets);
  append_column(receptors, more.receptors);
  append_column(ports, more.ports);
}

event_merge::event_merge(std::vector<const event_log*> parts) {
  for (const auto* log : parts) {
    parts_.push_back({log, {}});
    size_ += log->size();
    const auto before = [log](std::size_t a, std::size_t b) { return precedes(*log, a, *log, b); };
    const auto positions = std::views::iota(std::size_t{0}, log->size());
    if (std::ranges::is_sorted(positions, before)) continue;
    std::vector<std::uint32_t> order(log->size());
    std::ranges::copy(positions, order.begin());
    std::stable_sort(order.begin(), order.end(), before);
    parts_.back().order = std::move(order);
  }
}

bool event_merge::before(const part& a, const part& b) { return precedes(*a.log, a.position(), *b.log, b.position()); }

}  // namespace volley::runtime
