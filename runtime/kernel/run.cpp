// Calls on the clock: Prepare, Run, Cleanup, Simulate, ResetKernel.
#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/checkpoint.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/reports.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/structural_update.hpp"

namespace volley::runtime {
namespace {

/// Calls visit(entry) for each device with values that go with the clock.
template <class Visit> void for_each_clocked(network& net, Visit&& visit) {
  for (const auto& b : net.nodes.blocks()) {
    if (b.device < 0) continue;
    auto* entry = &net.devices.entries[static_cast<std::size_t>(b.device)];
    for (auto id = b.first; id <= b.last; ++id, ++entry) {
      if (!follows_clock(entry->params)) break;  // a block has one model
      visit(*entry);
    }
  }
}

/// A run has come to its end: devices' values follow the clock in one go, however often it rested.
void settle(network& net, step_t now) {
  for_each_clocked(net, [&](device_entry& d) { d.params = params_at(net, d, now); });
  net.now = net.clocked = now;
  net.steps_left = 0;
}

/// Goes on with `then` once the shards are prepared for a run.
outcome make_ready(network& net, std::function<outcome()> then) {
  return when_built(net, [=, &net]() -> outcome {
    if (net.due == shard_work::none || net.options.dry_run) return then();
    include_structural_delays(net);
    try {
      open_reports(net);
    } catch (const api_error&) {
      return failure(net, std::current_exception());
    }
    const auto [low, high] = delay_range(net);
    const run_plan plan{net.settings.time, net.now, low, high, net.settings.rng_seed};
    orders::prepare preparation{plan, net.settings.overwrite_files || net.options.replays, {}, room_for_records(net)};
    for (const auto& d : net.devices.entries)
      if (writes_files(d.params)) preparation.files.emplace_back(d.as_recorder(), file_names(net, d));
    return tell_shards(
        net, std::move(preparation),
        [=, &net](std::vector<reply>) -> outcome {
          net.due = shard_work::none;
          return then();
        },
        [&net](const refusal& why) -> outcome {
          close_reports(net);
          // The next attempt may be told other names.
          const auto fail = [reason = exception_of(why), &net](const auto&) { return failure(net, reason); };
          return tell_shards(net, orders::end_run{true}, fail, fail);
        });
  });
}

/// Steps of a run. Errors: BadParameter, and KernelException beyond the largest time.
step_t steps_of(const network& net, double ms, const char* call) {
  const auto& time = net.settings.time;
  const auto subject = std::string(call) + ": t = " + to_text(value(ms)) + " ms";
  if (ms < 0) throw api_error(error_kind::BadParameter, subject + " must be >= 0");
  if (!std::isfinite(ms)) throw api_error(error_kind::BadParameter, std::string(call) + ": t must be finite");
  if (ms > time.to_ms(max_steps(net)) || time.tics(ms) > (max_steps(net) - net.now) * time.tics_per_step())
    throw api_error(error_kind::KernelException, subject + " goes beyond the largest time, T_max");
  if (!time.on_grid(ms))
    throw api_error(error_kind::BadParameter,
                    subject + " must be a multiple of the resolution, " + to_text(value(time.resolution_ms())) + " ms");
  return time.nearest_steps(ms);
}

/// Where a run begins and where it is to end.
struct run_span {
  step_t begin, end;
};

/// Up to step `to` of a run. Goes on with `reached`; with `stopped` where somebody ended the run before.
outcome run_stretch(network& net, run_span run, step_t to, std::function<outcome()> reached,
                    std::function<outcome()> stopped) {
  return make_ready(net, [=, &net]() -> outcome {
    auto step = std::make_unique<run_step>();
    step->steps = to - net.now;
    step->run_begin = run.begin;
    step->run_end = run.end;
    step->times = &net.times;
    net.times.limit_s = net.settings.update_time_limit;
    const auto began = stopwatch::clock::now();
    net.has_run = true;
    step->then = [=, &net](stop_reason why, step_t now, std::exception_ptr reason) -> outcome {
      settle(net, now);
      net.simulate_s += seconds_since(began);
      if (why == stop_reason::failed) {
        if (net.state != run_state::lost) net.state = run_state::failed;
        return failure(net, reason);
      }
      return why == stop_reason::reached ? reached() : stopped();
    };
    return step;
  });
}

outcome end_run(network& net, run_span run, std::function<outcome()> then) {
  return tell_shards(net, orders::end_run{false, net.now}, [=, &net](std::vector<reply> tallies) -> outcome {
    net.spikes_total = summed(net, tallies).spikes;
    net.spikes_last_run = net.spikes_total - net.spikes_before_run;
    const bool ended_early = net.now < run.end;
    const bool is_full = (ended_early || !has_open_reports(net)) && std::ranges::any_of(tallies, [](const auto& t) {
                           return std::get<replies::tally>(t).is_full;
                         });
    return write_reports(net, [=, &net]() -> outcome { return is_full ? full_recorders(net, ended_early) : then(); });
  });
}

outcome go_on(network& net, run_span run, std::function<outcome()> then);

/// At a step where structural plasticity is due. Its update comes between two intervals: behind what was sent in the
/// one, before what the other computes.
outcome update_and_go_on(network& net, run_span run, std::function<outcome()> then) {
  const auto update = [=, &net] {
    auto updated = update_structure(net, [&net]() -> outcome { return done(net); });
    return and_then(std::move(updated), [=, &net](api::answer a) -> outcome {
      if (std::holds_alternative<api::failed_call>(a.outcome)) return end_run(net, run, [a]() -> outcome { return a; });
      return go_on(net, run, then);
    });
  };
  return run_stretch(net, run, net.now, update, [=, &net] { return end_run(net, run, then); });
}

/// From a step whose update is done.
outcome go_on(network& net, run_span run, std::function<outcome()> then) {
  const auto interval = structural_interval(net);
  const auto next = interval == 0 ? run.end : (net.now / interval + 1) * interval;
  const auto stop = [=, &net] { return end_run(net, run, then); };
  if (next >= run.end) return run_stretch(net, run, run.end, stop, stop);  // an update there belongs to the next run
  return run_stretch(
      net, run, next, [=, &net] { return update_and_go_on(net, run, then); }, stop);
}

/// From where the network is. An update that is due there was not made: a run rests before it.
outcome begin_or_resume(network& net, run_span run, std::function<outcome()> then) {
  const auto interval = structural_interval(net);
  const bool due = interval != 0 && net.now % interval == 0;
  return due ? update_and_go_on(net, run, std::move(then)) : go_on(net, run, std::move(then));
}

/// REQUIRES: the network is prepared.
outcome run_for(network& net, step_t steps, std::function<outcome()> then) {
  if (steps == 0) return then();
  if (net.options.dry_run) {
    net.has_run = true;
    net.clocked = net.now += steps;
    return then();
  }
  net.spikes_before_run = net.spikes_total;
  return begin_or_resume(net, {net.now, net.now + steps}, std::move(then));
}

/// Simulate closes what it has prepared, whatever became of its run.
outcome close_simulate(network& net, api::answer result) {
  return and_then(begin(net, api::cleanup{}), [result, &net](api::answer closed) -> outcome {
    if (net.state == run_state::prepared) net.state = run_state::at_rest;  // files that cannot be closed end no network
    return std::holds_alternative<api::failed_call>(result.outcome) ? result : closed;
  });
}

}  // namespace

outcome begin(network& net, const api::prepare&) {
  require_runnable(net);
  if (net.state == run_state::prepared)
    throw api_error(error_kind::KernelException, "Prepare: called twice without Cleanup");
  auto prepared = make_ready(net, [&net]() -> outcome {
    net.state = run_state::prepared;
    net.nodes_prepared = net.nodes.size();
    for_each_clocked(net, [&net](device_entry& d) { restart(d.params, net.settings.time.to_ms(net.now)); });
    return done(net);
  });
  return and_then(std::move(prepared), [&net](api::answer a) -> outcome {
    net.preparation_failed = std::holds_alternative<api::failed_call>(a.outcome);
    return a;
  });
}

outcome begin(network& net, const api::cleanup&) {
  if (net.state == run_state::at_rest) {
    // What a failed Prepare opened is closed; scripts that end it all the same go on.
    if (std::exchange(net.preparation_failed, false)) return done(net);
    throw api_error(error_kind::KernelException, "Cleanup: called without Prepare");
  }
  const auto closed = [&net]() -> outcome {
    close_reports(net);
    if (net.state == run_state::prepared) net.state = run_state::at_rest;
    net.require(shard_work::prepare);  // files are opened anew
    return done(net);
  };
  return tell_shards(net, orders::end_run{true},
                     [=, &net](std::vector<reply>) -> outcome { return write_reports(net, closed); });
}

outcome begin(network& net, const api::run& c) {
  require_runnable(net);
  const auto steps = steps_of(net, c.time_ms, "Run");
  if (net.state != run_state::prepared) throw api_error(error_kind::KernelException, "Run: call Prepare first");
  return run_for(net, steps, [&net]() -> outcome { return done(net); });
}

outcome begin(network& net, const api::simulate& c) {
  require_runnable(net);
  const auto steps = steps_of(net, c.time_ms, "Simulate");
  return and_then(begin(net, api::prepare{}), [=, &net](api::answer prepared) -> outcome {
    if (std::holds_alternative<api::failed_call>(prepared.outcome)) return prepared;
    auto ran = run_for(net, steps, [&net]() -> outcome { return done(net); });
    return and_then(std::move(ran), [&net](api::answer result) { return close_simulate(net, std::move(result)); });
  });
}

outcome resume(network& net, const api::request& call, step_t run_begin, step_t run_end) {
  auto ran = begin_or_resume(net, {run_begin, run_end}, [&net]() -> outcome { return done(net); });
  if (!std::holds_alternative<api::simulate>(call)) return ran;
  return and_then(std::move(ran), [&net](api::answer result) { return close_simulate(net, std::move(result)); });
}

outcome begin(network& net, const api::cancel&) { return done(net); }

outcome begin(network& net, const api::reset_kernel&) {
  network fresh(net.options, *net.build_catalog);
  fresh.settings = net.settings.after_reset(net.options.default_vps);
  fresh.generation = net.generation + 1;
  fresh.shard_epoch = net.shard_epoch + 1;
  std::swap(net, fresh);  // what was goes as a whole: models before the modules that they came with
  return done(net);
}

}  // namespace volley::runtime
