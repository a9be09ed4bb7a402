// All built-in devices as types, for the sources that work with the parameters of each.
#pragma once
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "models/core/draw_sequence.hpp"
#include "models/devices/list.hpp"
#include "runtime/devices/device_params.hpp"

namespace volley::runtime {

/// What a device D says of itself.
template <class D> constexpr bool is_stimulating = requires { typename D::derived; };
template <class D> constexpr bool is_recording = requires { D::records; };
template <class D> constexpr bool logs_events = std::is_base_of_v<models::recording, typename D::params>;
template <class D> constexpr bool is_detecting = is_recording<D> && !logs_events<D>;
template <class D> constexpr bool emits_counts = requires { &D::mean_count; };
template <class D> constexpr bool emits_current = requires { &D::current; };
template <class D> constexpr bool draws_current = requires { &D::drawn_current; };
template <class D> constexpr bool emits_train = requires { &D::train; };
template <class D> constexpr bool steps_trains = requires { &D::emit; };
template <class D> constexpr bool emits_times = requires(const typename D::params& p, const typename D::derived& d,
                                                         std::span<double> train, const models::train_draws& draws,
                                                         std::vector<double>& offsets_ms) {
  D::emit(p, d, 0.0, train, draws, offsets_ms);
};
template <class D> constexpr bool emits_pulses = requires { &D::pulses; };

/// True when all connections of a device get the same spikes, or copies of the same.
template <class D> bool is_shared(const typename D::params& p) {
  if constexpr (requires { D::is_shared(p); })
    return D::is_shared(p);
  else
    return emits_train<D> || emits_pulses<D>;
}

/// The parameters of D, whose image is that of its fields.
template <class D> struct parameters_of : D::params {
  static_assert(is_stimulating<D> != is_recording<D>);
  static_assert(emits_counts<D> + emits_current<D> + draws_current<D> + emits_train<D> + steps_trains<D> +
                    emits_pulses<D> ==
                is_stimulating<D>);
  using device = D;
  template <class Snapshot> void snapshot(Snapshot& s) {
    for (const auto& f : D::fields) std::visit([&](auto member) { s(this->*member); }, f.at);
  }
};

template <class List> struct any_of;
template <class... D> struct any_of<devices::device_list<D...>> { using type = std::variant<parameters_of<D>...>; };

struct device_params::variant : any_of<devices::all>::type {
  using base = any_of<devices::all>::type;
  using base::base;
};

template <class D> device_params::device_params(parameters_of<D> params)
    : any_(std::make_unique<variant>(std::move(params))) {}

template <class D> parameters_of<D>& device_params::of() { return std::get<parameters_of<D>>(*any_); }

}  // namespace volley::runtime
