#include "runtime/device_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/error.hpp"

namespace volley::runtime {
namespace {

using namespace devices;

template <class... F> struct overloaded : F... { using F::operator()...; };
template <class... F> overloaded(F...) -> overloaded<F...>;

constexpr double largest = std::numeric_limits<double>::max();

// Tables are found by the type of the parameters.
template <class P> struct device_of;
template <> struct device_of<poisson_generator::params> { using type = poisson_generator; };
template <> struct device_of<dc_generator::params> { using type = dc_generator; };
template <> struct device_of<step_current_generator::params> { using type = step_current_generator; };
template <> struct device_of<noise_generator::params> { using type = noise_generator; };
template <> struct device_of<spike_generator::params> { using type = spike_generator; };
template <> struct device_of<spike_train_injector::params> { using type = spike_train_injector; };
template <> struct device_of<spike_recorder::params> { using type = spike_recorder; };
template <> struct device_of<multimeter::params> { using type = multimeter; };
template <> struct device_of<voltmeter::params> { using type = voltmeter; };
template <> struct device_of<weight_recorder::params> { using type = weight_recorder; };
template <class P> using device_t = typename device_of<P>::type;

/// A call that sets a device, for its messages.
struct setting {
  std::string_view what;
  const device_context& context;

  [[noreturn]] void fail(error_kind kind, std::string_view key, const value& v, const std::string& rule) const {
    throw api_error(kind, std::string(what) + ": " + std::string(key) + " = " + to_text(v) + " " + rule);
  }
  [[noreturn]] void mismatch(std::string_view key, const value& v, const char* wanted) const {
    fail(error_kind::TypeMismatch, key, v, std::string("is ") + type_name(v) + ", must be " + wanted);
  }
};

double to_real(const setting& s, std::string_view key, const value& v) {
  if (const auto* x = v.get_if<double>()) return *x;
  if (const auto* x = v.get_if<std::int64_t>()) return static_cast<double>(*x);
  if (const auto* x = v.get_if<bool>()) return *x ? 1.0 : 0.0;
  s.mismatch(key, v, "a number");
}

void assign(const setting& s, std::string_view key, const value& v, double& to) {
  const double x = to_real(s, key, v);
  if (std::isnan(x)) s.fail(error_kind::BadProperty, key, v, "must be a number");
  to = x;
}
void assign(const setting& s, std::string_view key, const value& v, std::int64_t& to) {
  const auto* x = v.get_if<std::int64_t>();
  if (x == nullptr) s.mismatch(key, v, "an integer");
  to = *x;
}
void assign(const setting& s, std::string_view key, const value& v, bool& to) {
  const auto* x = v.get_if<bool>();
  if (x == nullptr) s.mismatch(key, v, "a bool");
  to = *x;
}
void assign(const setting& s, std::string_view key, const value& v, std::string& to) {
  const auto* x = v.get_if<std::string>();
  if (x == nullptr) s.mismatch(key, v, "a string");
  to = *x;
}
void assign(const setting& s, std::string_view key, const value& v, std::vector<double>& to) {
  if (v.is<empty_vector>()) {
    to.clear();
  } else if (const auto* x = v.get_if<std::vector<double>>()) {
    to = *x;
  } else if (const auto* n = v.get_if<std::vector<std::int64_t>>()) {
    to.assign(n->begin(), n->end());
  } else {
    s.mismatch(key, v, "a list of numbers");
  }
  for (const double x : to)
    if (!std::isfinite(x)) s.fail(error_kind::BadProperty, key, v, "must be finite");
}
void assign(const setting& s, std::string_view key, const value& v, std::vector<std::int64_t>& to) {
  if (v.is<empty_vector>()) {
    to.clear();
  } else if (const auto* x = v.get_if<std::vector<std::int64_t>>()) {
    to = *x;
  } else if (const auto* n = v.get_if<node_set>()) {
    to.clear();
    for (std::uint64_t i = 0; i < n->size(); ++i) to.push_back(static_cast<std::int64_t>((*n)[i]));
  } else {
    s.mismatch(key, v, "a list of integers");
  }
}
void assign(const setting& s, std::string_view key, const value& v, std::vector<std::string>& to) {
  if (v.is<empty_vector>()) to.clear();
  else if (const auto* x = v.get_if<std::vector<std::string>>()) to = *x;
  else s.mismatch(key, v, "a list of strings");
}

value to_value(double x) { return x; }
value to_value(std::int64_t x) { return x; }
value to_value(bool x) { return x; }
value to_value(const std::string& x) { return x; }
value to_value(const std::vector<double>& x) { return x; }
value to_value(const std::vector<std::int64_t>& x) { return x; }
value to_value(const std::vector<std::string>& x) { return x; }

// ---- rules of single devices

void check_grid(const setting& s, std::string_view key, double ms) {
  if (std::abs(ms) >= largest || std::isinf(ms)) return;
  if (!s.context.time.on_grid(ms))
    s.fail(error_kind::BadProperty, key, ms, "ms must be a multiple of the resolution, " + to_text(value(s.context.time.resolution_ms())) + " ms");
}

void check_activity(const setting& s, models::activity& a) {
  check_grid(s, "origin", a.origin);
  check_grid(s, "start", a.start);
  check_grid(s, "stop", a.stop);
  if (std::isinf(a.stop)) a.stop = a.stop > 0 ? largest : -largest;
  if (a.stop < a.start) s.fail(error_kind::BadProperty, "stop", a.stop, "ms must not be before start = " + to_text(value(a.start)) + " ms");
  if (a.origin < 0) s.fail(error_kind::BadProperty, "origin", a.origin, "ms must be >= 0");
  if (a.start < 0) s.fail(error_kind::BadProperty, "start", a.start, "ms must be >= 0");
}

void check_stimulation(const setting& s, models::stimulation& p) {
  check_activity(s, p);
  if (!p.stimulus_source.empty())
    s.fail(error_kind::BadProperty, "stimulus_source", p.stimulus_source, "is no stimulation backend; none is built in");
}

void check_recording(const setting& s, models::recording& p) {
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

// A list that goes with a list of times: both are set together.
void check_times(const setting& s, std::string_view key, const std::vector<double>& times, bool allow_offgrid, bool may_repeat) {
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

void check(const setting& s, step_current_generator::params& p, const dictionary& changes) {
  check_stimulation(s, p);
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

void check(const setting& s, noise_generator::params& p, const dictionary& changes) {
  check_stimulation(s, p);
  if (const auto bad = noise_generator::check(p); !bad.empty()) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + bad);
  if (changes.contains("dt") && (p.dt <= 0 || !s.context.time.on_grid(p.dt)))
    s.fail(error_kind::StepMultipleRequired, "dt", p.dt, "ms must be a positive multiple of the resolution, " + to_text(value(s.context.time.resolution_ms())) + " ms");
}

std::vector<double>* weights_of(spike_generator::params& p) { return &p.spike_weights; }
std::vector<double>* weights_of(spike_train_injector::params&) { return nullptr; }

template <class P>
void check_train(const setting& s, P& p, const P& before, const dictionary& changes) {
  check_stimulation(s, p);
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
  auto* weights = weights_of(p);
  if (weights != nullptr && !weights->empty() && weights->size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_weights has " + std::to_string(weights->size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_weights empty");
  if (!p.spike_multiplicities.empty() && p.spike_multiplicities.size() != p.spike_times.size())
    throw api_error(error_kind::BadProperty, std::string(s.what) + ": spike_multiplicities has " + std::to_string(p.spike_multiplicities.size()) + " entries, spike_times " + std::to_string(p.spike_times.size()) + "; they must be equally long, or spike_multiplicities empty");
  for (const auto m : p.spike_multiplicities)
    if (m < 0) s.fail(error_kind::BadProperty, "spike_multiplicities", m, "must be >= 0");
}

void check_sampling(const setting& s, sampling& p, const dictionary& changes) {
  check_recording(s, p);
  if (s.context.connected)
    for (const char* key : {"interval", "offset", "record_from"})
      if (changes.contains(key)) throw api_error(error_kind::BadProperty, std::string(s.what) + ": " + key + " cannot be changed after the device has been connected");
  const double h = s.context.time.resolution_ms();
  if (changes.contains("interval") && (!(p.interval >= h) || !s.context.time.on_grid(p.interval)))
    s.fail(error_kind::BadProperty, "interval", p.interval, "ms must be a positive multiple of the resolution, " + to_text(value(h)) + " ms");
  if (changes.contains("offset") && (p.offset < 0 || !s.context.time.on_grid(p.offset)))
    s.fail(error_kind::BadProperty, "offset", p.offset, "ms must be 0 or a positive multiple of the resolution, " + to_text(value(h)) + " ms");
}

template <class P>
void check_all(const setting& s, P& p, const P& before, const dictionary& changes) {
  if constexpr (std::is_base_of_v<spike_train_params, P>) check_train(s, p, before, changes);
  else if constexpr (std::is_same_v<P, step_current_generator::params> || std::is_same_v<P, noise_generator::params>) check(s, p, changes);
  else if constexpr (std::is_base_of_v<sampling, P>) check_sampling(s, p, changes);
  else if constexpr (std::is_base_of_v<models::recording, P>) check_recording(s, p);
  else check_stimulation(s, p);
}

// ---- keys of recording backends, which depend on record_to

template <class P> constexpr bool records = std::is_base_of_v<models::recording, P>;

bool assign_backend(const setting& s, models::recording& p, const std::string& key, const value& v) {
  const bool files = p.record_to == "ascii", text = files || p.record_to == "screen";
  if (key == "time_in_steps") {
    if (s.context.simulated) throw api_error(error_kind::BadProperty, std::string(s.what) + ": time_in_steps cannot be changed after simulating");
    assign(s, key, v, p.time_in_steps);
    return true;
  }
  if (key == "file_extension" && files) return assign(s, key, v, p.file_extension), true;
  if (key == "precision" && text) return assign(s, key, v, p.precision), true;
  return false;
}

template <class P>
bool assign_field(const setting& s, P& p, const models::device_field<P>& f, const value& v) {
  std::visit([&](auto member) { assign(s, f.name, v, p.*member); }, f.at);
  if (const auto* member = std::get_if<double P::*>(&f.at)) {
    const double x = p.**member;
    if (f.range == models::bound::positive && !(x > 0) && f.name != "dt") s.fail(error_kind::BadProperty, f.name, v, std::string(f.unit) + " must be > 0");
    if (f.range == models::bound::non_negative && !(x >= 0)) s.fail(error_kind::BadProperty, f.name, v, std::string(f.unit) + " must be >= 0");
  }
  return true;
}

template <class P>
const models::device_field<P>* find_field(std::string_view name) {
  for (const auto& f : device_t<P>::fields)
    if (f.name == name) return &f;
  return nullptr;
}

}  // namespace

const std::vector<device_kind>& device_kinds() {
  static const std::vector<device_kind> kinds = [] {
    std::vector<device_kind> all;
    const auto add = [&]<class P>(P p) { all.push_back({device_t<P>::name, device_t<P>::meaning, p}); };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add(std::variant_alternative_t<I, device_params>{}), ...);
    }(std::make_index_sequence<std::variant_size_v<device_params>>());
    return all;
  }();
  return kinds;
}

bool is_recorder(const device_params& d) {
  return std::visit([]<class P>(const P&) { return records<P>; }, d);
}
bool is_meter(const device_params& d) {
  return std::visit([]<class P>(const P&) { return std::is_base_of_v<sampling, P>; }, d);
}
bool is_injector(const device_params& d) { return std::holds_alternative<spike_train_injector::params>(d); }

dictionary values_of(const device_params& d) {
  dictionary values;
  std::visit([&]<class P>(const P& p) {
    for (const auto& f : device_t<P>::fields)
      std::visit([&](auto member) { values[f.name] = to_value(p.*member); }, f.at);
    if constexpr (records<P>) {
      values["time_in_steps"] = p.time_in_steps;
      if (p.record_to == "ascii") values["file_extension"] = p.file_extension;
      if (p.record_to != "memory") values["precision"] = p.precision;
    }
  }, d);
  return values;
}

std::vector<std::string> names_of(const device_params& d) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : values_of(d)) names.push_back(name);
  return names;
}

device_params updated(const device_params& d, const dictionary& changes, const device_context& context, std::string_view what,
                      dictionary& rest) {
  const setting s{what, context};
  if (is_recorder(d) && context.prepared && !changes.empty())
    throw api_error(error_kind::BadProperty, std::string(what) + ": a recorder cannot be changed between Prepare and Cleanup");
  device_params result = d;
  std::visit([&]<class P>(P& p) {
    // The backend decides which keys there are, so it is set first.
    if constexpr (records<P>)
      if (const auto* v = changes.find("record_to")) assign(s, "record_to", *v, p.record_to);
    for (const auto& [key, v] : changes) {
      if (const auto* f = find_field<P>(key)) {
        assign_field(s, p, *f, v);
        continue;
      }
      if constexpr (records<P>)
        if (assign_backend(s, p, key, v)) continue;
      rest[key] = v;
    }
    check_all(s, p, std::get<P>(d), changes);
  }, result);
  return result;
}

stimulator make_stimulator(std::uint64_t id, const device_params& d, const time_grid& time) {
  return std::visit(overloaded{
      [&](const spike_generator::params& p) { return make_stimulator(id, p, p.spike_weights, time); },
      [&](const spike_train_injector::params& p) { return make_stimulator(id, p, {}, time); },
      [&]<class P>(const P& p) {
        if constexpr (records<P>) return stimulator{};
        else return make_stimulator(id, p, time);
      }}, d);
}

const models::recording& recording_of(const device_params& d) {
  return std::visit([]<class P>(const P& p) -> const models::recording& {
    static const models::recording none;
    if constexpr (records<P>) return p;
    else return none;
  }, d);
}

recorder_spec make_recorder(std::uint64_t id, const device_params& d, const time_grid& time) {
  recorder_spec spec;
  spec.id = id;
  const auto& r = recording_of(d);
  spec.window = window_of(r, time);
  spec.backend.kind = r.record_to == "ascii" ? backend_kind::ascii : r.record_to == "screen" ? backend_kind::screen : backend_kind::memory;
  spec.backend.time_in_steps = r.time_in_steps;
  spec.backend.precision = static_cast<int>(r.precision);
  std::visit([&]<class P>(const P& p) {
    if constexpr (std::is_base_of_v<sampling, P>) {
      spec.kind = recorder_kind::samples;
      spec.interval = time.nearest_steps(p.interval);
      spec.offset = time.nearest_steps(p.offset);
      spec.quantities = p.record_from;
    } else if constexpr (std::is_same_v<P, weight_recorder::params>) {
      spec.kind = recorder_kind::weights;
      spec.senders.assign(p.senders.begin(), p.senders.end());
      spec.targets.assign(p.targets.begin(), p.targets.end());
    }
  }, d);
  return spec;
}

}  // namespace volley::runtime
