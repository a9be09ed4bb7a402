// The exceptions that models name, as the kernel's errors.
#pragma once
#include "models/core/refusal.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {

inline error_kind kind_of(models::refusal why) {
  switch (why) {
    case models::refusal::BadParameter: return error_kind::BadParameter;
    case models::refusal::NotImplemented: return error_kind::NotImplemented;
    case models::refusal::StepMultipleRequired: return error_kind::StepMultipleRequired;
    case models::refusal::TimeMultipleRequired: return error_kind::TimeMultipleRequired;
    case models::refusal::BadProperty: break;
  }
  return error_kind::BadProperty;
}

}  // namespace volley::runtime
