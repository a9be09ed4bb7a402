#include "runtime/devices/device_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {

using namespace devices;

namespace {

constexpr double max_spikes_per_step = 0x1p31;  // of one generator and connection

constexpr double for_ever = std::numeric_limits<double>::max();

std::string grid_text(const device_setting& s) {
  return "multiple of the resolution, " + to_text(value(s.context.time.resolution_ms())) + " ms";
}

// A time as it will be used: a whole number of steps.
void put_on_grid(const device_setting& s, std::string_view key, double& ms, error_kind kind, step_t least,
                 const char* rule) {
  const auto& time = s.context.time;
  if (!time.on_grid(ms) || time.nearest_steps(ms) < least) s.fail(kind, key, ms, "ms must be " + (rule + grid_text(s)));
  ms = time.to_ms(time.nearest_steps(ms));
}

void check_activity(const device_setting& s, models::activity& a) {
  for (const auto& [key, ms] : {std::pair{"origin", &a.origin}, {"start", &a.start}, {"stop", &a.stop}}) {
    if (!s.context.time.reaches(*ms)) *ms = std::copysign(for_ever, *ms);
    else put_on_grid(s, key, *ms, error_kind::BadProperty, -time_grid::max_tics, "a ");
  }
  if (a.stop < a.start) s.fail(error_kind::BadProperty, "stop", a.stop, "ms must not be before start = " + to_text(value(a.start)) + " ms");
  if (a.origin < 0) s.fail(error_kind::BadProperty, "origin", a.origin, "ms must be >= 0");
  if (a.start < 0) s.fail(error_kind::BadProperty, "start", a.start, "ms must be >= 0");
}

// A list of times as they will be used: whole steps, later ones where times between steps are allowed.
void put_on_grid(const device_setting& s, std::string_view key, std::vector<double>& times, bool allow_offgrid,
                 bool may_repeat) {
  const auto& time = s.context.time;
  step_t least = -time_grid::max_tics;
  for (double& ms : times) {
    if (!time.reaches(ms)) s.fail(error_kind::BadProperty, key, ms, "ms is beyond the largest time, T_max");
    if (!allow_offgrid && !time.on_grid(ms))
      throw api_error(error_kind::BadProperty,
                      std::string(s.what) + ": " + std::string(key) + ": Time point " + to_text(value(ms)) +
                          " is not representable in current resolution (" + to_text(value(time.resolution_ms())) +
                          " ms); allow_offgrid_times rounds it up");
    const auto step = time.steps_up(ms);
    if (step < least)
      s.fail(error_kind::BadProperty, key, ms,
             may_repeat ? "comes after a later time; times must not descend"
                        : "ms must be at least a step after the time before it; times must be strictly increasing");
    least = step + (may_repeat ? 0 : 1);
    ms = time.to_ms(step);
  }
}

}  // namespace

void check(const device_setting& s, models::stimulation& p) {
  check_activity(s, p);
  if (!p.stimulus_source.empty())
    s.fail(error_kind::BadProperty, "stimulus_source", p.stimulus_source, "is no stimulation backend; none is built in");
}

void check(const device_setting& s, models::recording& p) {
  check_activity(s, p);
  static const std::vector<std::string> backends{"ascii", "memory", "screen"};
  if (std::find(backends.begin(), backends.end(), p.record_to) == backends.end())
    s.fail(error_kind::BadProperty, "record_to", p.record_to, "is no recording backend; there are ascii, memory and screen");
  if (p.label.find('\0') != std::string::npos)
    s.fail(error_kind::BadProperty, "label", p.label, "must not contain a zero byte");
  if (p.file_extension.find('/') != std::string::npos)
    s.fail(error_kind::BadProperty, "file_extension", p.file_extension, "must not contain a slash");
  if (p.precision < 0 || p.precision > 17) s.fail(error_kind::BadProperty, "precision", p.precision, "must be in 0..17");
}

void check(const device_setting& s, poisson_generator::params& p) {
  check(s, static_cast<models::stimulation&>(p));
  const double most = max_spikes_per_step * 1000 / s.context.time.resolution_ms();
  if (!(p.rate < most))
    s.fail(error_kind::BadProperty, "rate", p.rate,
           "spikes/s must be below " + to_text(value(most)) + ", 2^31 in a step, at a resolution of " +
               to_text(value(s.context.time.resolution_ms())) + " ms");
}

void check(const device_setting& s, step_current_generator::params& p, const step_current_generator::params& before,
           const dictionary& changes) {
  check(s, static_cast<models::stimulation&>(p));
  const bool times = changes.contains("amplitude_times"), values = changes.contains("amplitude_values");
  if (times != values)
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": amplitude_times and amplitude_values must be set together");
  if (p.amplitude_times.size() != p.amplitude_values.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": amplitude_times has " + std::to_string(p.amplitude_times.size()) +
                                                 " entries, amplitude_values " + std::to_string(p.amplitude_values.size()) + "; they must be equally long");
  if (changes.contains("allow_offgrid_times") && !times && !p.amplitude_times.empty())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": allow_offgrid_times can only be set together with amplitude_times");
  if (!times) return;
  put_on_grid(s, "amplitude_times", p.amplitude_times, p.allow_offgrid_times, false);
  if (!p.amplitude_times.empty() && p.amplitude_times.front() <= 0)
    s.fail(error_kind::BadProperty, "amplitude_times", p.amplitude_times.front(), "ms must be > 0");
  if (s.context.exists)
    p.before_first = std::get<step_source>(make_stimulator(0, before, s.context.time).source).amplitude(s.context.now);
}

void check(const device_setting& s, noise_generator::params& p, const noise_generator::params& before,
           const dictionary&) {
  check(s, static_cast<models::stimulation&>(p));
  if (const auto bad = noise_generator::check(p); !bad.empty()) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + bad);
  put_on_grid(s, "dt", p.dt, error_kind::StepMultipleRequired, 1, "a positive ");
  noise_generator::params past;
  past.next_draw = s.context.now;
  if (s.context.exists) {
    auto device = make_stimulator(0, before, s.context.time);
    device.frozen = s.context.frozen;
    past = with_past(device, s.context.now);
  }
  p.held = past.held;
  p.next_draw = past.next_draw;
}

void check(const device_setting& s, spike_train_params& p, const std::vector<double>* weights, const spike_train_params& before,
           const dictionary& changes) {
  check(s, static_cast<models::stimulation&>(p));
  const bool times = changes.contains("spike_times");
  for (const char* flag : {"precise_times", "allow_offgrid_times", "shift_now_spikes"}) {
    if (changes.contains(flag) && !times && !before.spike_times.empty())
      throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + flag + " can only be set together with spike_times or if no spike times have been set");
  }
  if (p.precise_times && (p.allow_offgrid_times || p.shift_now_spikes))
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": Option precise_times cannot be set to true when either allow_offgrid_times or shift_now_spikes is set to true");
  if (p.precise_times)
    throw api_error(error_kind::NotImplemented, std::string(s.what) + ": precise_times needs precise spike times, which this build does not have");
  if (times) {
    put_on_grid(s, "spike_times", p.spike_times, p.allow_offgrid_times, true);
    const auto& time = s.context.time;
    for (auto& t : p.spike_times) {
      if (p.shift_now_spikes && time.nearest_steps(p.origin + t) == s.context.now)
        t = time.to_ms(time.nearest_steps(t) + 1);
      else if (t == 0)
        s.fail(error_kind::BadProperty, "spike_times", t,
               "ms: spike time cannot be set to 0; shift_now_spikes moves it one step on");
      else if (t < 0) s.fail(error_kind::BadProperty, "spike_times", t, "ms must be > 0");
    }
  }
  if (weights != nullptr && !weights->empty() && weights->size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_weights has " + std::to_string(weights->size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_weights empty");
  if (!p.spike_multiplicities.empty() && p.spike_multiplicities.size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_multiplicities has " + std::to_string(p.spike_multiplicities.size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_multiplicities empty");
  for (const auto m : p.spike_multiplicities)
    if (m < 0) s.fail(error_kind::BadProperty, "spike_multiplicities", m, "must be >= 0");
}

void check(const device_setting& s, sampling& p, const sampling&, const dictionary& changes) {
  check(s, static_cast<models::recording&>(p));
  if (s.context.connected)
    for (const char* key : {"interval", "offset", "record_from"})
      if (changes.contains(key)) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + key + " cannot be changed after the device has been connected");
  put_on_grid(s, "interval", p.interval, error_kind::BadProperty, 1, "a positive ");
  put_on_grid(s, "offset", p.offset, error_kind::BadProperty, 0, "0 or a positive ");
}

void follow_grid(sampling& p, const time_grid& time) { p.interval = time.to_ms(time.steps_up(p.interval)); }

void follow_grid(noise_generator::params& p, const time_grid& time) {
  if (!time.on_grid(p.dt)) p.dt = time.to_ms(noise_generator::usual_dt_steps);
}

}  // namespace volley::runtime
