#include "runtime/values/common_draws.hpp"

#include <bit>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "models/core/bulk_draws.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

/// What bulk draws can do: one distribution, and the range of its redraw, all numbers where there is none.
struct common_form {
  const instruction* leaf;
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
  bool redrawn = false;

  bool takes_normals() const { return leaf->computes != operation::uniform; }
};

std::optional<common_form> form_of(const expression_program& program) {
  const auto code = program.code();
  const bool redrawn = code.size() == 3 && code[0].what == step::redraw_begin && code[2].computes == operation::redraw;
  if (code.size() != 1 && !redrawn) return std::nullopt;
  common_form form{&code[redrawn ? 1 : 0]};
  const auto what = form.leaf->computes;
  if (what != operation::uniform && what != operation::normal && what != operation::lognormal) return std::nullopt;
  if (redrawn) form = {form.leaf, code[2].a, code[2].b, true};
  return form;
}

models::block_counters counters_of(const draw_sites& sites, const models::random_words& of_one) {
  models::block_counters counters{};
  for (std::size_t w = 0; w < 3; ++w) {
    counters.words[w] = sites.owners[w].data();
    counters.varies[w] = sites.owners[w].size() != 1;
  }
  counters.last = of_one[3];
  return counters;
}

}  // namespace

void uniforms_at(const draw_sites& sites, std::uint32_t draw, std::span<double> out) {
  models::uniform_numbers(sites.key, counters_of(sites, sites[0].counter(draw)), out);
}

void normals_at(const draw_sites& sites, std::uint32_t draw, std::span<double> first, std::span<double> second) {
  models::normal_numbers(sites.key, counters_of(sites, sites[0].counter_of_normals(draw)), first, second);
}

namespace {

/// Draw number `draw` of the distribution at each site, uniform in [0, 1) or standard normal.
void draw_bare(const common_form& form, const draw_sites& sites, std::uint32_t draw, std::span<double> out) {
  if (!form.takes_normals()) return uniforms_at(sites, draw, out);
  thread_local std::vector<double> unused;
  unused.resize(out.size());
  if (sites[0].takes_second_normal())
    normals_at(sites, draw, unused, out);
  else
    normals_at(sites, draw, out, unused);
}

/// Gives bare draws their mean and spread or range. Bit i of `refused` tells whether out[i] lies outside the form's
/// range.
void finish(const common_form& form, std::span<double> out, std::vector<std::uint64_t>& refused) {
  double mean = form.leaf->a, spread = form.leaf->b;
  if (form.leaf->computes != operation::normal) {
    for (double& x : out) x = scaled_draw(*form.leaf, x);
    mean = -0.0;  // adds nothing, not even to the sign of zero
    spread = 1;
  }
  refused.resize((out.size() + 63) / 64);
  models::scale(mean, spread, form.least, form.most, out, refused);  // for a normal leaf, as scaled_draw
}

/// Sites whose value was refused, with their owners side by side.
struct refused_sites {
  std::vector<std::uint32_t> places, owners[3];

  void clear() {
    places.clear();
    for (auto& column : owners) column.clear();
  }
  void add(const draw_sites& sites, std::uint32_t place) {
    places.push_back(place);
    for (std::size_t w = 0; w < 3; ++w) owners[w].push_back(sites[place].owner[w]);
  }
};

template <class Visit> void for_each_bit(std::span<const std::uint64_t> words, Visit&& visit) {
  for (std::size_t w = 0; w < words.size(); ++w)
    for (auto rest = words[w]; rest != 0; rest &= rest - 1)
      visit(static_cast<std::uint32_t>(64 * w + static_cast<std::size_t>(std::countr_zero(rest))));
}

struct redraw_buffers {
  refused_sites again, still;
  std::vector<double> values;
};

/// Draws again what was refused, all at once, until each value lies in the range. An attempt takes one draw.
void redraw(const expression_program& program, const common_form& form, const draw_sites& sites, std::span<double> out,
            std::vector<std::uint64_t>& refused, redraw_buffers& buffers) {
  auto& [again, still, values] = buffers;
  again.clear();
  for_each_bit(refused, [&](std::uint32_t i) { again.add(sites, i); });
  for (std::uint32_t draw = 1; !again.places.empty(); ++draw) {
    if (draw == expression_program::max_attempts) program.run(sites[again.places.front()]);  // says what is wrong
    values.resize(again.places.size());
    draw_bare(form, {sites.key, {again.owners[0], again.owners[1], again.owners[2]}, sites.place}, draw, values);
    finish(form, values, refused);
    for (std::size_t i = 0; i < values.size(); ++i) out[again.places[i]] = values[i];
    still.clear();
    for_each_bit(refused, [&](std::uint32_t i) { still.add(sites, again.places[i]); });
    std::swap(again, still);
  }
}

/// Turns the first draws into values.
void accept(const expression_program& program, const common_form& form, const draw_sites& sites,
            std::span<double> out) {
  thread_local struct {
    std::vector<std::uint64_t> refused;
    redraw_buffers redrawn;
  } kept;  // of one row after the other
  auto& [refused, redrawn] = kept;
  finish(form, out, refused);
  if (form.redrawn) redraw(program, form, sites, out, refused, redrawn);
}

}  // namespace

bool draw_at_once(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  const auto form = form_of(program);
  if (!form) return false;
  draw_bare(*form, sites, 0, out);
  accept(program, *form, sites, out);
  return true;
}

bool draw_both_at_once(const expression_program& even, const expression_program& odd, const draw_sites& sites,
                       std::span<double> even_out, std::span<double> odd_out) {
  const auto form = form_of(even), odd_form = form_of(odd);
  if (!form || !odd_form || !form->takes_normals() || !odd_form->takes_normals()) return false;
  normals_at(sites, 0, even_out, odd_out);
  accept(even, *form, sites, even_out);
  accept(odd, *odd_form, {sites.key, sites.owners, sites.place + 1}, odd_out);
  return true;
}

}  // namespace volley::runtime
