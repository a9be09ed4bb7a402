// A validated connection rule: who may be connected, how many times, and the numbers that decide. Immutable, and shared
// by all VPs, each of which walks its own part (runtime/rules/walk.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/rules/spatial_rule.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

enum class rule_kind : std::uint8_t {
  all_to_all,
  fixed_indegree,
  fixed_outdegree,
  fixed_total_number,
  one_to_one,
  pairwise_bernoulli,
  pairwise_poisson,
  symmetric_pairwise_bernoulli,
  third_factor_bernoulli_with_pool  ///< follows another rule; in no Connect call of its own
};

/// As PyNEST spells it.
const char* to_string(rule_kind kind);

/// Names of all rules that Connect takes, sorted.
std::vector<std::string> connection_rules();

/// The number a rule depends on: nothing, a count (degrees, N), a real number (probability, mean), or a Parameter that
/// is evaluated per node (degrees) or per pair. Parameters without draws are counts or real numbers already.
using rule_number = std::variant<std::monostate, std::int64_t, double, parameter_ref>;

/// Largest number of connections of one node in one call.
inline constexpr std::int64_t max_degree = (std::int64_t{1} << 31) - 1;

struct third_factor;

struct rule_spec {
  rule_kind kind = rule_kind::all_to_all;
  node_set sources, targets;
  std::uint32_t seed = 0;
  std::uint32_t call = 0;  ///< ordinal of the call since the seed was set: with the seed, the owner of all draws
  bool allow_autapses = true;
  bool allow_multapses = true;
  bool make_symmetric = false;
  rule_number number;
  std::shared_ptr<const spatial_rule> space;  ///< null: where the nodes are plays no part
  /// Of a rule that follows another: these are connections into the third-factor nodes, or out of them.
  std::shared_ptr<const third_factor> third;
  bool out_of_third = false;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, rule_kind::third_factor_bernoulli_with_pool);
    s(sources, targets, seed, call, allow_autapses, allow_multapses, make_symmetric, number, space, third,
      out_of_third);
    if constexpr (Snapshot::loads)
      if ((kind == rule_kind::third_factor_bernoulli_with_pool) != (third != nullptr)) s.refuse();
  }
  bool has_fixed_degree() const { return kind == rule_kind::fixed_indegree || kind == rule_kind::fixed_outdegree; }
};

/// Which nodes take part in the connections of another rule (runtime/rules/third_factor.hpp).
struct third_factor {
  std::shared_ptr<const rule_spec> primary;
  node_set nodes;
  double p = 1;                 ///< chance that a connection has such a node
  std::uint32_t pool_size = 1;  ///< a target draws its nodes from so many of them
  bool blocks = false;          ///< pools are neighbours; else each target draws its own
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(primary, nodes, p, pool_size, blocks);
    if constexpr (Snapshot::loads)
      if (primary == nullptr || primary->third != nullptr || nodes.empty() || pool_size < 1 || pool_size > nodes.size())
        s.refuse();
  }
};

/// True when who is connected depends on where the nodes are.
bool draws_in_space(const rule_spec& spec);

/// True when the rule's number is a Parameter that may draw what the rule refuses: a degree that cannot be met, a
/// probability that is no number, a mean that is too large.
bool may_be_refused(const rule_spec& spec);

/// Reads conn_spec. Errors (contract, section 10.1):
/// - IllegalConnection: no sources or no targets
/// - builtins.KeyError: "rule" is missing; builtins.TypeError: it is no text
/// - BadProperty: unknown rule; numbers outside their range; degrees that cannot be met; symmetric rule without the
/// flags
///   it insists on
/// - builtins.IndexError: the rule's number is missing; TypeMismatch: it has another type
/// - DimensionMismatch: one_to_one of different sizes
/// - NotImplemented: make_symmetric or a ban on multapses where the rule has none
/// - UnaccessedDictionaryEntry: a key the rule does not know, where `unknown` says so
rule_spec parse_rule(const dictionary& conn_spec, node_set sources, node_set targets, std::uint32_t seed,
                     std::uint32_t call, unknown_keys& unknown);

/// True when a Connect call is about positions (contract, section 13.4): a spatial Parameter, a mask, a probability
/// beside another rule.
bool asks_for_space(const dictionary& conn_spec, const std::vector<dictionary>& synapses);

/// Reads conn_spec of a call that asks for space. `source_layer`, `target_layer`: null where the nodes lie in none.
/// Errors (contract, section 13.4), beside those of parse_rule for what both share:
/// - builtins.TypeError: nodes without positions
/// - builtins.ValueError: a rule or a key that is not for space
/// - BadProperty: layers or masks that do not fit; a negative degree
/// - BadParameterValue, KernelException: Parameters that read what pairs of these layers do not have
rule_spec parse_rule_in_space(const dictionary& conn_spec, node_set sources, node_set targets, layer_ref source_layer,
                              layer_ref target_layer, std::uint32_t seed, std::uint32_t call, unknown_keys& unknown);

/// Errors: as parse_rule_in_space, for a Parameter `what` that is to have a value for each pair.
void require_of_pairs(const parameter& p, const spatial_rule& space, const std::string& what);

/// The same; keys that the rule does not know are errors.
inline rule_spec parse_rule(const dictionary& conn_spec, node_set sources, node_set targets, std::uint32_t seed,
                            std::uint32_t call) {
  unknown_keys errors;
  return parse_rule(conn_spec, std::move(sources), std::move(targets), seed, call, errors);
}

/// True when each connection comes with its reverse, as gap junctions demand: make_symmetric, or all_to_all of one set.
bool makes_both_directions(const rule_spec& spec);

/// Shape of an array of values in syn_spec. One dimension: `columns` entries, `rows` is 0. Two: row-major rows x
/// columns.
struct array_shape {
  std::uint64_t rows = 0, columns = 0;
  bool operator==(const array_shape&) const = default;
};

/// The legal shape for this rule, if arrays are possible at all (not for Bernoulli, Poisson and third-factor rules nor
/// random degrees).
std::optional<array_shape> shape_of_arrays(const rule_spec& spec);

}  // namespace volley::runtime
