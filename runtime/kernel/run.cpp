// Calls on the clock: Prepare, Run, Cleanup, Simulate, ResetKernel.
#include <algorithm>
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

/// Calls visit(entry, its parameters) for each noise_generator.
template <class Visit> static void for_each_noise(network& net, Visit&& visit) {
  for (const auto& b : net.nodes.blocks()) {
    if (b.device < 0) continue;
    auto* entry = &net.devices.entries[static_cast<std::size_t>(b.device)];
    for (auto id = b.first; id <= b.last; ++id, ++entry) {
      auto* params = std::get_if<devices::noise_generator::params>(&entry->params);
      if (params == nullptr) break;  // a block has one model
      visit(std::as_const(*entry), *params);
    }
  }
}

static outcome make_ready(network& net, std::function<outcome()> then);
static outcome run_for(network& net, double ms, const char* what, std::function<outcome()> then);

outcome make_ready(network& net, std::function<outcome()> then) {
  return when_built(net, [=, &net]() -> outcome {
    if (!net.dirty || net.options.dry_run) return then();
    const auto [low, high] = delay_range(net);
    const run_plan plan{net.settings.time, net.now, low, high, static_cast<std::uint32_t>(net.settings.rng_seed)};
    const bool overwrite = net.settings.overwrite_files;
    auto* files = net.options.files;
    std::vector<std::pair<std::uint32_t, std::vector<std::string>>> paths;
    for (const auto& d : net.devices.entries)
      if (is_recorder(d.params) && recording_of(d.params).record_to == "ascii") paths.emplace_back(d.position, file_names(net, d));
    return on_shards(net, 
        [=](shard& s) -> std::any {
          for (const auto& [position, names] : paths) s.recorder_at(position).set_path(names[s.place().vp]);
          s.prepare(plan, *files, overwrite);
          return {};
        },
        [=, &net](std::vector<std::any>) -> outcome {
          net.dirty = false;
          return then();
        },
        [&net](std::exception_ptr reason) -> outcome {
          // The next attempt may be told other names.
          return on_shards(net, [](shard& s) -> std::any { s.close_recorders(); return {}; },
                           [=, &net](std::vector<std::any>) -> outcome { return failure(net, reason); },
                           [=, &net](std::exception_ptr) -> outcome { return failure(net, reason); });
        });
  });
}

outcome begin(network& net, const api::prepare&) {
  require_alive(net);
  if (net.prepared) throw api_error(error_kind::KernelException, "Prepare: called twice without Cleanup");
  return make_ready(net, [&net]() -> outcome {
    net.prepared = true;
    for_each_noise(net, [&net](const device_entry&, devices::noise_generator::params& p) {
      devices::noise_generator::restart(p, net.settings.time.to_ms(net.now));
    });
    return done(net);
  });
}

outcome begin(network& net, const api::cleanup&) {
  if (!net.prepared) throw api_error(error_kind::KernelException, "Cleanup: called without Prepare");
  return on_shards(net, [](shard& s) -> std::any { s.close_recorders(); return {}; },
                   [&net](std::vector<std::any>) -> outcome {
                     net.prepared = false;
                     net.dirty = true;  // files are opened anew
                     return done(net);
                   });
}

outcome run_for(network& net, double ms, const char* what, std::function<outcome()> then) {
  if (ms < 0) throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be >= 0");
  if (!std::isfinite(ms)) throw api_error(error_kind::BadParameter, std::string(what) + ": t must be finite");
  if (ms > net.settings.time.to_ms(max_steps(net)) ||
      net.settings.time.tics(ms) > (max_steps(net) - net.now) * net.settings.time.tics_per_step())
    throw api_error(error_kind::KernelException, std::string(what) + ": t = " + to_text(value(ms)) + " ms goes beyond the largest time, T_max");
  if (!net.settings.time.on_grid(ms))
    throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be a multiple of the resolution, " + to_text(value(net.settings.time.resolution_ms())) + " ms");
  if (!net.prepared) throw api_error(error_kind::KernelException, std::string(what) + ": call Prepare first");
  const step_t steps = net.settings.time.nearest_steps(ms);
  if (steps == 0) return then();
  if (net.options.dry_run) {
    net.simulated = true;
    net.now += steps;
    return then();
  }
  return make_ready(net, [=, &net]() -> outcome {
    auto step = std::make_unique<run_step>();
    step->steps = steps;
    const auto began = stopwatch::clock::now();
    net.spikes_before_run = net.spikes_total;
    net.simulated = true;
    step->then = [=, &net](stop_reason why, step_t now, std::exception_ptr reason) -> outcome {
      for_each_noise(net, [&](const device_entry& d, devices::noise_generator::params& p) {
        devices::noise_generator::turn(p, net.settings.time.to_ms(active_updates(stimulator_of(net, d), net.now, now)));
      });
      net.now = now;
      net.simulate_s += seconds_since(began);
      if (why == stop_reason::failed) {
        net.inconsistent = true;
        return failure(net, reason);
      }
      return on_shards(net, [](shard& s) -> std::any { s.flush_recorders(); return s.spikes_emitted(); },
                       [=, &net](std::vector<std::any> counts) -> outcome {
                         net.spikes_total = 0;
                         for (const auto& n : counts) net.spikes_total += std::any_cast<std::uint64_t>(n);
                         net.spikes_last_run = net.spikes_total - net.spikes_before_run;
                         return then();
                       });
    };
    return step;
  });
}

outcome begin(network& net, const api::run& c) {
  require_alive(net);
  return run_for(net, c.time_ms, "Run", [&net]() -> outcome { return done(net); });
}

outcome begin(network& net, const api::simulate& c) {
  require_alive(net);
  const double ms = c.time_ms;
  if (ms < 0 || !std::isfinite(ms) || !net.settings.time.on_grid(ms)) {
    const bool was = net.prepared;
    net.prepared = true;
    struct restore { bool& flag; bool value; ~restore() { flag = value; } } keep{net.prepared, was};
    return run_for(net, ms, "Simulate", [&net]() -> outcome { return done(net); });
  }
  return and_then(begin(net, api::prepare{}), [=, &net](api::answer prepared) -> outcome {
    if (std::holds_alternative<api::failed_call>(prepared.outcome)) return prepared;
    outcome ran = done(net);
    try {
      ran = run_for(net, ms, "Simulate", [&net]() -> outcome { return done(net); });
    } catch (...) {
      ran = failure(net, std::current_exception());
    }
    return and_then(std::move(ran), [&net](api::answer result) -> outcome {
      return and_then(begin(net, api::cleanup{}), [result](api::answer closed) -> outcome {
        return std::holds_alternative<api::failed_call>(result.outcome) ? result : closed;
      });
    });
  });
}

outcome begin(network& net, const api::cancel&) { return done(net); }

outcome begin(network& net, const api::reset_kernel&) {
  network fresh(net.options, *net.catalog);
  fresh.settings = net.settings.after_reset(net.options.default_vps);
  fresh.generation = net.generation + 1;
  fresh.shard_epoch = net.shard_epoch + 1;
  net = std::move(fresh);
  return done(net);
}

}  // namespace volley::runtime
