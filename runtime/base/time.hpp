// Biological time in the runtime is that of the models.
#pragma once
#include "models/core/time_grid.hpp"

namespace volley::runtime {

using models::step_t, models::time_grid;

}  // namespace volley::runtime
