#include "runtime/event_log.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace volley::runtime {
namespace {

template <class T>
void append_column(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

template <class T>
void permute(std::vector<T>& column, const std::vector<std::uint32_t>& order) {
  if (column.empty()) return;
  std::vector<T> sorted(column.size());
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
  column.swap(sorted);
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

event_log event_log::merged(std::vector<event_log> parts) {
  event_log all;
  if (parts.empty()) return all;
  all = std::move(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) all.append(parts[i]);
  const auto before = [&all](std::uint32_t a, std::uint32_t b) {
    if (all.stamps[a] != all.stamps[b]) return all.stamps[a] < all.stamps[b];
    if (all.senders[a] != all.senders[b]) return all.senders[a] < all.senders[b];
    if (all.targets.empty()) return false;
    return std::tie(all.targets[a], all.ports[a]) < std::tie(all.targets[b], all.ports[b]);
  };
  std::vector<std::uint32_t> order(all.size());
  std::iota(order.begin(), order.end(), 0u);
  if (std::is_sorted(order.begin(), order.end(), before)) return all;
  std::stable_sort(order.begin(), order.end(), before);
  permute(all.stamps, order);
  permute(all.senders, order);
  for (auto& column : all.values) permute(column, order);
  permute(all.targets, order);
  permute(all.receptors, order);
  permute(all.ports, order);
  return all;
}

}  // namespace volley::runtime
