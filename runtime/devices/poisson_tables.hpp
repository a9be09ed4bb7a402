// Tables of Poisson draws by their mean. Means come and go with the rates of generators, so what is kept is bounded.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>

#include "models/core/distributions.hpp"

namespace volley::runtime {

class poisson_tables {
 public:
  static constexpr std::size_t least = 64;

  /// The table of a mean, until the next call. `users`: how many means are in use at a time; so many tables are kept,
  /// and no fewer than `least`.
  const models::poisson_table::high_words& of(double mean, std::size_t users);
  /// The number that a word of 32 random bits stands for.
  std::uint32_t number(double mean, std::uint32_t word, std::size_t users);
  std::size_t size() const { return tables_.size(); }

 private:
  std::map<double, models::poisson_table::high_words> tables_;
};

}  // namespace volley::runtime
