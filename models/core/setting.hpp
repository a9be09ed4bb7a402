// A call that sets a device, as the rules of the device see it: what it may ask, and how it refuses. Times become what
// will be used: whole steps.
#pragma once
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/refusal.hpp"
#include "models/core/time_grid.hpp"

namespace volley::models {

/// Which steps a time may be.
enum class steps : std::uint8_t { any, from_0, from_1 };

/// How the times of a list follow each other.
enum class ascent : std::uint8_t { strict, may_repeat };

/// What becomes of times between two steps.
enum class off_grid : std::uint8_t { refused, rounded_up, kept };

class setting {
 public:
  virtual ~setting() = default;

  const time_grid& time() const { return time_; }
  step_t now() const { return now_; }
  /// True when the call names the key.
  virtual bool given(std::string_view key) const = 0;
  /// A number as messages show it.
  virtual std::string text(double x) const = 0;

  /// Ends the call. The message begins with the call and the model: "SetDefaults: dc_generator: ...".
  [[noreturn]] void refuse(const std::string& why, refusal kind = refusal::BadProperty) const {
    std::rethrow_exception(error(why, kind));
  }
  /// Ends the call for one value: "key = shown rule".
  [[noreturn]] void refuse(std::string_view key, const std::string& shown, const std::string& rule,
                           refusal kind = refusal::BadProperty) const;
  [[noreturn]] void refuse(std::string_view key, double x, const std::string& rule,
                           refusal kind = refusal::BadProperty) const {
    refuse(key, text(x), rule, kind);
  }

  /// A time on the grid.
  void put_on_grid(std::string_view key, double& ms, steps which, refusal kind = refusal::BadProperty) const;
  /// A list of times in their order, on the grid but for those that are kept as they are.
  void put_in_order(std::string_view key, std::vector<double>& times, off_grid between, ascent order) const;
  /// A list that goes with another, entry by entry. `optional`: it may be empty instead.
  void require_size(std::string_view key, std::size_t n, std::string_view of, std::size_t wanted, bool optional) const;
  /// A mean number of spikes in a step that can be counted. `key`, `shown`: the rate it comes from, in spikes/s.
  void require_countable(std::string_view key, double rate) const;
  /// A rate in spikes/s that a process can have which spikes once in a step, at most.
  void require_one_a_step(std::string_view key, double rate) const;
  /// A whole number in [least, most].
  void require_between(std::string_view key, std::int64_t n, std::int64_t least, std::int64_t most) const;

 protected:
  setting(const time_grid& time, step_t now) : time_(time), now_(now) {}

 private:
  virtual std::exception_ptr error(const std::string& why, refusal kind) const = 0;

  time_grid time_;
  step_t now_;
};

}  // namespace volley::models
