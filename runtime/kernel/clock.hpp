// The clock and what it allows.
#pragma once
#include <utility>

#include "runtime/connections/delay_limits.hpp"
#include "runtime/kernel/network.hpp"

namespace volley::runtime {

/// T_max: the steps that end before 2^60 tics.
step_t max_steps(const network&);

/// The shortest and the longest delay in steps: what users fixed, or what connections have.
std::pair<step_t, step_t> delay_range(const network&);

/// Of delays that calls may ask for now, or would be with other settings.
delay_limits limits_of_delays(const network&);
delay_limits limits_of_delays(const network&, const kernel_settings& settings);

}  // namespace volley::runtime
