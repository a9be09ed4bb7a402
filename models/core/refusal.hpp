// Which exception a model raises when it refuses a value.
#pragma once
#include <cstdint>

namespace volley::models {

/// Those of the PyNEST contract that rules of models raise.
enum class refusal : std::uint8_t {
  BadProperty,
  BadParameter,
  NotImplemented,
  StepMultipleRequired,
  TimeMultipleRequired
};

}  // namespace volley::models
