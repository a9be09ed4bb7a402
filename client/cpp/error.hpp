// What went wrong with a call, under the name that PyNEST users know.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace volley::client {

/// Thrown by every verb. `kind` is the name of a PyNEST exception ("BadProperty"), or a Python built-in with its module
/// ("builtins.IndexError"); `what()` names call, object, value and allowed range.
class error : public std::runtime_error {
 public:
  error(std::string kind, const std::string& message) : std::runtime_error(message), kind_(std::move(kind)) {}
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

/// The connection to the kernel is gone; every later call ends the same way.
class connection_lost : public error {
 public:
  explicit connection_lost(const std::string& message) : error("KernelException", message) {}
};

}  // namespace volley::client
