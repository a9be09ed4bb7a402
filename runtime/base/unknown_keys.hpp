// What becomes of keys that nobody knows in the dictionaries of a call: an error, or a warning where the kernel's
// dict_miss_is_error is False; the other keys then count.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"

namespace volley::runtime {

class unknown_keys {
 public:
  explicit unknown_keys(bool are_errors = true) : are_errors_(are_errors) {}

  bool are_errors() const { return are_errors_; }

  /// A key that `owner` (a model, a rule) does not know; each is told of once. Errors: of `kind` with the text, where
  /// unknown keys are errors.
  void add(std::string_view owner, std::string_view key, std::string text,
           error_kind kind = error_kind::UnaccessedDictionaryEntry) {
    if (are_errors_) throw api_error(kind, text);
    if (told_.emplace(owner, key).second) warnings_.push_back(std::move(text));
  }

  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  bool are_errors_;
  std::set<std::pair<std::string, std::string>> told_;
  std::vector<std::string> warnings_;
};

}  // namespace volley::runtime
