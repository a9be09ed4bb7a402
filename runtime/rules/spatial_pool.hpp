// Who may be at the other end of one node's connections: those in the mask, with the values that a Parameter has for
// each pair.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/rules/rule.hpp"
#include "runtime/rules/walk.hpp"
#include "runtime/space/neighbour_search.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

class spatial_pool {
 public:
  /// `drivers`: which end the nodes are that are searched from. `value`: what is evaluated for each pair; may be null.
  /// `spec` must outlive this.
  spatial_pool(const rule_spec& spec, endpoint drivers, const parameter* value);

  /// Finds those near `driver`.
  void find(std::uint64_t driver);

  std::size_t size() const { return search_.size(); }
  std::span<const std::uint32_t> ids() const { return search_.ids(); }
  std::span<const std::uint32_t> positions() const { return search_.positions(); }
  /// The Parameter's value for each pair. Errors: BadProperty where one is not a number.
  std::span<const double> values();

 private:
  const rule_spec& spec_;
  endpoint drivers_;
  const parameter* value_;
  const layer& of_drivers_;
  neighbour_search search_;
  pair_geometry geometry_;
  std::uint64_t driver_ = 0;
  std::vector<double> values_;
};

}  // namespace volley::runtime
