// A call that sets a device: its messages, and values of the API as members of the device's parameters.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/time.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// When and where a device is set.
struct device_context {
  time_grid time;
  step_t now = 0;
  bool prepared = false;         ///< between Prepare and Cleanup: recorders are locked
  bool simulated = false;        ///< time_in_steps is locked
  bool connected = false;        ///< fields that are open while unconnected are locked
  std::uint64_t n_nodes = 0;     ///< ids 1, 2, ... that there are
  std::uint64_t generation = 0;  ///< of nodes that are named now
  bool is_model = false;         ///< defaults are set, no node
  bool exists = false;  ///< a node that may have been active up to now, neither a model nor a node in the making
  bool frozen = false;  ///< up to now
};

/// `what` begins messages: "SetDefaults: poisson_generator".
class device_setting final : public models::setting {
 public:
  device_setting(std::string_view what, const device_context& context, const dictionary& changes)
      : setting(context.time, context.now), what_(what), context_(context), changes_(changes) {}

  const device_context& context() const { return context_; }
  bool given(std::string_view key) const override { return changes_.contains(key); }
  std::string text(double x) const override { return to_text(value(x)); }
  [[noreturn]] void fail(error_kind kind, std::string_view key, const value& v, const std::string& rule) const;
  [[noreturn]] void mismatch(std::string_view key, const value& v, const char* wanted) const {
    fail(error_kind::TypeMismatch, key, v, std::string("is ") + type_name(v) + ", must be " + wanted);
  }

 private:
  std::exception_ptr error(const std::string& why, models::refusal kind) const override;

  std::string_view what_;
  const device_context& context_;
  const dictionary& changes_;
};

/// Errors: TypeMismatch for a value of another type, BadProperty for what is no number, in a list no finite one.
void assign(const device_setting&, std::string_view key, const value&, double& to);
void assign(const device_setting&, std::string_view key, const value&, std::int64_t& to);
void assign(const device_setting&, std::string_view key, const value&, bool& to);
void assign(const device_setting&, std::string_view key, const value&, std::string& to);
void assign(const device_setting&, std::string_view key, const value&, std::vector<double>& to);
void assign(const device_setting&, std::string_view key, const value&, std::vector<std::int64_t>& to);
void assign(const device_setting&, std::string_view key, const value&, std::vector<std::string>& to);
/// A NodeCollection or a list of ids. Errors: TypeMismatch, BadProperty where ids do not ascend, UnknownNode,
/// KernelException for nodes of another generation.
void assign(const device_setting&, std::string_view key, const value&, models::node_list& to);

}  // namespace volley::runtime
