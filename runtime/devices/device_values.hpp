// The parameters of devices as PyNEST dictionaries: get, and set as copy, check, commit.
#pragma once
#include <string>
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

/// Keys that are shown of it and that nobody sets, beside those of every node.
std::vector<std::string> shown_keys(const device_params&);
/// The results of a detector before a first run, by key; nothing for other devices.
dictionary no_results(const device_params&);
/// n_events of a device that has recorded nothing: a number, or one a receptor; none where there is no such key.
value no_events(const device_params&);
/// Whether setting n_events clears the device. `what` begins messages. Errors: TypeMismatch, BadProperty,
/// UnaccessedDictionaryEntry where it is shown as a list and cleared by a number.
void check_clearing(const device_params&, const value& n_events, const std::string& what);

/// REQUIRES: a recorder. The backend's path is left empty, and a detector has no room.
recorder_spec make_recorder(std::uint64_t id, const device_params&, const time_grid&);

}  // namespace volley::runtime
