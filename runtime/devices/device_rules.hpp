// What the parameters of every stimulator and every recorder must satisfy. Rules of single
// devices stand with them.
#pragma once
#include <string>
#include <vector>

#include "runtime/devices/device_setting.hpp"

namespace volley::runtime {

/// Names of what recorders can write to and generators can read from, sorted.
const std::vector<std::string>& recording_backends();
const std::vector<std::string>& stimulation_backends();

/// Puts times on the grid. Errors: BadProperty.
void check(const device_setting&, models::stimulation&);
void check(const device_setting&, models::recording&);
/// Of what has no more in common with others than when it is active.
void check(const device_setting&, models::activity&);

}  // namespace volley::runtime
