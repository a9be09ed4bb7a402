// How connections that were asked for get to the shards: what they would take, what only draws can show, the request on all
// shards, and the building of rows when somebody needs them.
#include <algorithm>
#include <cstdio>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/kernel.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

std::string count_text(double n) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", n);
  return text;
}

}  // namespace

outcome kernel::link(std::vector<projection> projections, source_kind from) {
  // What the call would take is known before anything is drawn; several synapse specifications count one after the other.
  double bytes = network_.bytes(rows()), number = 0;
  std::vector<planned_connections> plans;
  for (const auto& p : projections) {
    plans.push_back(plan_of(p, from));
    bytes += network_.bytes_with(plans.back(), rows()) - network_.bytes(rows());
    number += plans.back().number;
  }
  const auto what = "Connect: " + count_text(number) + " connections";
  if (options_.dry_run) return plan_links(plans);
  require_memory(bytes, what + " by " + (projections.front().rule == nullptr ? "arrays of ids" : to_string(projections.front().rule->kind)));
  const auto shared_projections = std::make_shared<const std::vector<projection>>(std::move(projections));
  const bool draws_delays = std::any_of(shared_projections->begin(), shared_projections->end(), [&](const projection& p) {
    const auto* drawn = std::get_if<parameter_ref>(&p.delay_ms);
    return drawn != nullptr && (settings_.min_delay_steps != 0 || simulated_ || (*drawn)->bounds().least < settings_.time.resolution_ms());
  });
  const auto now = now_;
  const auto commit = [=, this]() -> outcome {
    return on_shards(
        [=](shard& s) -> std::any {
          s.before_change(now);
          for (const auto& p : *shared_projections) s.connect(p);
          return {};
        },
        [=, this](std::vector<std::any>) -> outcome {
          for (const auto& plan : plans) network_.add(plan, n_vps());
          dirty_ = pending_ = true;
          return done();
        },
        [=, this](std::exception_ptr reason) -> outcome {
          return on_shards([=](shard& s) -> std::any { s.drop(*shared_projections); return {}; },
                           [=, this](std::vector<std::any>) -> outcome {
                             return failure(named(reason, what + ": the machine has no memory for the call; nothing was changed"));
                           });
        });
  };
  if (!draws_delays) return commit();
  const auto time = settings_.time;
  const auto [low, high] = settings_.min_delay_steps != 0 || simulated_ ? delay_range() : std::pair<step_t, step_t>{1, max_delay_steps};
  return on_shards(
      [=, low = low, high = high](shard& s) -> std::any {
        for (const auto& p : *shared_projections) s.check(p, time, low, high);
        return {};
      },
      [=](std::vector<std::any>) { return commit(); });
}

outcome kernel::when_built(std::function<outcome()> then) {
  if (!pending_) return then();
  const auto time = settings_.time;
  const auto began = stopwatch::clock::now();
  return on_shards(
      [=](shard& s) -> std::any {
        s.build(time);
        return std::pair<delay_extrema, std::uint64_t>(s.delays(), s.n_connections());
      },
      [=, this](std::vector<std::any> results) -> outcome {
        n_connections_ = 0;
        for (const auto& r : results) {
          const auto& [delays, n] = std::any_cast<const std::pair<delay_extrema, std::uint64_t>&>(r);
          if (delays.max != 0) extrema_.include(delays);
          n_connections_ += n;
        }
        pending_ = false;
        connect_s_ += seconds_since(began);
        return then();
      },
      [this](std::exception_ptr reason) {
        return failure(named(reason, "the machine has no memory to build the connections that were asked for, about " +
                                         bytes_text(network_.connection_bytes(n_vps())) +
                                         "; they stay asked for: free memory and call again, or call ResetKernel"));
      });
}

}  // namespace volley::runtime
