// How connections that were asked for get to the shards: what they would take, what only draws can show, the request on all
// shards, and the building of rows when somebody needs them.
#include <algorithm>
#include <cstdio>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/clock.hpp"
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

outcome link(network& net, std::vector<projection> projections, source_kind from) {
  // What the call would take is known before anything is drawn; several synapse specifications count one after the other.
  double bytes = net.size.bytes(rows(net)), number = 0;
  std::vector<planned_connections> plans;
  for (const auto& p : projections) {
    plans.push_back(plan_of(net, p, from));
    bytes += net.size.bytes_with(plans.back(), rows(net)) - net.size.bytes(rows(net));
    number += plans.back().number;
  }
  const auto what = "Connect: " + count_text(number) + " connections";
  if (net.options.dry_run) return plan_links(net, plans);
  require_memory(net, bytes, what + " by " + (projections.front().rule == nullptr ? "arrays of ids" : to_string(projections.front().rule->kind)));
  const auto shared_projections = std::make_shared<const std::vector<projection>>(std::move(projections));
  const bool draws_delays = std::any_of(shared_projections->begin(), shared_projections->end(), [&](const projection& p) {
    const auto* drawn = std::get_if<parameter_ref>(&p.delay_ms);
    return drawn != nullptr && (net.settings.min_delay_steps != 0 || net.simulated || (*drawn)->bounds().least < net.settings.time.resolution_ms());
  });
  const auto now = net.now;
  const auto commit = [=, &net]() -> outcome {
    return on_shards(net, 
        [=](shard& s) -> std::any {
          s.before_change(now);
          for (const auto& p : *shared_projections) s.connect(p);
          return {};
        },
        [=, &net](std::vector<std::any>) -> outcome {
          for (const auto& plan : plans) net.size.add(plan, net.n_vps());
          net.dirty = net.pending = true;
          return done(net);
        },
        [=, &net](std::exception_ptr reason) -> outcome {
          return on_shards(net, [=](shard& s) -> std::any { s.drop(*shared_projections); return {}; },
                           [=, &net](std::vector<std::any>) -> outcome {
                             return failure(net, named(reason, what + ": the machine has no memory for the call; nothing was changed"));
                           });
        });
  };
  if (!draws_delays) return commit();
  const auto time = net.settings.time;
  const auto [low, high] = net.settings.min_delay_steps != 0 || net.simulated ? delay_range(net) : std::pair<step_t, step_t>{1, max_delay_steps};
  return on_shards(net, 
      [=, low = low, high = high](shard& s) -> std::any {
        for (const auto& p : *shared_projections) s.check(p, time, low, high);
        return {};
      },
      [=](std::vector<std::any>) { return commit(); });
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
