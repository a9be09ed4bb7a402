#include "runtime/common_draws.hpp"

#include <bit>
#include <limits>
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

/// The range of a redraw; all numbers where there is none.
struct accepted_range {
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
};

/// Draw number `draw` of the leaf at each site. Bit i of `refused` tells whether out[i] lies outside the range.
void draw_leaf(const instruction& leaf, const draw_sites& sites, std::uint32_t draw, const accepted_range& range,
               std::span<double> out, std::vector<std::uint64_t>& refused) {
  if (leaf.computes == operation::uniform) models::uniform_numbers(sites.key, counters_of(sites, draw), out);
  else models::normal_numbers(sites.key, counters_of(sites, draw), out);
  double mean = leaf.a, spread = leaf.b;
  if (leaf.computes != operation::normal) {
    for (double& x : out) x = scaled_draw(leaf, x);
    mean = -0.0;  // adds nothing, not even to the sign of zero
    spread = 1;
  }
  refused.resize((out.size() + 63) / 64);
  models::scale(mean, spread, range.least, range.most, out, refused);  // for a normal leaf, as scaled_draw
}

/// Sites whose value was refused, with their owners side by side.
struct refused_sites {
  std::vector<std::uint32_t> places, owners[3];

  void add(const draw_sites& sites, std::uint32_t place) {
    places.push_back(place);
    for (std::size_t w = 0; w < 3; ++w) owners[w].push_back(sites[place].owner[w]);
  }
};

template <class Visit> void for_each_bit(std::span<const std::uint64_t> words, Visit&& visit) {
  for (std::size_t w = 0; w < words.size(); ++w)
    for (auto rest = words[w]; rest != 0; rest &= rest - 1) visit(static_cast<std::uint32_t>(64 * w + static_cast<std::size_t>(std::countr_zero(rest))));
}

/// Draws again what was refused, all at once, until each value lies in the range. An attempt takes one draw.
void redraw(const expression_program& program, const accepted_range& range, const draw_sites& sites, std::span<double> out,
            std::vector<std::uint64_t>& refused) {
  refused_sites again;
  for_each_bit(refused, [&](std::uint32_t i) { again.add(sites, i); });
  std::vector<double> values;
  for (std::uint32_t draw = 1; !again.places.empty(); ++draw) {
    if (draw == expression_program::max_attempts) program.run(sites[again.places.front()]);  // says what is wrong
    values.resize(again.places.size());
    draw_leaf(program.code()[1], {sites.key, {again.owners[0], again.owners[1], again.owners[2]}, sites.slot}, draw, range, values, refused);
    for (std::size_t i = 0; i < values.size(); ++i) out[again.places[i]] = values[i];
    refused_sites still;
    for_each_bit(refused, [&](std::uint32_t i) { still.add(sites, again.places[i]); });
    again = std::move(still);
  }
}

}  // namespace

bool draw_at_once(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  const auto code = program.code();
  const bool redrawn = code.size() == 3 && code[0].what == step::redraw_begin && code[2].computes == operation::redraw;
  if (code.size() != 1 && !redrawn) return false;
  const instruction& leaf = code[redrawn ? 1 : 0];
  if (!has_bulk_form(leaf.computes)) return false;
  const accepted_range range = redrawn ? accepted_range{code[2].a, code[2].b} : accepted_range{};
  thread_local std::vector<std::uint64_t> refused;  // of one row after the other
  draw_leaf(leaf, sites, 0, range, out, refused);
  if (redrawn) redraw(program, range, sites, out, refused);
  return true;
}

}  // namespace volley::runtime
