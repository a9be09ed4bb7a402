#include "runtime/base/error.hpp"

#include <new>

namespace volley::runtime {

const char* to_string(error_kind kind) {
  switch (kind) {
    case error_kind::KernelException: return "KernelException";
    case error_kind::NotImplemented: return "NotImplemented";
    case error_kind::TypeMismatch: return "TypeMismatch";
    case error_kind::UnaccessedDictionaryEntry: return "UnaccessedDictionaryEntry";
    case error_kind::UnknownModelName: return "UnknownModelName";
    case error_kind::UnknownComponent: return "UnknownComponent";
    case error_kind::NewModelNameExists: return "NewModelNameExists";
    case error_kind::UnknownSynapseType: return "UnknownSynapseType";
    case error_kind::UnknownNode: return "UnknownNode";
    case error_kind::UnknownReceptorType: return "UnknownReceptorType";
    case error_kind::IncompatibleReceptorType: return "IncompatibleReceptorType";
    case error_kind::IllegalConnection: return "IllegalConnection";
    case error_kind::InexistentConnection: return "InexistentConnection";
    case error_kind::BadDelay: return "BadDelay";
    case error_kind::UnexpectedEvent: return "UnexpectedEvent";
    case error_kind::BadProperty: return "BadProperty";
    case error_kind::BadParameter: return "BadParameter";
    case error_kind::BadParameterValue: return "BadParameterValue";
    case error_kind::DimensionMismatch: return "DimensionMismatch";
    case error_kind::InvalidDefaultResolution: return "InvalidDefaultResolution";
    case error_kind::InvalidTimeInModel: return "InvalidTimeInModel";
    case error_kind::StepMultipleRequired: return "StepMultipleRequired";
    case error_kind::TimeMultipleRequired: return "TimeMultipleRequired";
    case error_kind::NumericalInstability: return "NumericalInstability";
    case error_kind::IOError: return "IOError";
    case error_kind::InternalError: return "InternalError";
    case error_kind::UndefinedName: return "UndefinedName";
    case error_kind::LayerExpected: return "LayerExpected";
    case error_kind::DynamicModuleManagementError: return "DynamicModuleManagementError";
    case error_kind::IndexError: return "builtins.IndexError";
    case error_kind::KeyErrorBuiltin: return "builtins.KeyError";
    case error_kind::MemoryError: return "builtins.MemoryError";
    case error_kind::OverflowError: return "builtins.OverflowError";
    case error_kind::PermissionError: return "builtins.PermissionError";
    case error_kind::TypeError: return "builtins.TypeError";
    case error_kind::ValueError: return "builtins.ValueError";
  }
  return "InternalError";
}

refusal refusal_of(const std::exception_ptr& reason) {
  try {
    std::rethrow_exception(reason);
  } catch (const api_error& e) {
    return {e.kind(), e.what(), e.place(), false};
  } catch (const std::bad_alloc&) {
    return {error_kind::MemoryError, "the machine has no memory for the call", api_error::nowhere, true};
  } catch (const std::length_error&) {  // a vector beyond all memory
    return {error_kind::MemoryError, "the machine has no memory for the call", api_error::nowhere, true};
  } catch (const std::exception& e) {
    return {error_kind::InternalError, e.what(), api_error::nowhere, false};
  } catch (...) {
    return {error_kind::InternalError, "an unknown failure", api_error::nowhere, false};
  }
}

std::exception_ptr exception_of(const refusal& why) {
  return std::make_exception_ptr(api_error(why.kind, why.text, why.place));
}

}  // namespace volley::runtime
