// Normal variates from uniform ones (Box and Muller 1958): sqrt(-2 log u) cos(2 pi v), for every value type. The root
// is left to the caller: it has the same bits everywhere, and compilers vectorise it over arrays.
#pragma once
#include "models/core/math.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::models {

/// The square of the radius for u in (0, 1].
template <value_like V> [[gnu::always_inline]] inline V squared_radius(V u) {
  return max(-2.0 * log_of_normal(u), V(0.0));
}

}  // namespace volley::models
