// How connections that were asked for get to the shards: what they would take, what only draws can show, the request on
// all shards, and the building of rows when somebody needs them.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <span>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/element_uses.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"

namespace volley::runtime {
namespace {

std::string count_text(double n) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", n);
  return text;
}

/// True when connections of `later` stand behind those of `earlier`, of the same call, in every row, pair by pair.
bool stands_behind(const projection& later, const projection& earlier, const time_grid& time) {
  if (later.collocated == earlier.collocated) return true;  // other pairs of the same specification
  if (!is_shared(later.delay_ms) || !is_shared(earlier.delay_ms)) return false;
  const bool same_receptor = is_shared(later.receptor) && later.receptor == earlier.receptor;
  const auto mine = time.nearest_steps(std::get<double>(later.delay_ms)),
             before = time.nearest_steps(std::get<double>(earlier.delay_ms));
  return mine > before || (mine == before && same_receptor);
}

/// All that a rule or a list connects, with whatever specification.
call_ends ends_of(const network& net, const projection& p) {
  if (p.pairs != nullptr) return {p.pairs->distinct_sources, p.pairs->distinct_targets, p.pairs->reaches};
  if (!p.rule->make_symmetric) return {p.rule->sources, p.rule->targets};
  std::vector<std::uint64_t> both;
  for (const auto* nodes : {&p.rule->sources, &p.rule->targets})
    for (const auto& r : nodes->ranges)
      for (auto id = r.first; id <= r.last; id += r.step) both.push_back(id);
  const auto ends = set_of(net, std::move(both));
  return {ends, ends};
}

/// The same of a call, by store: most have one rule or list.
std::map<store_ordinal, std::vector<call_ends>> ends_by_store(const network& net, const std::vector<projection>& made) {
  std::map<store_ordinal, std::vector<call_ends>> ends;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto same = [&](const projection& e) {
      return e.store == made[i].store && e.rule == made[i].rule && e.pairs == made[i].pairs;
    };
    if (std::ranges::none_of(std::span(made.data(), i), same)) ends[made[i].store].push_back(ends_of(net, made[i]));
  }
  return ends;
}

/// True when the two ends of a connection tell whether it is of an earlier call or of the one that connects `ends`.
bool tells(const network& net, store_ordinal store, const std::vector<call_ends>& ends, std::uint32_t ordinal) {
  const auto known = net.creation.find(store);
  if (ends.size() == 1) return known == net.creation.end() || known->second.tells(ends.front());
  auto order = known == net.creation.end() ? creation_order() : known->second;
  for (const auto& one : ends) {
    if (!order.tells(one)) return false;
    order.add(one, ordinal);
  }
  return true;
}

/// Marks those of the connections whose place does not tell which call made them, and numbers the call.
// The order of a row is that of delays. Where two nodes get several connections, that may not be the order of their
// making.
void tell_apart(const network& net, new_connections& made) {
  made.ordinal = net.connect_calls + 1;
  std::map<store_ordinal, bool> marks;
  for (const auto& [store, ends] : ends_by_store(net, made.projections))
    marks[store] = !tells(net, store, ends, made.ordinal);
  for (std::size_t i = 0; i < made.projections.size(); ++i) {
    const auto& p = made.projections[i];
    const std::span earlier(made.projections.data(), i);
    const bool out_of_place = std::ranges::any_of(
        earlier, [&](const projection& e) { return e.store == p.store && !stands_behind(p, e, net.settings.time); });
    const bool repeats = p.pairs != nullptr && p.pairs->repeat && (!is_shared(p.delay_ms) || !is_shared(p.receptor));
    if (out_of_place || repeats) marks[p.store] = true;
  }
  // All or none of a call, so that its order is one.
  for (std::size_t i = 0; i < made.projections.size(); ++i) {
    auto& p = made.projections[i];
    if (marks.at(p.store)) p.told_call = made.ordinal;
    made.plans[i].named = p.told_call != 0;
  }
}

void note_order(network& net, const std::vector<projection>& made, std::uint32_t ordinal) {
  net.connect_calls = ordinal;
  for (const auto& [store, ends] : ends_by_store(net, made))
    for (const auto& one : ends) net.creation[store].add(one, ordinal);
}

bool has_sure_number(const projection& p) {
  if (p.rule == nullptr) return true;
  const auto kind = p.rule->kind;
  return kind != rule_kind::pairwise_bernoulli && kind != rule_kind::pairwise_poisson &&
         kind != rule_kind::symmetric_pairwise_bernoulli && kind != rule_kind::third_factor_bernoulli_with_pool;
}

/// Connections that are sure to be made may be made on other ranks: their delay is known here all the same.
void note_known_delays(network& net, const std::vector<projection>& made) {
  for (const auto& p : made)
    if (is_shared(p.delay_ms) && has_sure_number(p) && number_of_connections(p) >= 1)
      net.extrema.include(net.settings.time.nearest_steps(std::get<double>(p.delay_ms)));
}

}  // namespace

outcome link(network& net, new_connections made) {
  tell_apart(net, made);
  if (net.options.dry_run) {
    note_order(net, made.projections, made.ordinal);
    return plan_links(net, made);
  }
  // What the call would take is known before anything is drawn; several synapse specifications count one after the
  // other.
  double bytes = net.size.bytes(rows(net)), number = 0;
  for (const auto& plan : made.plans) {
    bytes += net.size.bytes_with(plan, rows(net)) - net.size.bytes(rows(net));
    number += plan.number;
  }
  for (const auto& t : made.taps) number += static_cast<double>(t.nodes.size());
  const auto what = "Connect: " + count_text(number) + " connections";
  if (!made.projections.empty()) {
    const auto& rule = made.projections.front().rule;
    require_memory(net, bytes, what + " by " + (rule == nullptr ? "arrays of ids" : to_string(rule->kind)));
  }
  // Whoever occupies elements is drawn here once more, for the counts of all sources; rows are drawn by the shards.
  for (const auto& [rule, elements] : made.occupying)
    std::ranges::move(uses_of(*rule, elements, 1), std::back_inserter(made.uses));
  const auto plans = made.plans;
  const auto what_of_all = std::make_shared<const order>(orders::connect{
      std::move(made.projections), std::move(made.trials), std::move(made.taps), net.now, std::move(made.uses)});
  return tell_shards(
      net, what_of_all,
      [=, ordinal = made.ordinal, trains = std::move(made.trains), &net](std::vector<reply>) -> outcome {
        const auto& asked = std::get<orders::connect>(*what_of_all);
        for (const auto& plan : plans) net.size.add(plan, net.n_vps());
        note_order(net, asked.projections, ordinal);
        note_taps(net, asked.taps);
        note_trains(net, trains);
        if (net.options.rank.count > 1) note_known_delays(net, asked.projections);
        // What of taps is on which rank, shards count.
        const bool counts = !asked.projections.empty() || net.options.rank.count > 1;
        net.require(counts ? shard_work::build_and_prepare : shard_work::prepare);
        return done(net);
      },
      fails_without_memory(net, what + ": the machine has no memory for the call; nothing was changed"));
}

void note_taps(network& net, const std::vector<tap>& made) {
  for (const auto& t : made) {
    net.extrema.include(t.extrema());
    net.n_connections += t.nodes.size();
    net.n_connections_here += t.nodes.size();
    find_device(net, t.recorder_id)->connected = true;
    if (t.samples) net.devices.sampled[t.recorder].add(t.nodes);
  }
}

void note_trains(network& net, const std::map<std::uint64_t, double>& made) {
  for (const auto& [generator, number] : made) find_device(net, generator)->n_trains += number;
}

outcome when_built(network& net, std::function<outcome()> then) {
  if (net.due != shard_work::build_and_prepare || (net.alone && net.built_here)) return then();
  const auto began = stopwatch::clock::now();
  return tell_shards(
      net, orders::build{net.settings.time},
      [=, &net](std::vector<reply> replies) -> outcome {
        note_connections(net, replies);
        if (const auto delays = summed(net, replies).delays; delays.max != 0) net.extrema.include(delays);
        if (net.alone)
          net.built_here = true;  // for all it is still due: the others' rows and delays
        else
          net.due = shard_work::prepare;
        net.connect_s += seconds_since(began);
        return then();
      },
      fails_without_memory(net, "the machine has no memory to build the connections that were asked for, about " +
                                    bytes_text(net.size.connection_bytes(net.n_vps())) +
                                    "; they stay asked for: free memory and call again, or call ResetKernel"));
}

}  // namespace volley::runtime
