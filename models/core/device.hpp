// What a device declares. A device is a struct with
//   params                    what users set: models::stimulation or models::recording and members of its own
//   name, meaning, output, and `fields`: a row for every member of params, hidden ones too
// A stimulator has besides
//   derived, calibrate(params, grid) -> derived        what its functions read beside the parameters
// and one of these functions, which says what it emits:
//   mean_count(params, derived, stamp) -> double       spikes: Poisson numbers, drawn for every connection, or once for
//                                                      all of them where is_shared(params) (optional); then each spike
//                                                      reaches a connection with copy_probability(params) (optional)
//   emit(params, derived, drive, train, draws) -> std::uint32_t        spikes of a train that has a state, in a step
//   emit(params, derived, drive, train, train_draws, offsets) -> the same    and how long before its end they are, in
//                                                      ms: appended, above 0 or 0, below a step
//   draw_pulse(params, derived, pulse_ms, draws, add)  spikes around given times, the same over all connections
//   current(params, derived, stamp) -> double          pA, the same over all connections
//   drawn_current(params, derived, window, update) -> normal_draw      pA, drawn for every connection
//   train(derived) -> const std::vector<timed_spike>&  spikes at given times, stamps ascending
// Trains with a state: every connection has one, or all of them have the same where is_shared(params) (optional). They
// rest while the device is not active.
//   train_size(params, derived) -> std::size_t         of its state, so many numbers, all 0 before its first step
//   drive(params, derived, stamp) -> double            what a step does to all trains; nothing happens where it is 0
//   trains_since(params) -> step_t (optional)          another one: trains begin anew
// Pulses:
//   pulses(derived) -> const std::vector<double>&      their times in ms, ascending
//   reach_ms(params) -> double                         no spike is farther from its pulse; its stamp may be a step
//   later.
//                                                      draw_pulse calls add(stamp, count) for those of one, in any
//                                                      order
// A recorder says what it `records` instead. Optional are
//   check(setting&, params&)                           rules beyond those of the fields; may round what it checks
//   go_on(params&, const params& before, const past&)  what a node that is set keeps of what it did
//   follow_grid(params&, grid)                         defaults that are times, where the grid has no such time
//   recordable, recorded(params, derived, stamp)       what a meter shows of it: a name, and a value (or its current)
//   restart(params&, now_ms)                           as a run is prepared
//   advance(params&, now_ms, active_ms)                after a stretch of simulation up to now, active for so long
// From these come get, set, defaults, range checks, images and the documentation page; list.hpp names all devices.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/core/field_table.hpp"
#include "models/core/time_grid.hpp"

namespace volley::models {

/// What a device sends over its connections.
enum class device_output : std::uint8_t {
  spikes,       ///< from a copy on every VP
  node_spikes,  ///< as a neuron sends them: from one VP, with those of neurons
  currents,
  requests,  ///< of samples: a meter
  nothing
};

/// What a recorder records.
enum class recorder_kind : std::uint8_t {
  spikes,   ///< of nodes that are connected to it
  samples,  ///< of nodes that it is connected to
  weights,  ///< what the synapses transmit that name it
  states,   ///< that nodes tell by one spike or two at a time: 0 or 1
  results   ///< no events, but what it makes of spikes: a detector (models/core/detector.hpp)
};

/// Nodes by their ids, ascending.
struct node_list {
  std::vector<std::uint64_t> ids;
  template <class Snapshot> void snapshot(Snapshot& s) { s(ids); }
};

/// Who may set a field.
enum class access : std::uint8_t {
  always,
  unconnected,  ///< not after the device was connected
  models_only,  ///< SetDefaults and CopyModel, no node
  hidden        ///< nobody: it is no key, but what a device keeps
};

/// One field of the parameters P: its PyNEST name and where it lives.
template <class P> struct device_field {
  using member = std::variant<double P::*, std::int64_t P::*, bool P::*, std::string P::*, std::vector<double> P::*,
                              std::vector<std::int64_t> P::*, std::vector<std::string> P::*, node_list P::*>;
  std::string_view name;
  member at;
  std::string_view unit;
  std::string_view meaning;
  bound range = bound::none;
  access open = access::always;
};

/// Concatenates tables of fields.
template <class P, std::size_t... N> constexpr auto join(const std::array<device_field<P>, N>&... tables) {
  std::array<device_field<P>, (N + ...)> all{};
  std::size_t at = 0;
  const auto append = [&](const auto& table) {
    for (const auto& f : table) all[at++] = f;
  };
  (append(tables), ...);
  return all;
}

/// When a device is active: for time stamps in (origin + start, origin + stop], in ms.
struct activity {
  double origin = 0, start = 0;
  double stop = std::numeric_limits<double>::max();
};

/// The same in steps: emissions with a time stamp in (after, upto] are active.
struct active_window {
  step_t after = 0, upto = 0;
  bool contains(step_t stamp) const { return after < stamp && stamp <= upto; }
};

inline active_window window_of(const activity& a, const time_grid& time) {
  return {time.nearest_steps(a.origin + a.start), time.nearest_steps(a.origin + a.stop)};
}

/// The first active update of a device that emits currents, and the one behind its last: a current acts exactly inside
/// the window, and reaches a state a step after it was sent.
inline step_t first_current(const active_window& w) { return w.after - 1; }
inline step_t end_of_currents(const active_window& w) { return w.upto - 1; }

template <class P> constexpr std::array<device_field<P>, 3> activity_fields{{
    {"origin", &P::origin, "ms", "shifts start and stop"},
    {"start", &P::start, "ms", "begin of activity, relative to origin"},
    {"stop", &P::stop, "ms", "end of activity, relative to origin"},
}};

/// What every stimulator has.
struct stimulation : activity {
  std::string label, stimulus_source;
};

template <class P> constexpr auto stimulation_fields = join<P>(
    activity_fields<P>, std::array<device_field<P>, 2>{{
                            {"label", &P::label, "", "name of the device"},
                            {"stimulus_source", &P::stimulus_source, "", "stimulation backend; none is built in"},
                        }});

/// What every recorder has.
struct recording : activity {
  std::string label, record_to = "memory", file_extension = "dat", file_name;
  bool time_in_steps = false;
  std::int64_t precision = 3;
  std::vector<std::string> populations;
  std::vector<std::int64_t> first_nodes;
};

// The hidden ones are keys of some backends only.
template <class P> constexpr auto recording_fields = join<P>(
    activity_fields<P>,
    std::array<device_field<P>, 8>{{
        {"label", &P::label, "", "name of the device and first part of its file names"},
        {"record_to", &P::record_to, "", "recording backend: memory, ascii, screen or sonata"},
        {"file_extension", &P::file_extension, "", "of files", bound::none, access::hidden},
        {"time_in_steps", &P::time_in_steps, "", "times as steps", bound::none, access::hidden},
        {"precision", &P::precision, "", "decimal places of files and screen", bound::none, access::hidden},
        {"file_name", &P::file_name, "", "of the report; empty: made from the label", bound::none, access::hidden},
        {"populations", &P::populations, "", "names of populations in the report", bound::none, access::hidden},
        {"first_nodes", &P::first_nodes, "", "first node of each population", bound::none, access::hidden},
    }});

/// One entry of a spike train: `weight` scales the connection's, `multiplicity` counts. Spikes act at their stamps;
/// they were sent `offset_ms` earlier, less than a step.
struct timed_spike {
  step_t stamp;
  double weight;
  std::uint32_t multiplicity;
  double offset_ms = 0;
};

/// What a value is drawn from, and the update that draws it.
struct normal_draw {
  step_t update = -1;
  double mean = 0, deviation = 0;
};

/// What a device did with its earlier parameters up to update `now`.
struct past {
  const time_grid& time;
  step_t now;
  active_window window;
  bool frozen;
};

}  // namespace volley::models
