// What input does to the place it comes to.
#pragma once
#include <cstdint>

namespace volley::runtime {

/// What a synaptic event does to its slot.
enum class input_form : std::uint8_t {
  sum,      ///< adds weight * multiplicity
  by_sign,  ///< the same, into the plane of the amount's sign
  count,    ///< adds the multiplicity; the weight does not matter
  current   ///< adds weight * current; slots of a space of their own
};

}  // namespace volley::runtime
