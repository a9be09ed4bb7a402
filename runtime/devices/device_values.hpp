// The parameters of devices as PyNEST dictionaries: get, and set as copy, check, commit.
#pragma once
#include <string_view>
#include <variant>
#include <vector>

#include "models/devices/dc_generator.hpp"
#include "models/devices/noise_generator.hpp"
#include "models/devices/poisson_generator.hpp"
#include "models/devices/recorders.hpp"
#include "models/devices/spike_train.hpp"
#include "models/devices/step_current_generator.hpp"
#include "runtime/devices/device_setting.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/devices/stimulator.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// One alternative a built-in device model.
using device_params =
    std::variant<devices::poisson_generator::params, devices::dc_generator::params, devices::step_current_generator::params,
                 devices::noise_generator::params, devices::spike_generator::params, devices::spike_train_injector::params,
                 devices::spike_recorder::params, devices::multimeter::params, devices::voltmeter::params,
                 devices::weight_recorder::params>;

struct device_kind {
  std::string_view name, meaning;
  device_params defaults;
};
/// All built-in device models, in the order of device_params.
const std::vector<device_kind>& device_kinds();

bool is_recorder(const device_params&);
models::device_output output_of(const device_params&);
inline bool is_meter(const device_params& d) { return output_of(d) == models::device_output::requests; }
inline bool is_injector(const device_params& d) { return output_of(d) == models::device_output::node_spikes; }

/// All parameters as users see them, nodes as those of a generation; computed keys (events, n_events) are not among
/// them.
dictionary values_of(const device_params&, std::uint64_t generation = 0);
/// Names that values_of() has.
std::vector<std::string> names_of(const device_params&);
/// One parameter; none for another name.
value value_of(const device_params&, std::string_view name, std::uint64_t generation = 0);

/// The parameters with `changes` applied; keys that are no parameter of the device are left in `rest`.
/// `what` begins messages: "SetDefaults: poisson_generator". Errors: BadProperty, TypeMismatch, StepMultipleRequired, ...
device_params updated(const device_params&, const dictionary& changes, const device_context&, std::string_view what, dictionary& rest);

/// The defaults of a built-in model as they are on a grid.
device_params on_grid(device_params defaults, const time_grid&);

/// The device as the shards hold it. REQUIRES: no recorder.
stimulator make_stimulator(std::uint64_t id, const device_params&, const time_grid&);
/// REQUIRES: a recorder. The backend's path is left empty.
recorder_spec make_recorder(std::uint64_t id, const device_params&, const time_grid&);
const models::recording& recording_of(const device_params&);

}  // namespace volley::runtime
