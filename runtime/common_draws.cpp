#include "runtime/common_draws.hpp"

#include "models/core/bulk_draws.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

/// Counters of draw number 0 of each site.
models::block_counters first_draws(const draw_sites& sites) {
  models::block_counters counters{};
  for (std::size_t w = 0; w < 3; ++w) {
    counters.words[w] = sites.owners[w].data();
    counters.varies[w] = sites.owners[w].size() != 1;
  }
  counters.last = draw_site{.key = sites.key, .slot = sites.slot}.counter(0)[3];
  return counters;
}

/// The bare draws of a leaf, before its own numbers are applied; false for leaves without a bulk form.
bool draw_bare(operation what, const draw_sites& sites, std::span<double> out) {
  switch (what) {
    case operation::uniform: models::uniform_numbers(sites.key, first_draws(sites), out); return true;
    case operation::normal:
    case operation::lognormal: models::normal_numbers(sites.key, first_draws(sites), out); return true;
    default: return false;
  }
}

}  // namespace

bool draw_at_once(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  const auto code = program.code();
  const bool redrawn = code.size() == 3 && code[0].what == step::redraw_begin && code[2].computes == operation::redraw;
  if (code.size() != 1 && !redrawn) return false;
  const instruction& leaf = code[redrawn ? 1 : 0];
  if (!draw_bare(leaf.computes, sites, out)) return false;
  for (double& x : out) x = scaled_draw(leaf, x);
  if (redrawn) {
    const double min = code[2].a, max = code[2].b;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (!(out[i] >= min && out[i] <= max)) out[i] = program.run(sites[i]);  // from its first attempt on
  }
  return true;
}

}  // namespace volley::runtime
