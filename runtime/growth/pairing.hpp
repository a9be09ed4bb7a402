// Which connections structural plasticity removes and makes: chosen for the whole network from the counts of all VPs,
// by draws that belong to the update, so that the choice does not depend on the layout.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/core/random.hpp"
#include "runtime/base/time.hpp"
#include "runtime/growth/element_counts.hpp"

namespace volley::runtime {

/// The draws of one choice of an update, one after another.
class structural_draws {
 public:
  enum class choice : std::uint32_t { of_pre, of_post, of_pairs };
  /// `synapse`: position among the structural synapses.
  structural_draws(std::uint32_t seed, step_t now, std::uint32_t synapse, choice of);
  /// A number below n, all equally likely. REQUIRES: n > 0.
  std::uint64_t below(std::uint64_t n);

 private:
  models::random_key key_;
  models::random_words counter_;
};

/// All nodes that have an element, ascending, with their vacant ones.
class element_table {
 public:
  struct entry {
    std::uint64_t id;
    std::int64_t vacant;
    bool operator==(const entry&) const = default;
  };
  element_table() = default;
  /// Of all VPs.
  explicit element_table(std::span<const element_counts* const> by_vp);

  std::span<const entry> entries() const { return entries_; }
  bool has(std::uint64_t id) const { return find(id) != nullptr; }
  /// How many of a node are vacant; 0 where it has none.
  std::int64_t vacant(std::uint64_t id) const;
  /// `more` (or fewer) of a node are vacant from now on; nothing where it has none.
  void free(std::uint64_t id, std::int64_t more);
  /// The sum of those that are vacant.
  std::uint64_t n_vacant() const;
  /// Nodes where more are connected than there are.
  std::vector<std::uint64_t> overfull() const;

 private:
  const entry* find(std::uint64_t id) const;
  std::vector<entry> entries_;
};

/// Of connections in canonical order, given by the node at one end (equal ids are neighbours), those that nodes with
/// too few elements lose: positions, ascending.
std::vector<std::size_t> chosen_to_go(std::span<const std::uint64_t> nodes, const element_table& elements,
                                      structural_draws& draws);

using node_pair = std::pair<std::uint64_t, std::uint64_t>;  // source, target

/// Vacant elements on both sides, paired at random: as many pairs as the smaller side has elements; ascending.
std::vector<node_pair> paired(const element_table& pre, const element_table& post, structural_draws& draws);

}  // namespace volley::runtime
