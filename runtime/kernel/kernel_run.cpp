// Calls on the clock: Prepare, Run, Cleanup, Simulate, ResetKernel.
#include <algorithm>
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/kernel.hpp"

namespace volley::runtime {

outcome kernel::make_ready(std::function<outcome()> then) {
  return when_built([=, this]() -> outcome {
    if (!dirty_ || options_.dry_run) return then();
    const auto [low, high] = delay_range();
    const run_plan plan{settings_.time, now_, low, high, static_cast<std::uint32_t>(settings_.rng_seed)};
    const bool overwrite = settings_.overwrite_files;
    auto* files = options_.files;
    std::vector<std::pair<std::uint32_t, std::vector<std::string>>> paths;
    for (const auto& d : devices_)
      if (is_recorder(d.params) && recording_of(d.params).record_to == "ascii") paths.emplace_back(d.position, file_names(d));
    return on_shards(
        [=](shard& s) -> std::any {
          for (const auto& [position, names] : paths) s.recorder_at(position).set_path(names[s.place().vp]);
          s.prepare(plan, *files, overwrite);
          return {};
        },
        [=, this](std::vector<std::any>) -> outcome {
          dirty_ = false;
          return then();
        });
  });
}

std::vector<std::string> kernel::file_names(const device_entry& entry) const {
  const auto& r = recording_of(entry.params);
  const auto digits = [](std::uint64_t n) { return static_cast<int>(std::to_string(n).size()); };
  const auto padded = [](std::uint64_t n, int width) {
    auto text = std::to_string(n);
    return std::string(static_cast<std::size_t>(std::max(0, width - static_cast<int>(text.size()))), '0') + text;
  };
  std::vector<std::string> names;
  for (std::uint32_t vp = 0; vp < n_vps(); ++vp) {
    std::string path = settings_.data_path.empty() ? "" : settings_.data_path + "/";
    path.append(settings_.data_prefix).append(r.label.empty() ? models_.node(entry.model).name : r.label);
    path.append(1, '-').append(padded(entry.id, digits(network_size()))).append(1, '-').append(padded(vp, digits(n_vps()))).append(1, '.').append(r.file_extension);
    names.push_back(std::move(path));
  }
  return names;
}

outcome kernel::begin(const api::prepare&) {
  require_alive();
  if (prepared_) throw api_error(error_kind::KernelException, "Prepare: called twice without Cleanup");
  return make_ready([this]() -> outcome {
    prepared_ = true;
    return done();
  });
}

outcome kernel::begin(const api::cleanup&) {
  if (!prepared_) throw api_error(error_kind::KernelException, "Cleanup: called without Prepare");
  return on_shards([](shard& s) -> std::any { s.close_recorders(); return {}; },
                   [this](std::vector<std::any>) -> outcome {
                     prepared_ = false;
                     dirty_ = true;  // files are opened anew
                     return done();
                   });
}

outcome kernel::run_for(double ms, const char* what, std::function<outcome()> then) {
  if (ms < 0) throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be >= 0");
  if (!std::isfinite(ms)) throw api_error(error_kind::BadParameter, std::string(what) + ": t must be finite");
  if (ms > settings_.time.to_ms(max_steps()) ||
      settings_.time.tics(ms) > (max_steps() - now_) * settings_.time.tics_per_step())
    throw api_error(error_kind::KernelException, std::string(what) + ": t = " + to_text(value(ms)) + " ms goes beyond the largest time, T_max");
  if (!settings_.time.on_grid(ms))
    throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be a multiple of the resolution, " + to_text(value(settings_.time.resolution_ms())) + " ms");
  if (!prepared_) throw api_error(error_kind::KernelException, std::string(what) + ": call Prepare first");
  const step_t steps = settings_.time.nearest_steps(ms);
  if (steps == 0) return then();
  if (options_.dry_run) {
    simulated_ = true;
    now_ += steps;
    return then();
  }
  return make_ready([=, this]() -> outcome {
    auto step = std::make_unique<run_step>();
    step->steps = steps;
    const auto began = stopwatch::clock::now();
    spikes_before_run_ = spikes_total_;
    simulated_ = true;
    step->then = [=, this](stop_reason why, step_t now, std::exception_ptr reason) -> outcome {
      now_ = now;
      simulate_s_ += seconds_since(began);
      if (why == stop_reason::failed) {
        inconsistent_ = true;
        return failure(reason);
      }
      return on_shards([](shard& s) -> std::any { s.flush_recorders(); return s.spikes_emitted(); },
                       [=, this](std::vector<std::any> counts) -> outcome {
                         spikes_total_ = 0;
                         for (const auto& n : counts) spikes_total_ += std::any_cast<std::uint64_t>(n);
                         spikes_last_run_ = spikes_total_ - spikes_before_run_;
                         return then();
                       });
    };
    return step;
  });
}

outcome kernel::begin(const api::run& c) {
  require_alive();
  return run_for(c.time_ms, "Run", [this]() -> outcome { return done(); });
}

outcome kernel::begin(const api::simulate& c) {
  require_alive();
  const double ms = c.time_ms;
  if (ms < 0 || !std::isfinite(ms) || !settings_.time.on_grid(ms)) {
    const bool was = prepared_;
    prepared_ = true;
    struct restore { bool& flag; bool value; ~restore() { flag = value; } } keep{prepared_, was};
    return run_for(ms, "Simulate", [this]() -> outcome { return done(); });
  }
  return and_then(begin(api::prepare{}), [=, this](api::answer prepared) -> outcome {
    if (std::holds_alternative<api::failed_call>(prepared.outcome)) return prepared;
    outcome ran = done();
    try {
      ran = run_for(ms, "Simulate", [this]() -> outcome { return done(); });
    } catch (...) {
      ran = failure(std::current_exception());
    }
    return and_then(std::move(ran), [this](api::answer result) -> outcome {
      return and_then(begin(api::cleanup{}), [result](api::answer closed) -> outcome {
        return std::holds_alternative<api::failed_call>(result.outcome) ? result : closed;
      });
    });
  });
}

outcome kernel::begin(const api::reset_kernel&) {
  settings_ = settings_.after_reset(options_.default_vps);
  models_ = model_registry(catalog_);
  blocks_.clear();
  devices_.clear();
  sampled_.clear();
  n_stimulators_ = n_recorders_ = 0;
  n_taps_ = 0;
  network_ = {};
  ++generation_;
  ++shard_epoch_;
  calls_ = 0;
  models_changed_ = prepared_ = simulated_ = inconsistent_ = pending_ = false;
  dirty_ = true;
  now_ = 0;
  extrema_ = {};
  n_connections_ = spikes_last_run_ = spikes_before_run_ = spikes_total_ = 0;
  create_s_ = connect_s_ = simulate_s_ = 0;
  return done();
}

}  // namespace volley::runtime
