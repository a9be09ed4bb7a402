// Which synaptic elements connections occupy, and which they leave: counted for the nodes at both of their ends.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/growth/element_counts.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {

/// Of the connections of a rule, which are drawn once for this, on all VPs at once. `each`: 1 for connections that
/// come, -1 for those that go. Errors: those of rule_walk.
std::vector<element_use> uses_of(const rule_spec& rule, const element_names& names, std::int64_t each);
/// Of connections given by their ends; ids may repeat.
std::vector<element_use> uses_of(std::span<const std::uint64_t> sources, std::span<const std::uint64_t> targets,
                                 const element_names& names, std::int64_t each);

}  // namespace volley::runtime
