// The parameters of any built-in device, and what a device is: questions that the runtime asks instead of naming
// devices.
#pragma once
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/devices/list.hpp"

namespace volley::runtime {

/// What a device D says of itself.
template <class D> constexpr bool is_stimulating = requires { typename D::derived; };
template <class D> constexpr bool is_recording = requires { D::records; };
template <class D> constexpr bool emits_counts = requires { &D::mean_count; };
template <class D> constexpr bool emits_current = requires { &D::current; };
template <class D> constexpr bool draws_current = requires { &D::drawn_current; };
template <class D> constexpr bool emits_train = requires { &D::train; };

/// The parameters of D, whose image is that of its fields.
template <class D> struct parameters_of : D::params {
  static_assert(is_stimulating<D> != is_recording<D>);
  static_assert(emits_counts<D> + emits_current<D> + draws_current<D> + emits_train<D> == is_stimulating<D>);
  using device = D;
  template <class Snapshot> void snapshot(Snapshot& s) {
    for (const auto& f : D::fields) std::visit([&](auto member) { s(this->*member); }, f.at);
  }
};

template <class List> struct any_of;
template <class... D> struct any_of<devices::device_list<D...>> { using type = std::variant<parameters_of<D>...>; };

using device_params = any_of<devices::all>::type;

struct device_kind {
  std::string_view name, meaning;
  device_params defaults;
};
/// All built-in device models, in the order of devices::all.
const std::vector<device_kind>& device_kinds();

models::device_output output_of(const device_params&);
bool is_recorder(const device_params&);
inline bool is_meter(const device_params& d) { return output_of(d) == models::device_output::requests; }
inline bool is_injector(const device_params& d) { return output_of(d) == models::device_output::node_spikes; }
bool records_spikes(const device_params&);
bool records_weights(const device_params&);
/// Names of what a meter can show of it, sorted.
std::vector<std::string> recordables_of(const device_params&);
/// REQUIRES: a recorder.
const models::recording& recording_of(const device_params&);

/// The defaults of a built-in model as they are on a grid.
device_params on_grid(device_params defaults, const models::time_grid&);

/// True when a device has values that go with the clock.
bool follows_clock(const device_params&);
/// Those values when a run is prepared, and after a stretch of simulation up to now, in which it was active for so
/// long.
void restart(device_params&, double now_ms);
void advance(device_params&, double now_ms, double active_ms);

}  // namespace volley::runtime
