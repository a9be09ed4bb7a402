#include "runtime/devices/poisson_tables.hpp"

#include <algorithm>

namespace volley::runtime {

const models::poisson_table::high_words& poisson_tables::of(double mean, std::size_t users) {
  const auto known = tables_.find(mean);
  if (known != tables_.end()) return known->second;
  if (tables_.size() >= std::max(users, least)) tables_.clear();
  return tables_.emplace(mean, models::poisson_table(mean).for_high_words()).first->second;
}

std::uint32_t poisson_tables::number(double mean, std::uint32_t word, std::size_t users) {
  const auto& table = of(mean, users);
  const auto passed = std::ranges::upper_bound(table.above, word) - table.above.begin();
  return static_cast<std::uint32_t>(table.first) + static_cast<std::uint32_t>(passed);
}

}  // namespace volley::runtime
