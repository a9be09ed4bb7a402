// What a function relies on, checked where it is cheap: at the boundaries between classes, threads and processes.
#pragma once
#include <stdexcept>
#include <string>

namespace volley::runtime {

/// A caller broke a contract: a fault of ours, never of a user.
class broken_contract : public std::logic_error {
 public:
  explicit broken_contract(const char* expected) : std::logic_error(std::string("broken contract: ") + expected) {}
};

/// Throws broken_contract unless `holds`; `expected` says what should hold: "an interval is closed once".
inline void expects(bool holds, const char* expected) {
  if (!holds) [[unlikely]]
    throw broken_contract(expected);
}

}  // namespace volley::runtime
