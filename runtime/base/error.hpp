// A user's mistake, as the PyNEST contract names it. Thrown by validation, caught in one place: at the session.
#pragma once
#include <cstdint>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace volley::runtime {

/// The exception classes that reach the user: names of nest.NESTErrors, and Python built-ins where the contract asks
/// for them.
enum class error_kind {
  KernelException,
  NotImplemented,
  TypeMismatch,
  UnaccessedDictionaryEntry,
  UnknownModelName,
  UnknownComponent,
  NewModelNameExists,
  UnknownSynapseType,
  UnknownNode,
  UnknownReceptorType,
  IncompatibleReceptorType,
  IllegalConnection,
  InexistentConnection,
  BadDelay,
  UnexpectedEvent,
  BadProperty,
  BadParameter,
  BadParameterValue,
  DimensionMismatch,
  InvalidDefaultResolution,
  InvalidTimeInModel,
  StepMultipleRequired,
  TimeMultipleRequired,
  NumericalInstability,
  IOError,
  InternalError,
  UndefinedName,
  LayerExpected,
  DynamicModuleManagementError,
  // Python built-ins
  IndexError,
  KeyErrorBuiltin,
  MemoryError,
  OverflowError,
  PermissionError,
  TypeError,
  ValueError
};

/// The name on the wire and in Python; built-ins carry a "builtins." prefix ("builtins.KeyError").
const char* to_string(error_kind kind);

class api_error : public std::runtime_error {
 public:
  /// Of no single node or connection.
  static constexpr std::uint64_t nowhere = std::numeric_limits<std::uint64_t>::max();

  /// `place`: id of the node, or position of the connection in the list, that is refused.
  api_error(error_kind kind, const std::string& message, std::uint64_t place = nowhere)
      : std::runtime_error(message), kind_(kind), place_(place) {}
  error_kind kind() const { return kind_; }
  std::uint64_t place() const { return place_; }

 private:
  error_kind kind_;
  std::uint64_t place_;
};

/// Why something was refused, as data.
struct refusal {
  error_kind kind = error_kind::InternalError;
  std::string text;
  std::uint64_t place = api_error::nowhere;  ///< of several refusals the one with the lowest place is told
  bool no_memory = false;                    ///< the machine's; the text does not say for what

  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, error_kind::ValueError);
    s(text, place, no_memory);
  }
};

refusal refusal_of(const std::exception_ptr& reason);
std::exception_ptr exception_of(const refusal& why);

}  // namespace volley::runtime
