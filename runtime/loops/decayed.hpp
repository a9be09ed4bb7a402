// K_minus some time after a spike, for vectors of connections and of lines.
#pragma once
#include "models/core/math.hpp"

namespace volley::runtime {

/// A double in all lanes; unlike the constructor it keeps the sign of zero.
template <class Isa> models::lanes<Isa> broadcast(double x) {
  double all[models::ops<models::lanes<Isa>>::width];
  for (double& lane : all) lane = x;
  return models::ops<models::lanes<Isa>>::load(all);
}

/// K_minus some time after a spike.
template <class V> [[gnu::always_inline]] inline V decayed_by(V K_minus, V since_post_ms, V decay_per_ms) {
  return K_minus * models::exp(since_post_ms * decay_per_ms);
}

}  // namespace volley::runtime
