// The targets of a rule that one VP holds, one after another, each with the source that must not be its own.
#pragma once
#include <cstdint>
#include <optional>

#include "runtime/rules/local_nodes.hpp"
#include "runtime/rules/node_index.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {

class target_cursor {
 public:
  /// `spec` must outlive the cursor.
  target_cursor(const rule_spec& spec, const layout& place)
      : sources_(spec.sources), locals_(spec.targets, place), autapses_(spec.allow_autapses) {}

  /// To the next local target; false at the end.
  bool next() {
    if (!locals_.next(at_)) return false;
    banned_ = autapses_ ? std::nullopt : sources_.position(at_.id);
    return true;
  }

  std::uint32_t position() const { return at_.position; }
  std::uint64_t id() const { return at_.id; }
  const node_index& sources() const { return sources_; }
  /// Where the target stands among the sources, when that would be an autapse and these are forbidden.
  std::optional<std::uint32_t> banned() const { return banned_; }
  std::uint32_t free_sources() const { return sources_.size() - (banned_ ? 1 : 0); }

 private:
  node_index sources_;
  local_nodes locals_;
  bool autapses_;
  local_nodes::entry at_{};
  std::optional<std::uint32_t> banned_;
};

}  // namespace volley::runtime
