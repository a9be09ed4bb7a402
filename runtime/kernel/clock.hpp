// The clock and what it allows.
#pragma once
#include <utility>

#include "runtime/kernel/network.hpp"

namespace volley::runtime {

/// T_max: the steps that end before 2^60 tics.
step_t max_steps(const network&);

/// The shortest and the longest delay in steps: what users fixed, or what connections have.
std::pair<step_t, step_t> delay_range(const network&);

}  // namespace volley::runtime
