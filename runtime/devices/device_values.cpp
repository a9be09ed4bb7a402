#include "runtime/devices/device_values.hpp"

#include <algorithm>

#include "runtime/devices/device_rules.hpp"

namespace volley::runtime {
namespace {

using namespace devices;

template <class... F> struct overloaded : F... { using F::operator()...; };
template <class... F> overloaded(F...) -> overloaded<F...>;

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

value to_value(double x) { return x; }
value to_value(std::int64_t x) { return x; }
value to_value(bool x) { return x; }
value to_value(const std::string& x) { return x; }
value to_value(const std::vector<double>& x) { return x; }
value to_value(const std::vector<std::int64_t>& x) { return x; }
value to_value(const std::vector<std::string>& x) { return x; }
value to_value(const models::node_list& x) { return node_set{0, ranges_of(x.ids)}; }

template <class P> constexpr bool records = std::is_base_of_v<models::recording, P>;

template <class P>
void check_all(const device_setting& s, P& p, const P& before, const dictionary& changes) {
  if constexpr (std::is_same_v<P, spike_generator::params>) check(s, p, &p.spike_weights, before, changes);
  else if constexpr (std::is_same_v<P, spike_train_injector::params>) check(s, p, nullptr, before, changes);
  else if constexpr (requires { check(s, p, before, changes); }) check(s, p, before, changes);
  else check(s, p);
}

// Keys of recording backends, which depend on record_to.

bool assign_backend(const device_setting& s, models::recording& p, const std::string& key, const value& v) {
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
bool assign_field(const device_setting& s, P& p, const models::device_field<P>& f, const value& v) {
  std::visit([&](auto member) { assign(s, f.name, v, p.*member); }, f.at);
  if (const auto* member = std::get_if<double P::*>(&f.at)) {
    const double x = p.**member;
    if (f.range == models::bound::positive && !(x > 0))
      s.fail(error_kind::BadProperty, f.name, v, std::string(f.unit) + " must be > 0");
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
models::device_output output_of(const device_params& d) {
  return std::visit([]<class P>(const P&) { return device_t<P>::output; }, d);
}

std::vector<std::string> names_of(const device_params& d) {
  std::vector<std::string> names;
  std::visit([&]<class P>(const P& p) {
    for (const auto& f : device_t<P>::fields) names.emplace_back(f.name);
    if constexpr (records<P>) {
      names.emplace_back("time_in_steps");
      if (p.record_to == "ascii") names.emplace_back("file_extension");
      if (p.record_to != "memory") names.emplace_back("precision");
    }
  }, d);
  return names;
}

value value_of(const device_params& d, std::string_view name, std::uint64_t generation) {
  return std::visit([&]<class P>(const P& p) -> value {
    if (const auto* f = find_field<P>(name)) {
      auto v = std::visit([&](auto member) { return to_value(p.*member); }, f->at);
      if (auto* nodes = v.template get_if<node_set>()) nodes->generation = generation;
      return v;
    }
    if constexpr (records<P>) {
      if (name == "time_in_steps") return p.time_in_steps;
      if (name == "file_extension" && p.record_to == "ascii") return p.file_extension;
      if (name == "precision" && p.record_to != "memory") return p.precision;
    }
    return {};
  }, d);
}

dictionary values_of(const device_params& d, std::uint64_t generation) {
  dictionary values;
  for (const auto& name : names_of(d)) values[name] = value_of(d, name, generation);
  return values;
}

device_params updated(const device_params& d, const dictionary& changes, const device_context& context, std::string_view what,
                      dictionary& rest) {
  const device_setting s{what, context};
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

device_params on_grid(device_params d, const time_grid& time) {
  std::visit([&](auto& p) {
    if constexpr (requires { follow_grid(p, time); }) follow_grid(p, time);
  }, d);
  return d;
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
      spec.interval = std::max<step_t>(1, time.nearest_steps(p.interval));
      spec.offset = time.nearest_steps(p.offset);
      spec.quantities = p.record_from;
    } else if constexpr (std::is_same_v<P, weight_recorder::params>) {
      spec.kind = recorder_kind::weights;
      spec.senders.ranges = ranges_of(p.senders.ids);
      spec.targets.ranges = ranges_of(p.targets.ids);
    }
  }, d);
  return spec;
}

}  // namespace volley::runtime
