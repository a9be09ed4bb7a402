// Which terms are well formed, and the domains of their numbers (contract, sections 12.2, 12.3 and 13.3).
#pragma once
#include <cstddef>
#include <span>

#include "runtime/values/term.hpp"

namespace volley::runtime {

/// Errors for the term at `index` of a tree: BadParameter for a malformed one; BadProperty, BadParameterValue or
/// TypeMismatch for a number outside its domain.
void check_term(const term& t, std::size_t index);

/// True for leaves that draw.
bool is_draw(operation what);

/// True for leaves that read positions and functions of them.
bool is_spatial(operation what);

}  // namespace volley::runtime
