// The parameters of devices as PyNEST dictionaries: get, and set as copy, check, commit.
#pragma once
#include <string_view>
#include <vector>

#include "runtime/devices/device_params.hpp"
#include "runtime/devices/device_setting.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// All parameters as users see them, nodes as those of a generation; computed keys (events, n_events) are not among
/// them.
dictionary values_of(const device_params&, std::uint64_t generation = 0);
/// Names that values_of() has.
std::vector<std::string> names_of(const device_params&);
/// One parameter; none for another name.
value value_of(const device_params&, std::string_view name, std::uint64_t generation = 0);

/// The parameters with `changes` applied; keys that are no parameter of the device are left in `rest`.
/// `what` begins messages: "SetDefaults: poisson_generator". Errors: BadProperty, TypeMismatch, StepMultipleRequired,
/// ...
device_params updated(const device_params&, const dictionary& changes, const device_context&, std::string_view what,
                      dictionary& rest);

/// REQUIRES: a recorder. The backend's path is left empty.
recorder_spec make_recorder(std::uint64_t id, const device_params&, const time_grid&);

}  // namespace volley::runtime
