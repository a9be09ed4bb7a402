// What the parameters of every stimulator and every recorder must satisfy. Rules of single devices stand with them.
#pragma once
#include "runtime/devices/device_setting.hpp"

namespace volley::runtime {

/// Puts times on the grid. Errors: BadProperty.
void check(const device_setting&, models::stimulation&);
void check(const device_setting&, models::recording&);

}  // namespace volley::runtime
