// How connections that were asked for get to the shards: what they would take, what only draws can show, the request on all
// shards, and the building of rows when somebody needs them.
#include <algorithm>
#include <cstdio>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

std::string count_text(double n) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", n);
  return text;
}

}  // namespace

static bool needs_draws(const network& net, const new_connections& made);
static outcome commit_links(network& net, std::shared_ptr<const new_connections> made, const std::string& what);

outcome link(network& net, new_connections made) {
  if (net.options.dry_run) return plan_links(net, made);
  // What the call would take is known before anything is drawn; several synapse specifications count one after the other.
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
  const auto all = std::make_shared<const new_connections>(std::move(made));
  const auto commit = [=, &net] { return commit_links(net, all, what); };
  if (!needs_draws(net, *all)) return commit();
  const auto time = net.settings.time;
  return on_shards(net, 
      [=, limits = limits_of_delays(net)](shard& s) -> std::any {
        for (const auto& p : all->projections) s.check(p, time, limits);
        return {};
      },
      [=](std::vector<std::any>) { return commit(); });
}

/// True where only the draws show whether the delays are legal.
bool needs_draws(const network& net, const new_connections& made) {
  const bool fixed = net.settings.min_delay_steps != 0 || net.simulated;
  return std::any_of(made.projections.begin(), made.projections.end(), [&](const projection& p) {
    const auto* drawn = std::get_if<parameter_ref>(&p.delay_ms);
    return drawn != nullptr && (fixed || (*drawn)->bounds().least < net.settings.time.resolution_ms());
  });
}

outcome commit_links(network& net, std::shared_ptr<const new_connections> made, const std::string& what) {
  const auto now = net.now;
  return on_shards(net, 
      [=](shard& s) -> std::any {
        s.before_change(now);
        for (const auto& p : made->projections) s.connect(p);
        for (const auto& t : made->taps) s.connect(t);
        return {};
      },
      [=, &net](std::vector<std::any>) -> outcome {
        for (const auto& plan : made->plans) net.size.add(plan, net.n_vps());
        note_taps(net, *made);
        net.dirty = true;
        net.pending |= !made->projections.empty();
        return done(net);
      },
      [=, &net](std::exception_ptr reason) -> outcome {
        return on_shards(net, 
            [=, n = net.devices.taps](shard& s) -> std::any {
              s.drop(made->projections);
              s.drop_taps(n);
              return {};
            },
            [=, &net](std::vector<std::any>) -> outcome {
              return failure(net, named(reason, what + ": the machine has no memory for the call; nothing was changed"));
            });
      });
}

void note_taps(network& net, const new_connections& made) {
  for (const auto& t : made.taps) {
    net.extrema.include(t.extrema());
    net.n_connections += t.nodes.size();
    find_device(net, t.recorder_id)->connected = true;
    if (t.samples) net.devices.sampled[t.recorder].add(t.nodes);
  }
  net.devices.taps += made.taps.size();
}

outcome when_built(network& net, std::function<outcome()> then) {
  if (!net.pending) return then();
  const auto time = net.settings.time;
  const auto began = stopwatch::clock::now();
  return on_shards(net, 
      [=](shard& s) -> std::any {
        s.build(time);
        return std::pair<delay_extrema, std::uint64_t>(s.delays(), s.n_connections());
      },
      [=, &net](std::vector<std::any> results) -> outcome {
        net.n_connections = 0;
        for (const auto& r : results) {
          const auto& [delays, n] = std::any_cast<const std::pair<delay_extrema, std::uint64_t>&>(r);
          if (delays.max != 0) net.extrema.include(delays);
          net.n_connections += n;
        }
        net.pending = false;
        net.connect_s += seconds_since(began);
        return then();
      },
      [&net](std::exception_ptr reason) {
        return failure(net, named(reason, "the machine has no memory to build the connections that were asked for, about " +
                                         bytes_text(net.size.connection_bytes(net.n_vps())) +
                                         "; they stay asked for: free memory and call again, or call ResetKernel"));
      });
}

}  // namespace volley::runtime
