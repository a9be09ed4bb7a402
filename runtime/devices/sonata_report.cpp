#include "runtime/devices/sonata_report.hpp"

#include <algorithm>
#include <bit>

#include "runtime/base/contract.hpp"

namespace volley::runtime {
namespace {

using hdf5::member;
using hdf5::number;
using hdf5::object;

constexpr const char* everything = "All";
constexpr std::uint32_t values_of_chunk = 8192, columns_of_chunk = 256;

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// A table of x(i) for i in [0, n).
template <class Value> hdf5::table table_of(number type, std::uint64_t n, Value&& x) {
  hdf5::bytes data;
  for (std::uint64_t i = 0; i < n; ++i) {
    if (hdf5::size_of(type) == 4)
      data.u32(x(i));
    else
      data.u64(x(i));
  }
  return {type, n, data.get()};
}

}  // namespace

sonata_report::sonata_report(report_plan plan) : plan_(std::move(plan)) {
  expects(plan_.populations.size() == plan_.first_nodes.size(), "each population has a first node");
  for (std::size_t i = 0; i < plan_.populations.size(); ++i) make(plan_.populations[i], plan_.first_nodes[i]);
  if (populations_.empty()) make(everything, 0);
}

sonata_report::population& sonata_report::make(std::string name, std::uint64_t first) {
  auto& p = populations_[first] = {std::move(name), first, {}, {}};
  if (!plan_.samples) p.heard = spikes{{number::f64, values_of_chunk, 0}, {number::u64, values_of_chunk, 0}};
  return p;
}

sonata_report::population& sonata_report::of(std::uint64_t node) {
  const auto behind = populations_.upper_bound(node);
  return behind != populations_.begin() ? std::prev(behind)->second : make(everything, 0);
}

void sonata_report::add(const share_list& shares, const time_grid& time) {
  is_saved_ = false;
  plan_.samples ? add_samples(shares, time) : add_spikes(shares, time);
}

void sonata_report::add_spikes(const share_list& shares, const time_grid& time) {
  event_merge(shares).for_each([&](const event_log& log, std::size_t at) {
    expects(log.stamps[at] >= last_stamp_, "spikes are reported in the order of time");
    last_stamp_ = log.stamps[at];
    auto& p = of(log.senders[at]);
    const auto row = p.heard->times.rows();
    p.heard->times.put(row, 0, bits(log.time_ms(at, time)));
    p.heard->ids.put(row, 0, log.senders[at] - p.first);
  });
}

void sonata_report::add_samples(const share_list& shares, const time_grid& time) {
  add_nodes(shares);
  event_merge(shares).for_each([&](const event_log& log, std::size_t at) {
    const auto stamp = log.stamps[at];
    expects(stamp >= last_stamp_, "samples are reported in the order of time");
    last_stamp_ = stamp;
    if (first_stamp_ < 0) {
      first_stamp_ = stamp;
      begin_ms_ = time.to_ms(stamp);
      interval_ms_ = time.to_ms(plan_.interval);
    }
    const auto frame = static_cast<std::uint64_t>((stamp - first_stamp_) / plan_.interval);
    n_frames_ = frame + 1;
    auto& p = of(log.senders[at]);
    p.seen->data.put(frame, p.seen->columns.at(log.senders[at] - p.first), bits(log.values.at(0)[at]));
  });
}

/// Columns for the nodes that are met for the first time, in the order of their ids.
void sonata_report::add_nodes(const share_list& shares) {
  std::vector<std::uint64_t> nodes;
  for (const auto* log : shares) nodes.insert(nodes.end(), log->senders.begin(), log->senders.end());
  std::ranges::sort(nodes);
  nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
  std::map<population*, std::vector<std::uint64_t>> members;
  for (const auto node : nodes) {
    auto& p = of(node);
    members[&p].push_back(node - p.first);
  }
  for (const auto& [p, some] : members) {
    const auto width = static_cast<std::uint32_t>(std::min<std::size_t>(some.size(), columns_of_chunk));
    if (!p->seen) p->seen = frames{{number::f64, values_of_chunk / width, width}, {}, {}};
    for (const auto node : some)
      if (p->seen->columns.try_emplace(node, p->seen->nodes.size()).second) p->seen->nodes.push_back(node);
  }
}

void sonata_report::save(record_file& to) {
  object root;
  root.attributes = {{"magic", std::uint32_t{0x0A7A}}, {"version", std::vector<std::uint32_t>{0, 1}}};
  std::vector<member> all;
  for (auto& [first, p] : populations_)
    if (p.heard || p.seen) all.push_back({p.name, described(p)});
  root.content = std::vector<member>{{plan_.samples ? "report" : "spikes", {{}, std::move(all)}}};
  file_.save(to, root);
  is_saved_ = true;
}

hdf5::object sonata_report::described(population& p) const {
  return p.heard ? described(*p.heard) : described(*p.seen);
}

hdf5::object sonata_report::described(spikes& heard) const {
  const hdf5::choice by_time{{"none", "by_id", "by_time"}, 2};
  return {{{"sorting", by_time}},
          std::vector<member>{{"timestamps", {{{"units", std::string("ms")}}, &heard.times}},
                              {"node_ids", {{}, &heard.ids}}}};
}

hdf5::object sonata_report::described(frames& seen) const {
  seen.data.extend(n_frames_);
  const auto n = seen.nodes.size();
  const double time[] = {begin_ms_, begin_ms_ + static_cast<double>(n_frames_) * interval_ms_, interval_ms_};
  const auto nothing = [](std::uint64_t) { return 0; };
  std::vector<member> mapping{
      {"node_ids", {{}, table_of(number::u64, n, [&](std::uint64_t i) { return seen.nodes[i]; })}},
      {"index_pointers", {{}, table_of(number::u64, n + 1, [](std::uint64_t i) { return i; })}},
      {"element_ids", {{}, table_of(number::u32, n, nothing)}},
      {"element_pos", {{}, table_of(number::f32, n, nothing)}},
      {"time",
       {{{"units", std::string("ms")}}, table_of(number::f64, 3, [&](std::uint64_t i) { return bits(time[i]); })}}};
  return {{},
          std::vector<member>{{"data", {{{"units", plan_.unit}}, &seen.data}}, {"mapping", {{}, std::move(mapping)}}}};
}

}  // namespace volley::runtime
