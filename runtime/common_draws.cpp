#include "runtime/common_draws.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/core/bulk_draws.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

/// Counters of one draw of each site.
models::block_counters counters_of(const draw_sites& sites, std::uint32_t draw) {
  models::block_counters counters{};
  for (std::size_t w = 0; w < 3; ++w) {
    counters.words[w] = sites.owners[w].data();
    counters.varies[w] = sites.owners[w].size() != 1;
  }
  counters.last = draw_site{.key = sites.key, .slot = sites.slot}.counter(draw)[3];
  return counters;
}

bool has_bulk_form(operation what) {
  return what == operation::uniform || what == operation::normal || what == operation::lognormal;
}

/// Draw number `draw` of the leaf at each site.
void draw_leaf(const instruction& leaf, const draw_sites& sites, std::uint32_t draw, std::span<double> out) {
  if (leaf.computes == operation::uniform) models::uniform_numbers(sites.key, counters_of(sites, draw), out);
  else models::normal_numbers(sites.key, counters_of(sites, draw), out);
  if (leaf.computes == operation::normal)
    for (double& x : out) x = leaf.a + leaf.b * x;  // as scaled_draw, in vectors
  else
    for (double& x : out) x = scaled_draw(leaf, x);
}

/// Sites whose value was refused, with their owners side by side.
struct refused_sites {
  std::vector<std::uint32_t> places, owners[3];
  std::vector<double> values;

  void add(const draw_sites& sites, std::uint32_t place) {
    places.push_back(place);
    for (std::size_t w = 0; w < 3; ++w) owners[w].push_back(sites[place].owner[w]);
  }
};

/// Draws again, all that were refused at once, until each value lies in the range. An attempt takes one draw.
void redraw(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  const auto code = program.code();
  const double min = code[2].a, max = code[2].b;
  refused_sites refused;
  constexpr std::size_t stretch = 16;  // most need no look at single values
  for (std::size_t begin = 0; begin < out.size(); begin += stretch) {
    const auto part = out.subspan(begin, std::min(stretch, out.size() - begin));
    unsigned accepted = 1;
    for (const double x : part) accepted &= static_cast<unsigned>(x >= min) & static_cast<unsigned>(x <= max);
    if (accepted) continue;
    for (std::size_t i = 0; i < part.size(); ++i)
      if (!(part[i] >= min && part[i] <= max)) refused.add(sites, static_cast<std::uint32_t>(begin + i));
  }
  for (std::uint32_t draw = 1; !refused.places.empty(); ++draw) {
    if (draw == expression_program::max_attempts) program.run(sites[refused.places.front()]);  // says what is wrong
    refused.values.resize(refused.places.size());
    draw_leaf(code[1], {sites.key, {refused.owners[0], refused.owners[1], refused.owners[2]}, sites.slot}, draw, refused.values);
    refused_sites still;
    for (std::size_t i = 0; i < refused.places.size(); ++i) {
      out[refused.places[i]] = refused.values[i];
      if (!(refused.values[i] >= min && refused.values[i] <= max)) still.add(sites, refused.places[i]);
    }
    refused = std::move(still);
  }
}

}  // namespace

bool draw_at_once(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  const auto code = program.code();
  const bool redrawn = code.size() == 3 && code[0].what == step::redraw_begin && code[2].computes == operation::redraw;
  if (code.size() != 1 && !redrawn) return false;
  const instruction& leaf = code[redrawn ? 1 : 0];
  if (!has_bulk_form(leaf.computes)) return false;
  draw_leaf(leaf, sites, 0, out);
  if (redrawn) redraw(program, sites, out);
  return true;
}

}  // namespace volley::runtime
