// From a neuron model's struct to its description.
#pragma once
#include <type_traits>
#include <utility>

#include "models/core/cell_step.hpp"
#include "models/core/lists.hpp"
#include "models/core/neuron_model.hpp"
#include "models/core/shaped_model.hpp"

namespace volley::models {

namespace detail {

template <class T> constexpr auto defaults_of = values_of(T{});

template <class T> void put(const T& members, double*& to) {
  for (const double x : values_of(members)) *to++ = x;
}

/// The derived constants of the entries of a list, zeros for those that the node lacks.
template <class M, class L> void calibrate_list(const typename M::template params<double>& p, resolution h,
                                                std::uint32_t entries, double length, const double*& from,
                                                double*& to) {
  using E = typename L::template params<double>;
  using D = typename L::template derived<double>;
  for (std::uint32_t k = 0; k < entries; ++k, from += columns_of<E>) {
    if (k < length)
      put(D(L::calibrate(p, from_values<E>(from), h)), to);
    else
      for (std::size_t i = 0; i < columns_of<D>; ++i) *to++ = 0;
  }
}

template <class L> constexpr bool has_lock() {
  return requires { L::lock_key; };
}

template <class M, class... Lists> void calibrate(lists_of<Lists...>, const double* params,
                                                  [[maybe_unused]] const std::uint32_t* shape, resolution h,
                                                  double* derived) {
  using P = typename M::template params<double>;
  const auto p = from_values<P>(params);
  put(M::calibrate(p, h), derived);
  [[maybe_unused]] const double* length = params + columns_of<P>;
  [[maybe_unused]] const double* entry = length + (0 + ... + (has_lock<Lists>() ? 2 : 1));
  (
      [&] {
        calibrate_list<M, Lists>(p, h, *shape++, *length, entry, derived);
        length += has_lock<Lists>() ? 2 : 1;
      }(),
      ...);
}

template <class M> void calibrate(const double* params, const std::uint32_t* shape, resolution h, double* derived) {
  calibrate<M>(lists_in<M>(), params, shape, h, derived);
}

template <class M> const char* check(const double* params, [[maybe_unused]] const double* state) {
  using P = typename M::template params<double>;
  using S = typename M::template state<double>;
  if constexpr (requires(const P& p, const S& s) { M::check(p, s); })
    return M::check(from_values<P>(params), from_values<S>(state));
  else if constexpr (requires(const P& p) { M::check(p); })
    return M::check(from_values<P>(params));
  else
    return nullptr;
}

/// What M::step returns; More: its lists, and draws<V>& where it takes some.
template <class M, class V, class... More> using stepped = decltype(M::step(
    std::declval<const typename M::template params<V>&>(), std::declval<const typename M::template derived<V>&>(),
    std::declval<typename M::template state<V>&>(), std::declval<const typename M::template input<V>&>(),
    std::declval<More>()...));

template <class M> constexpr bool sends_flips() {
  if constexpr (requires { M::sends_flips; })
    return M::sends_flips;
  else
    return false;
}

/// Of a step that returns Spikes.
template <class M, class Spikes> constexpr emission emission_by() {
  if (std::is_same_v<Spikes, spikes_at<double>>) return emission::times;
  if (std::is_same_v<Spikes, spikes_with<double>>) return emission::amounts;
  if (!std::is_same_v<Spikes, double>) return emission::spikes;
  return sends_flips<M>() ? emission::flips : emission::counts;
}

template <class M, class... Lists> constexpr emission emission_of(lists_of<Lists...>) {
  if constexpr (is_per_cell<M>())
    return emission::events;
  else if constexpr (requires { typename stepped<M, double, entries<Lists, double, no_entries>&...>; })
    return emission_by<M, stepped<M, double, entries<Lists, double, no_entries>&...>>();
  else
    return emission_by<M, stepped<M, double, entries<Lists, double, no_entries>&..., draws<double>&>>();
}

template <class M> constexpr refusal refusal_by() {
  if constexpr (requires { M::refuses_with; })
    return M::refuses_with;
  else
    return refusal::BadProperty;
}

template <class M> constexpr std::span<const receptor_name> receptor_names() {
  if constexpr (requires { M::receptor_types; })
    return M::receptor_types;
  else
    return {};
}

template <class M> constexpr bool takes_meters() {
  if constexpr (requires { M::takes_meters; }) return M::takes_meters;
  for (const field& f : M::fields)
    if (f.is_recordable) return true;
  return false;
}

template <class M> constexpr std::int16_t threshold_of() {
  if constexpr (requires { M::threshold_member; })
    return column_of(M::threshold_member);
  else
    return field::nowhere;
}

template <class L> constexpr auto flat_defaults() {
  if constexpr (requires { L::defaults(); }) {
    constexpr auto entries = L::defaults();
    using one = decltype(values_of(entries[0]));
    return std::bit_cast<std::array<double, entries.size() * std::tuple_size_v<one>>>(entries);
  } else {
    return std::array<double, 0>();
  }
}
template <class L> constexpr auto flat_defaults_of = flat_defaults<L>();

template <class L> list_model describe_list() {
  using P = typename L::template params<double>;
  using S = typename L::template state<double>;
  static_assert(covers<P>(L::fields, part::params) && covers<S>(L::fields, part::state));
  list_model list{.length_key = {},
                  .lock_key = {},
                  .fields = L::fields,
                  .channels = {},
                  .params = defaults_of<P>,
                  .state = defaults_of<S>,
                  .defaults = flat_defaults_of<L>,
                  .derived = columns_of<typename L::template derived<double>>,
                  .inputs = columns_of<typename L::template input<double>>};
  if constexpr (requires { L::length_key; }) list.length_key = L::length_key;
  if constexpr (requires { L::lock_key; }) list.lock_key = L::lock_key;
  if constexpr (requires { L::channels; }) list.channels = L::channels;
  return list;
}

template <class L> constexpr bool has_receptors() {
  return requires { L::channels; };
}

template <class... Lists> std::span<const list_model> describe_lists(lists_of<Lists...>) {
  if constexpr (sizeof...(Lists) == 0) {
    return {};
  } else {
    static const std::array lists{describe_list<Lists>()...};
    static_assert((0 + ... + has_receptors<Lists>()) <= 1, "new receptors come behind all that a node had");
    return lists;
  }
}

}  // namespace detail

template <class M> neuron_model describe_neuron(std::uint32_t loop) {
  static_assert(consistent(M::fields), "`below` compares members that are stored relative to the same parameter");
  const neuron_model own{.name = M::name,
                         .meaning = M::meaning,
                         .fields = M::fields,
                         .channels = M::channels,
                         .default_params = detail::defaults_of<typename M::template params<double>>,
                         .default_state = detail::defaults_of<typename M::template state<double>>,
                         .derived = columns_of<typename M::template derived<double>>,
                         .inputs = columns_of<typename M::template input<double>>,
                         .receptor_names = detail::receptor_names<M>(),
                         .emits = detail::emission_of<M>(lists_in<M>()),
                         .loop = loop,
                         .lists = detail::describe_lists(lists_in<M>()),
                         .shape = {},
                         .calibrate_all = detail::calibrate<M>,
                         .check = detail::check<M>,
                         .refuses_with = detail::refusal_by<M>(),
                         .takes_meters = detail::takes_meters<M>(),
                         .threshold = detail::threshold_of<M>()};
  if constexpr (lists_in<M>::size == 0) {
    return own;
  } else {
    static const neuron_model unshaped = own;
    static const shaped_model shaped(unshaped, default_shape(own.lists));
    neuron_model model = shaped.model();
    model.loop = loop;
    return model;
  }
}

}  // namespace volley::models
