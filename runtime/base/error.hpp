// A user's mistake, as the PyNEST contract names it. Thrown by validation, caught in one place: at the session.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace volley::runtime {

/// The exception classes that reach the user: names of nest.NESTErrors, and Python built-ins where the contract asks for them.
enum class error_kind {
  KernelException, NotImplemented, TypeMismatch, UnaccessedDictionaryEntry, UnknownModelName, UnknownComponent,
  NewModelNameExists, UnknownSynapseType, UnknownNode, UnknownReceptorType, IncompatibleReceptorType, IllegalConnection,
  InexistentConnection, BadDelay, UnexpectedEvent, BadProperty, BadParameter, BadParameterValue, DimensionMismatch,
  InvalidDefaultResolution, InvalidTimeInModel, StepMultipleRequired, TimeMultipleRequired, NumericalInstability,
  IOError, InternalError, UndefinedName, LayerExpected,
  // Python built-ins
  IndexError, KeyErrorBuiltin, MemoryError, OverflowError, PermissionError, TypeError, ValueError
};

/// The name on the wire and in Python; built-ins carry a "builtins." prefix ("builtins.KeyError").
const char* to_string(error_kind kind);

class api_error : public std::runtime_error {
 public:
  api_error(error_kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  error_kind kind() const { return kind_; }

 private:
  error_kind kind_;
};

}  // namespace volley::runtime
