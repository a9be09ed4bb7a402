#include "runtime/devices/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <tuple>
#include <utility>

namespace volley::runtime {
namespace {

template <class T> void append_column(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Order of two events, which may lie in different logs.
bool precedes(const event_log& a, std::size_t i, const event_log& b, std::size_t j) {
  if (a.stamps[i] != b.stamps[j]) return a.stamps[i] < b.stamps[j];
  if (a.offset_ms(i) != b.offset_ms(j)) return a.offset_ms(i) > b.offset_ms(j);
  if (a.senders[i] != b.senders[j]) return a.senders[i] < b.senders[j];
  if (a.targets.empty()) return false;
  return std::tie(a.targets[i], a.ports[i]) < std::tie(b.targets[j], b.ports[j]);
}

}  // namespace

std::uint64_t event_log::bytes_used() const {
  const auto numbers = senders.size() + targets.size() + receptors.size() + ports.size();
  auto bytes = stamps.size() * sizeof(step_t) + numbers * sizeof(std::uint32_t) + offsets_ms.size() * sizeof(double);
  for (const auto& column : values) bytes += column.size() * sizeof(double);
  return bytes;
}

void event_log::clear() {
  stamps.clear();
  senders.clear();
  for (auto& column : values) column.clear();
  targets.clear();
  receptors.clear();
  ports.clear();
  offsets_ms.clear();
}

void event_log::append(const event_log& more) {
  if (!offsets_ms.empty() || !more.offsets_ms.empty()) {
    offsets_ms.resize(size());
    append_column(offsets_ms, more.offsets_ms);
    offsets_ms.resize(size() + more.size());
  }
  append_column(stamps, more.stamps);
  append_column(senders, more.senders);
  if (values.size() < more.values.size()) values.resize(more.values.size());
  for (std::size_t i = 0; i < more.values.size(); ++i) append_column(values[i], more.values[i]);
  append_column(targets, more.targets);
  append_column(receptors, more.receptors);
  append_column(ports, more.ports);
}

void event_log::append(const event_log& from, std::size_t i) {
  if (from.offset_ms(i) != 0 || !offsets_ms.empty()) {
    offsets_ms.resize(size());
    offsets_ms.push_back(from.offset_ms(i));
  }
  stamps.push_back(from.stamps[i]);
  senders.push_back(from.senders[i]);
  if (values.size() < from.values.size()) values.resize(from.values.size());
  for (std::size_t q = 0; q < from.values.size(); ++q) values[q].push_back(from.values[q][i]);
  if (from.targets.empty()) return;
  targets.push_back(from.targets[i]);
  receptors.push_back(from.receptors[i]);
  ports.push_back(from.ports[i]);
}

bool event_log::fits_together() const {
  const auto fits = [this](const auto& column) { return column.empty() || column.size() == size(); };
  return senders.size() == size() && std::ranges::all_of(values, fits) && fits(targets) &&
         receptors.size() == targets.size() && ports.size() == targets.size() && fits(offsets_ms);
}

event_merge::event_merge(const std::vector<const event_log*>& parts, const event_window& window) {
  for (const auto* log : parts) {
    parts_.push_back(part_of(*log, window.after));
    size_ += parts_.back().size;
  }
  if (size_ > window.most) keep_first(window.most);
}

event_merge::part event_merge::part_of(const event_log& log, step_t after) {
  const auto before = [&log](std::size_t a, std::size_t b) { return precedes(log, a, log, b); };
  const auto is_later = [&log, after](std::size_t i) { return log.stamps[i] > after; };
  const auto first = static_cast<std::size_t>(
      std::ranges::find_if(log.stamps, [after](step_t s) { return s > after; }) - log.stamps.begin());
  const auto positions = std::views::iota(first, log.size());
  if (std::ranges::is_sorted(positions, before)) return {&log, first, {}, log.size() - first};
  std::vector<std::uint32_t> order;
  std::ranges::copy(positions | std::views::filter(is_later), std::back_inserter(order));
  std::stable_sort(order.begin(), order.end(), before);
  const auto size = order.size();
  return {&log, first, std::move(order), size};
}

event_merge::part& event_merge::earliest() {
  part* first = nullptr;
  for (auto& p : parts_)
    if (p.done < p.size && (first == nullptr || before(p, *first))) first = &p;
  return *first;
}

void event_merge::keep_first(std::size_t most) {
  std::size_t kept = 0;
  for (step_t last = 0; kept < size_; ++kept) {
    part& next = earliest();
    const auto stamp = next.log->stamps[next.position()];
    if (kept >= most && (kept == 0 || stamp != last)) break;
    last = stamp;
    ++next.done;
  }
  size_ = kept;
  for (auto& p : parts_) p.size = std::exchange(p.done, 0);
}

bool event_merge::before(const part& a, const part& b) { return precedes(*a.log, a.position(), *b.log, b.position()); }

}  // namespace volley::runtime
