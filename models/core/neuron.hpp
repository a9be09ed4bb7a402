// What a neuron model declares. A model is a struct with five plain structs templated on the value type V, all members
// V:
//   params<V>   set by the user            state<V>   carried from step to step        derived<V>   calibrate()'s
//   result input<V>    what arrives in one step, after `channels`
// one constexpr `fields` table, `name` and `meaning`, and pure functions:
//   calibrate(params, resolution) -> derived
//   check(params) or check(params, state) -> text or null (optional)    rules across values that the table cannot
//   express
//   receptor_types (optional)    names_of_receptors(...), where users look up the numbers of receptors by names
//   takes_meters (optional)    true where multimeters connect though there is nothing to record
//   threshold_member (optional)    the member of params that a spike needs and nothing else reads: users can say by it
//   when a neuron spikes (ignore_and_spike)
//   sends_flips (optional)    true where the number of a step's spikes tells a state: 2 for up, 1 for down
//   refuses_with (optional)    the exception for values out of bounds or against `check`, if not BadProperty
//   step(params, derived, state&, input) -> mask_of<V> (a spike or none), or V (how many spikes, or one of `stops`),
//   or a spike that carries a number: spikes_at<V>, spikes_with<V>
//   step(params, derived, state&, input, draws<V>&)     the same for a model with noise
// or, for a model that keeps the times of spikes within a step, what models/core/cell_step.hpp says.
// In `step` there is no branch on lanes: use select() and & | ! of masks. The order in which sums are written is part
// of the model: it decides the bits. State 0 of step counts and sub-steps means "none yet", so that defaults need no
// resolution.
#pragma once
#include <array>
#include <cstdint>
#include <limits>

#include "models/core/field_table.hpp"
#include "models/core/input_form.hpp"
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/random_lanes.hpp"
#include "models/core/refusal.hpp"

namespace volley::models {

/// The grid of time, for calibrate.
struct resolution {
  double ms;           ///< length of a step
  double tics_per_ms;  ///< the finest unit of time

  /// The steps that cover a time of whole tics: one between two steps lasts until the later. At most 2^53.
  double steps(double time_ms) const {
    // Words of the compiler: <cmath> takes as long to read as a model.
    const double tics_per_step = __builtin_floor(ms * tics_per_ms + 0.5);
    const double tics = __builtin_floor(time_ms * tics_per_ms + 0.5);
    return min(__builtin_ceil(tics / tics_per_step), 0x1p53);
  }
};

/// What a step gives in place of a number of spikes for a node that cannot go on: the run ends with an error.
namespace stops {

inline constexpr double unstable = std::numeric_limits<double>::quiet_NaN();       ///< NumericalInstability
inline constexpr double negative_input = std::numeric_limits<double>::infinity();  ///< BadProperty: onto conductances

}  // namespace stops

/// What a step gives where spikes have times: which spike, and how long before the step's end, less than a step. An
/// offset that is one of `stops` ends the run.
template <class V> struct spikes_at {
  mask_of<V> spikes;
  V offset_ms;
};
/// The same where spikes carry an amount for targets with a `payload` channel. Recorders show it as an offset.
template <class V> struct spikes_with {
  mask_of<V> spikes;
  V amount;
};

/// How amounts that arrive on a receptor reach the members of input<V>.
struct channel {
  input_form form;
  std::int16_t receptor;
  std::int16_t member = field::nowhere;             ///< nowhere: accepted without effect
  std::int16_t member_below_zero = field::nowhere;  ///< of the second plane: sums below zero, or numbers of spikes
  bool makes_entry = false;                         ///< see each_connection

  constexpr bool is_current() const { return facts_of(form).is_current; }
};

/// What users may call a receptor.
struct receptor_name {
  std::string_view name;
  std::int16_t number;
};

namespace declare {

template <class... Names> constexpr auto names_of_receptors(Names... names) {
  return std::array<receptor_name, sizeof...(Names)>{names...};
}

template <class T> constexpr channel by_sign(double T::*above, double T::*below_zero) {
  return {input_form::by_sign, 0, column_of(above), column_of(below_zero)};
}
template <class T> constexpr channel sum(double T::*member, std::int16_t receptor = 0) {
  return {input_form::sum, receptor, column_of(member)};
}
template <class T> constexpr channel count(std::int16_t receptor, double T::*member) {
  return {input_form::count, receptor, column_of(member)};
}
constexpr channel ignored(std::int16_t receptor) { return {input_form::count, receptor}; }
template <class T> constexpr channel flips(double T::*member, std::int16_t receptor = 0) {
  return {input_form::flips, receptor, column_of(member)};
}
/// Takes what spikes carry, times the weight: those that carry nothing are without effect.
template <class T> constexpr channel payload(double T::*member, std::int16_t receptor = 0) {
  return {input_form::payload, receptor, column_of(member)};
}
/// Of a model that keeps times: what arrives within the step comes one by one, at its end by the sign of amounts.
template <class T> constexpr channel timed(double T::*above, double T::*below_zero) {
  return {input_form::timed, 0, column_of(above), column_of(below_zero)};
}
/// The same for numbers of spikes.
template <class T> constexpr channel timed_count(std::int16_t receptor, double T::*member) {
  return {input_form::timed_count, receptor, column_of(member)};
}
/// Ignored; plastic synapses that end there see the times of the node's spikes.
constexpr channel timed_ignored(std::int16_t receptor) { return {input_form::timed_count, receptor}; }
/// Sums of amounts, and numbers of spikes beside them.
template <class T> constexpr channel counted(double T::*amounts, double T::*spikes, std::int16_t receptor = 0) {
  return {input_form::counted, receptor, column_of(amounts), column_of(spikes)};
}
/// Each connection that ends here has an entry of the model's list with receptors, whose channel is `counted`. It is
/// made when the connection is, and stays.
constexpr channel each_connection(std::int16_t receptor) {
  return {input_form::counted, receptor, field::nowhere, field::nowhere, true};
}
template <class T> constexpr channel current(double T::*member) { return {input_form::current, 0, column_of(member)}; }
template <class T> constexpr channel current(std::int16_t receptor, double T::*member) {
  return {input_form::current, receptor, column_of(member)};
}
constexpr channel ignored_current(std::int16_t receptor = 0) { return {input_form::current, receptor}; }
template <class... Channels> constexpr auto inputs(Channels... channels) {
  return std::array<channel, sizeof...(Channels)>{channels...};
}

// Words of the body of a model. Ours must be found before the C library's functions of the same name.
using models::abs, models::any, models::draws, models::erfc, models::exp, models::expm1, models::log, models::mask_of,
    models::max, models::min, models::pow, models::spikes_at, models::spikes_with, models::receptor_name,
    models::resolution, models::select, models::covers, models::part, models::refusal;

}  // namespace declare

}  // namespace volley::models
