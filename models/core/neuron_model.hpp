// The description of a neuron model with its types erased: what the runtime reads, and what catalogs list. Built from the
// model's struct; nobody writes one by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/core/neuron.hpp"

namespace volley::models {

/// What a step gives for each cell.
enum class emission : std::uint8_t { spikes /* 0 or 1 */, counts /* a multiplicity */ };

struct neuron_model {
  std::string_view name;
  std::string_view meaning;
  std::span<const field> fields;
  std::span<const channel> channels;
  std::vector<double> default_params, default_state;  ///< as stored (relative fields: differences)
  std::size_t derived = 0, inputs = 0;                ///< members of the structs
  emission emits = emission::spikes;
  std::uint32_t kernel = 0;  ///< position of its step loops among those of runtime/loops/loops.hpp

  void (*calibrate)(const double* params, resolution, double* derived) = nullptr;
  const char* (*check)(const double* params) = nullptr;  ///< what is wrong with legal single values; null result: nothing

  std::size_t params() const { return default_params.size(); }
  std::size_t state() const { return default_state.size(); }
};

namespace detail {

template <class T> std::vector<double> defaults_of() {
  const auto values = values_of(T{});
  return {values.begin(), values.end()};
}

template <class M> void calibrate(const double* params, resolution h, double* derived) {
  const auto result = values_of(M::calibrate(from_values<typename M::template params<double>>(params), h));
  for (std::size_t i = 0; i < result.size(); ++i) derived[i] = result[i];
}

template <class M> const char* check(const double* params) {
  using P = typename M::template params<double>;
  if constexpr (requires(const P& p) { M::check(p); }) return M::check(from_values<P>(params));
  else return nullptr;
}

/// What M::step returns, with or without random draws.
template <class M, class V> auto step_result() {
  typename M::template params<V> p{};
  typename M::template derived<V> d{};
  typename M::template state<V> s{};
  typename M::template input<V> in{};
  if constexpr (requires { M::step(p, d, s, in); }) {
    return M::step(p, d, s, in);
  } else {
    draws<V> random(0, {}, 0);
    return M::step(p, d, s, in, random);
  }
}

}  // namespace detail

/// The description of model M, whose loops stand at position `kernel`.
template <class M> neuron_model describe_neuron(std::uint32_t kernel) {
  static_assert(consistent(M::fields), "`below` compares members that are stored relative to the same parameter");
  constexpr bool counts = std::is_same_v<decltype(detail::step_result<M, double>()), double>;
  return {.name = M::name,
          .meaning = M::meaning,
          .fields = M::fields,
          .channels = M::channels,
          .default_params = detail::defaults_of<typename M::template params<double>>(),
          .default_state = detail::defaults_of<typename M::template state<double>>(),
          .derived = columns_of<typename M::template derived<double>>,
          .inputs = columns_of<typename M::template input<double>>,
          .emits = counts ? emission::counts : emission::spikes,
          .kernel = kernel,
          .calibrate = detail::calibrate<M>,
          .check = detail::check<M>};
}

}  // namespace volley::models
