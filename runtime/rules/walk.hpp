// The connections of one rule that one VP stores: those whose target lives there. A walk draws them; it holds nothing
// but the batch at hand, so it is walked once to count and once to fill, with the same result.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "runtime/base/layout.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {

enum class endpoint : std::uint8_t { source, target };

/// Connections that share their target (rules keyed by target) or their source (rules keyed by source). Nodes are named
/// by their positions in the rule's node sets.
struct connection_batch {
  endpoint shared = endpoint::target;
  /// The second direction of make_symmetric: sources are positions in rule_spec::targets, targets in
  /// rule_spec::sources.
  bool reversed = false;
  std::uint32_t one = 0;                     ///< position of the shared endpoint
  std::span<const std::uint32_t> many = {};  ///< positions of the other endpoint, in draw order
  std::uint64_t first_entry = 0;
  std::span<const std::uint32_t> entry_offsets = {};  ///< empty: 0, 1, 2, ...

  std::size_t size() const { return many.size(); }
  std::uint32_t source(std::size_t i) const { return shared == endpoint::source ? one : many[i]; }
  std::uint32_t target(std::size_t i) const { return shared == endpoint::target ? one : many[i]; }
  /// Row-major position of connection i in an array of the shape shape_of_arrays() tells.
  std::uint64_t entry(std::size_t i) const { return first_entry + (entry_offsets.empty() ? i : entry_offsets[i]); }
};

/// One rule at work.
class batch_source {
 public:
  virtual ~batch_source() = default;
  /// The next batches, at least one, each of at least one connection; none at the end. Valid until the next call.
  /// Errors: BadProperty where a drawn degree or probability cannot be met.
  virtual std::span<const connection_batch> next() = 0;
};

/// Order of the connections: targets ascending, within a target as drawn (rules keyed by target); sources ascending,
/// within a source as drawn (fixed_outdegree). With make_symmetric all forward connections come before all reverse
/// ones. A VP's walk is the walk of a single VP without the connections of other VPs.
class rule_walk {
 public:
  /// `spec` must outlive the walk.
  rule_walk(const rule_spec& spec, const layout& place);

  /// As batch_source::next().
  std::span<const connection_batch> next() { return source_->next(); }

  /// Calls visit(const connection_batch&) for every batch.
  template <class Visit> void for_each(Visit&& visit) {
    for (auto batches = next(); !batches.empty(); batches = next())
      for (const connection_batch& batch : batches) visit(batch);
  }

 private:
  std::unique_ptr<batch_source> source_;
};

}  // namespace volley::runtime
