// Expressions without branches for many sites at once: each step goes over a column of sites.
#pragma once
#include <span>

#include "runtime/values/draw_site.hpp"
#include "runtime/values/expression_program.hpp"

namespace volley::runtime {

/// Fills `out`, one value a site, as program.run() would. False, and nothing done, for a program that takes other steps
/// at one site than at another: with a conditional, a redraw, or draws of whole numbers. Errors: as run().
bool evaluate_columns(const expression_program& program, const draw_sites& sites, std::span<double> out);

}  // namespace volley::runtime
