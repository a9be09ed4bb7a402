#include "runtime/devices/device_values.hpp"

#include <algorithm>

#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/device_rules.hpp"

namespace volley::runtime {
namespace {

value to_value(double x) { return x; }
value to_value(std::int64_t x) { return x; }
value to_value(bool x) { return x; }
value to_value(const std::string& x) { return x; }
value to_value(const std::vector<double>& x) { return x; }
value to_value(const std::vector<std::int64_t>& x) { return x; }
value to_value(const std::vector<std::string>& x) { return x; }
value to_value(const models::node_list& x) { return node_set{0, ranges_of(x.ids)}; }

// Keys of recording backends, which depend on record_to.

/// Backend keys that the recorder has.
bool has_backend_key(const models::recording& p, std::string_view key) {
  const bool files = p.record_to == "ascii", text = files || p.record_to == "screen", report = writes_report(p);
  if (key == "file_name" || key == "populations" || key == "first_nodes") return report;
  return (key == "time_in_steps" && !report) || (key == "file_extension" && files) || (key == "precision" && text);
}

void check_access(const device_setting& s, std::string_view key, models::access open) {
  const auto locked = [&](const char* why) { s.refuse(std::string(key) + " " + why); };
  if (open == models::access::unconnected && s.context().connected)
    locked("cannot be changed after the device has been connected");
  if (open == models::access::models_only && !s.context().is_model)
    locked("belongs to the model: SetDefaults and CopyModel set it, and nodes that are made later have it");
  if (key == "time_in_steps" && s.context().simulated) locked("cannot be changed after simulating");
}

template <class P> void assign_field(const device_setting& s, P& p, const models::device_field<P>& f, const value& v) {
  check_access(s, f.name, f.open);
  std::visit([&](auto member) { assign(s, f.name, v, p.*member); }, f.at);
  if (const auto* member = std::get_if<double P::*>(&f.at)) {
    const double x = p.**member;
    const auto fail = [&](const char* rule) { s.fail(error_kind::BadProperty, f.name, v, std::string(f.unit) + rule); };
    if (f.range == models::bound::positive && !(x > 0)) fail(" must be > 0");
    if (f.range == models::bound::non_negative && !(x >= 0)) fail(" must be >= 0");
  }
}

/// The field that users of `p` know by a name; null for another name.
template <class D> const auto* find_field(const parameters_of<D>& p, std::string_view name) {
  const auto f = std::ranges::find(D::fields, name, [](const auto& field) { return field.name; });
  const auto* none = static_cast<decltype(&*f)>(nullptr);
  if (f == D::fields.end()) return none;
  bool is_key = f->open != models::access::hidden;
  if constexpr (logs_events<D>) is_key |= has_backend_key(p, name);
  return is_key ? &*f : none;
}

/// The rules of the device, and what a node keeps of its past. That of a new one is a resting device's.
template <class D> void apply_rules(const device_setting& s, parameters_of<D>& p, const parameters_of<D>& before) {
  check(s, p);
  if constexpr (requires { D::check(s, p); }) D::check(s, p);
  if constexpr (requires { &D::go_on; }) {
    const auto& c = s.context();
    const auto& earlier = c.exists ? before : parameters_of<D>();
    D::go_on(p, earlier, {c.time, c.now, models::window_of(earlier, c.time), !c.exists || c.frozen});
  }
}

}  // namespace

std::vector<std::string> names_of(const device_params& d) {
  std::vector<std::string> names;
  std::visit(
      [&]<class D>(const parameters_of<D>& p) {
        for (const auto& f : D::fields)
          if (find_field(p, f.name) != nullptr) names.emplace_back(f.name);
      },
      d.any());
  return names;
}

value value_of(const device_params& d, std::string_view name, std::uint64_t generation) {
  return std::visit(
      [&]<class D>(const parameters_of<D>& p) -> value {
        const auto* f = find_field(p, name);
        if (f == nullptr) return {};
        auto v = std::visit([&](auto member) { return to_value(p.*member); }, f->at);
        if (auto* nodes = v.template get_if<node_set>()) nodes->generation = generation;
        return v;
      },
      d.any());
}

dictionary values_of(const device_params& d, std::uint64_t generation) {
  dictionary values;
  for (const auto& name : names_of(d)) values[name] = value_of(d, name, generation);
  return values;
}

device_params updated(const device_params& d, const dictionary& changes, const device_context& context,
                      std::string_view what, dictionary& rest) {
  const device_setting s(what, context, changes);
  if (is_recorder(d) && !is_relay(d) && context.prepared && !changes.empty())
    s.refuse("a recorder cannot be changed between Prepare and Cleanup");
  device_params result = d;
  std::visit(
      [&]<class D>(parameters_of<D>& p) {
        // The backend decides which keys there are, so it is set first.
        if constexpr (logs_events<D>)
          if (const auto* v = changes.find("record_to")) assign(s, "record_to", *v, p.record_to);
        for (const auto& [key, v] : changes) {
          if (const auto* f = find_field(p, key))
            assign_field<typename D::params>(s, p, *f, v);
          else
            rest[key] = v;
        }
        apply_rules<D>(s, p, std::get<parameters_of<D>>(d.any()));
      },
      result.any());
  return result;
}

std::vector<std::string> shown_keys(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>&) -> std::vector<std::string> {
        if constexpr (is_detecting<D>) {
          std::vector<std::string> names;
          for (const auto& row : D::results) names.emplace_back(row.name);
          return names;
        } else {
          return {"events", "filenames", "recordables"};
        }
      },
      d.any());
}

dictionary no_results(const device_params& d) {
  return is_detector(d) ? detector(d, time_grid()).results() : dictionary();
}

value no_events(const device_params& d) {
  if (keeps_events(d)) return std::int64_t{0};
  const auto results = no_results(d);
  const auto* const shown = results.find("n_events");
  return shown == nullptr ? value() : *shown;
}

void check_clearing(const device_params& d, const value& v, const std::string& what) {
  const auto fail = [&](error_kind kind, const char* rule) {
    throw api_error(kind, what + ": n_events = " + to_text(v) + " " + rule);
  };
  const auto nothing = no_events(d);
  const bool is_list = nothing.is<std::vector<std::int64_t>>();
  const bool takes_list = std::visit(
      []<class D>(const parameters_of<D>&) {
        if constexpr (requires { D::cleared_by; }) return D::cleared_by == models::cleared_by::zeros;
        return false;
      },
      d.any());
  if (const auto* count = v.get_if<std::int64_t>()) {
    if (*count != 0) fail(error_kind::BadProperty, "can only be set to 0, which clears the events");
  } else if (!is_list) {
    fail(error_kind::TypeMismatch, "must be an integer");
  } else if (!takes_list) {
    fail(error_kind::UnaccessedDictionaryEntry, "is no list that can be set; 0 clears the results");
  } else if (!v.is<std::vector<std::int64_t>>()) {
    fail(error_kind::TypeMismatch, "must be integers, one a receptor");
  } else if (!(v == nothing)) {
    fail(error_kind::BadProperty, "can only be set to zeros, one a receptor, which clears the results");
  }
}

recorder_spec make_recorder(std::uint64_t id, const device_params& d, const time_grid& time) {
  recorder_spec spec;
  spec.id = id;
  if (is_detector(d)) {
    spec.kind = recorder_kind::results;
    spec.window = std::visit([&](const models::activity& a) { return models::window_of(a, time); }, d.any());
    spec.detects.emplace(d, time);
    return spec;
  }
  const auto& r = recording_of(d);
  spec.window = models::window_of(r, time);
  spec.backend.kind = r.record_to == "ascii"    ? backend_kind::ascii
                      : r.record_to == "screen" ? backend_kind::screen
                                                : backend_kind::memory;
  spec.backend.time_in_steps = r.time_in_steps;
  spec.backend.precision = static_cast<int>(r.precision);
  std::visit(
      [&]<class D>(const parameters_of<D>& p) {
        if constexpr (is_recording<D>) spec.kind = D::records;
        if constexpr (requires { p.record_from; }) {
          spec.interval = std::max<step_t>(1, time.nearest_steps(p.interval));
          spec.offset = time.nearest_steps(p.offset);
          spec.quantities = p.record_from;
        }
        if constexpr (requires { p.senders; }) {
          spec.senders.ranges = ranges_of(p.senders.ids);
          spec.targets.ranges = ranges_of(p.targets.ids);
        }
      },
      d.any());
  return spec;
}

}  // namespace volley::runtime
