// Devices as the kernel knows them, and as the shards get them.
#pragma once
#include <string>
#include <vector>

#include "runtime/devices/stimulator.hpp"
#include "runtime/kernel/network.hpp"

namespace volley::runtime {

/// Null for a neuron. Errors: UnknownNode.
device_entry* find_device(network&, std::uint64_t id);
const device_entry* find_device(const network&, std::uint64_t id);

/// When and where a device is set; null: a model's defaults.
device_context context(const network&, const device_entry* entry);
recorder_spec recorder_of(const network&, const device_entry& entry);
stimulator stimulator_of(const network&, const device_entry& entry);
/// Its parameters, the values that go with the clock as they are at `now` of the run since `clocked`.
device_params params_at(const network&, const device_entry& entry, step_t now);
/// The files of an ascii recorder, by VP; the one of a recorder that writes a report.
std::vector<std::string> file_names(const network&, const device_entry& entry);
/// Those of this rank's VPs; the one of a report.
std::vector<std::string> own_file_names(const network&, const device_entry& entry);

}  // namespace volley::runtime
