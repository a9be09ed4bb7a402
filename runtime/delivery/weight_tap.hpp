// Who listens to what the rows of one synapse model transmit.
#pragma once
#include <cstddef>

namespace volley::runtime {

/// Told of every transmitted weight when a weight_recorder listens.
class weight_tap {
 public:
  /// By the n-th connection of the row; they come in their order.
  virtual void transmitted(std::size_t n, double weight) = 0;

 protected:
  ~weight_tap() = default;
};

}  // namespace volley::runtime
