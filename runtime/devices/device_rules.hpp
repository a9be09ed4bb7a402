// What the parameters of a device must satisfy beyond the type and range of each: grids of time, lists that go together,
// what is locked. A rule may round what it checks.
#pragma once
#include "models/devices/dc_generator.hpp"
#include "models/devices/noise_generator.hpp"
#include "models/devices/poisson_generator.hpp"
#include "models/devices/recorders.hpp"
#include "models/devices/spike_train.hpp"
#include "models/devices/step_current_generator.hpp"
#include "runtime/devices/device_setting.hpp"

namespace volley::runtime {

/// `p`: the parameters with `changes` applied to `before`. Errors: BadProperty, StepMultipleRequired, NotImplemented.
void check(const device_setting&, models::stimulation& p);
void check(const device_setting&, models::recording& p);
void check(const device_setting&, devices::poisson_generator::params& p);
void check(const device_setting&, devices::step_current_generator::params& p,
           const devices::step_current_generator::params& before, const dictionary& changes);
void check(const device_setting&, devices::noise_generator::params& p, const devices::noise_generator::params& before,
           const dictionary& changes);
/// `weights`: null for a device that has none.
void check(const device_setting&, devices::spike_train_params& p, const std::vector<double>* weights,
           const devices::spike_train_params& before, const dictionary& changes);
void check(const device_setting&, devices::sampling& p, const devices::sampling& before, const dictionary& changes);

/// Defaults that are times, where the grid has no such time.
void follow_grid(devices::sampling&, const time_grid&);
void follow_grid(devices::noise_generator::params&, const time_grid&);

}  // namespace volley::runtime
