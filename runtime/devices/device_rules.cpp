#include "runtime/devices/device_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace volley::runtime {

using namespace devices;

namespace {

constexpr double largest = std::numeric_limits<double>::max();

void check_grid(const device_setting& s, std::string_view key, double ms) {
  if (std::abs(ms) >= largest || std::isinf(ms)) return;
  if (!s.context.time.on_grid(ms))
    s.fail(error_kind::BadProperty, key, ms, "ms must be a multiple of the resolution, " + to_text(value(s.context.time.resolution_ms())) + " ms");
}

void check_activity(const device_setting& s, models::activity& a) {
  check_grid(s, "origin", a.origin);
  check_grid(s, "start", a.start);
  check_grid(s, "stop", a.stop);
  if (std::isinf(a.stop)) a.stop = a.stop > 0 ? largest : -largest;
  if (a.stop < a.start) s.fail(error_kind::BadProperty, "stop", a.stop, "ms must not be before start = " + to_text(value(a.start)) + " ms");
  if (a.origin < 0) s.fail(error_kind::BadProperty, "origin", a.origin, "ms must be >= 0");
  if (a.start < 0) s.fail(error_kind::BadProperty, "start", a.start, "ms must be >= 0");
}

// A list that goes with a list of times: both are set together.
void check_times(const device_setting& s, std::string_view key, const std::vector<double>& times, bool allow_offgrid, bool may_repeat) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0 && (may_repeat ? times[i] < times[i - 1] : times[i] <= times[i - 1]))
      s.fail(error_kind::BadProperty, key, times[i], may_repeat ? "comes after a later time; times must not descend" : "must be after the time before it; times must be strictly increasing");
    if (!allow_offgrid && !s.context.time.on_grid(times[i]))
      throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + std::string(key) + ": Time point " +
                                                   to_text(value(times[i])) + " is not representable in current resolution (" +
                                                   to_text(value(s.context.time.resolution_ms())) + " ms); allow_offgrid_times rounds it up");
  }
}

double rounded_up(double ms, const time_grid& time) {
  const auto tics = time.tics(ms), per_step = time.tics_per_step();
  return time.to_ms((tics + per_step - 1) / per_step);
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
  if (p.label.find('/') != std::string::npos || p.label.find('\0') != std::string::npos)
    s.fail(error_kind::BadProperty, "label", p.label, "must not contain a slash or a zero byte");
  if (p.file_extension.find('/') != std::string::npos)
    s.fail(error_kind::BadProperty, "file_extension", p.file_extension, "must not contain a slash");
  if (p.precision < 0 || p.precision > 17) s.fail(error_kind::BadProperty, "precision", p.precision, "must be in 0..17");
}

void check(const device_setting& s, step_current_generator::params& p, const dictionary& changes) {
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
  check_times(s, "amplitude_times", p.amplitude_times, p.allow_offgrid_times, false);
  if (p.allow_offgrid_times)
    for (auto& t : p.amplitude_times) t = rounded_up(t, s.context.time);
  if (!p.amplitude_times.empty() && p.amplitude_times.front() <= 0)
    s.fail(error_kind::BadProperty, "amplitude_times", p.amplitude_times.front(), "ms must be > 0");
}

void check(const device_setting& s, noise_generator::params& p, const dictionary& changes) {
  check(s, static_cast<models::stimulation&>(p));
  if (const auto bad = noise_generator::check(p); !bad.empty()) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + bad);
  if (changes.contains("dt") && (p.dt <= 0 || !s.context.time.on_grid(p.dt)))
    s.fail(error_kind::StepMultipleRequired, "dt", p.dt, "ms must be a positive multiple of the resolution, " + to_text(value(s.context.time.resolution_ms())) + " ms");
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
    check_times(s, "spike_times", p.spike_times, p.allow_offgrid_times, true);
    for (auto& t : p.spike_times) {
      t = rounded_up(t, s.context.time);
      const auto at = s.context.time.nearest_steps(p.origin + t);
      if (p.shift_now_spikes && at == s.context.now) t += s.context.time.resolution_ms();
      else if (t <= 0) s.fail(error_kind::BadProperty, "spike_times", t, "ms: spike time cannot be set to 0; shift_now_spikes moves it one step on");
    }
  }
  if (weights != nullptr && !weights->empty() && weights->size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_weights has " + std::to_string(weights->size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_weights empty");
  if (!p.spike_multiplicities.empty() && p.spike_multiplicities.size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_multiplicities has " + std::to_string(p.spike_multiplicities.size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_multiplicities empty");
  for (const auto m : p.spike_multiplicities)
    if (m < 0) s.fail(error_kind::BadProperty, "spike_multiplicities", m, "must be >= 0");
}

void check(const device_setting& s, sampling& p, const dictionary& changes) {
  check(s, static_cast<models::recording&>(p));
  if (s.context.connected)
    for (const char* key : {"interval", "offset", "record_from"})
      if (changes.contains(key)) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + key + " cannot be changed after the device has been connected");
  const double h = s.context.time.resolution_ms();
  if (changes.contains("interval") && (!(p.interval >= h) || !s.context.time.on_grid(p.interval)))
    s.fail(error_kind::BadProperty, "interval", p.interval, "ms must be a positive multiple of the resolution, " + to_text(value(h)) + " ms");
  if (changes.contains("offset") && (p.offset < 0 || !s.context.time.on_grid(p.offset)))
    s.fail(error_kind::BadProperty, "offset", p.offset, "ms must be 0 or a positive multiple of the resolution, " + to_text(value(h)) + " ms");
}

}  // namespace volley::runtime
