// The expressions that nearly all networks use - one distribution, or a redraw of one - for many sites at once, on
// vectors.
#pragma once
#include <span>

#include "runtime/values/draw_site.hpp"
#include "runtime/values/expression_program.hpp"

namespace volley::runtime {

/// Fills `out`, one value per site, as program.run() would, when the program is a uniform, normal or lognormal draw or
/// the redraw of one. False, and nothing done, for any other program.
bool draw_at_once(const expression_program& program, const draw_sites& sites, std::span<double> out);

/// The same for two programs at the places sites.place, an even one, and sites.place + 1, when both take normal
/// variates: each block of random words serves both.
bool draw_both_at_once(const expression_program& even, const expression_program& odd, const draw_sites& sites,
                       std::span<double> even_out, std::span<double> odd_out);

/// Draw number `draw` at each site: uniform in [0, 1), and both normal ones of its place and of the place beside it.
void uniforms_at(const draw_sites& sites, std::uint32_t draw, std::span<double> out);
void normals_at(const draw_sites& sites, std::uint32_t draw, std::span<double> first, std::span<double> second);

}  // namespace volley::runtime
