#include "runtime/values/column_evaluation.hpp"

#include <algorithm>
#include <vector>

#include "models/core/distributions.hpp"
#include "models/core/math.hpp"
#include "runtime/values/common_draws.hpp"

namespace volley::runtime {
namespace {

constexpr std::size_t block = 256;  // sites whose columns stay in the first cache

bool is_straight(const expression_program& program) {
  return std::ranges::all_of(program.code(), [](const instruction& i) {
    return i.what == instruction::step::compute && i.computes != operation::redraw &&
           i.computes != operation::uniform_int;
  });
}

/// A step over columns. The common ones are loops that the compiler can turn into vectors.
template <class F> void each(std::span<double> x, F f) {
  for (double& one : x) one = f(one);
}
template <class F> void each(std::span<double> x, std::span<const double> y, F f) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = f(x[i], y[i]);
}

class column_stack {
 public:
  column_stack(const expression_program& program, const draw_sites& sites, std::size_t n, std::vector<double>& memory)
      : program_(program), sites_(sites), n_(n), memory_(memory) {
    memory_.resize((program.depth() + 2) * block);
  }

  void run(std::span<double> out) {
    for (const auto& i : program_.code()) step(i);
    std::ranges::copy(column(0), out.begin());
  }

 private:
  std::span<double> column(std::size_t at) { return std::span(memory_).subspan(at * block, n_); }

  void step(const instruction& i) {
    switch (arity(i.computes)) {
      case 0: return leaf(i, column(top_++));
      case 1: return unary(i, column(top_ - 1));
      default: --top_; return binary(i, column(top_ - 1), column(top_));
    }
  }

  void leaf(const instruction& i, std::span<double> to) {
    switch (i.computes) {
      case operation::constant: std::ranges::fill(to, i.a); return;
      case operation::uniform:
        uniforms_at(sites_, drawn_++, to);
        return each(to, [&](double bare) { return scaled_draw(i, bare); });
      case operation::normal:
      case operation::lognormal: return normals(i, to);
      case operation::exponential: return exponentials(i, to);
      default: return coordinates(i, to);
    }
  }

  void normals(const instruction& i, std::span<double> to) {
    const auto unused = column(program_.depth() + 1);
    const bool second = sites_[0].takes_second_normal();
    normals_at(sites_, drawn_++, second ? unused : to, second ? to : unused);
    each(to, [&](double bare) { return scaled_draw(i, bare); });
  }

  void exponentials(const instruction& i, std::span<double> to) {
    for (std::size_t s = 0; s < n_; ++s)
      to[s] = i.a * models::standard_exponential(models::draw(sites_.key, sites_[s].counter(drawn_)));
    ++drawn_;
  }

  void coordinates(const instruction& i, std::span<double> to) {
    const auto from = sites_.geometry == nullptr ? std::span<const double>() : geometry_column(i, *sites_.geometry);
    if (from.empty()) program_.run(sites_[0]);  // says what is wrong
    if (from.size() == 1)
      std::ranges::fill(to, from[0]);
    else
      std::ranges::copy(from, to.begin());
  }

  void unary(const instruction& i, std::span<double> x) {
    if (i.computes == operation::exp) return each(x, [](double v) { return models::precise_exp(v); });
    if (i.computes == operation::gaussian) {
      const double mean = i.a, std = i.b;
      return each(x, [=](double v) {
        const double ratio = (v - mean) / std;
        return models::precise_exp(-0.5 * (ratio * ratio));
      });
    }
    if (is_spatial_function(i.computes)) return each(x, [f = program_.functions()[i.to]](double v) { return f(v); });
    each(x, [&](double v) { return unary_value(i, v); });
  }

  void binary(const instruction& i, std::span<double> x, std::span<const double> y) {
    switch (i.computes) {
      case operation::add: return each(x, y, [](double a, double b) { return a + b; });
      case operation::subtract: return each(x, y, [](double a, double b) { return a - b; });
      case operation::multiply: return each(x, y, [](double a, double b) { return a * b; });
      case operation::divide: return each(x, y, [](double a, double b) { return a / b; });
      default: break;
    }
    if (is_spatial_function(i.computes))
      return each(x, y, [f = program_.functions()[i.to]](double a, double b) { return f(a, b); });
    each(x, y, [&](double a, double b) { return binary_value(i.computes, a, b); });
  }

  const expression_program& program_;
  const draw_sites& sites_;
  std::size_t n_;
  std::vector<double>& memory_;
  std::size_t top_ = 0;
  std::uint32_t drawn_ = 0;
};

}  // namespace

bool evaluate_columns(const expression_program& program, const draw_sites& sites, std::span<double> out) {
  if (!is_straight(program)) return false;
  if (!program.functions().empty() && (sites.geometry == nullptr || !sites.geometry->of_pairs))
    program.run(sites[0]);                  // says what is wrong
  thread_local std::vector<double> memory;  // of one row after the other
  for (std::size_t begin = 0; begin < out.size(); begin += block) {
    const auto n = std::min(block, out.size() - begin);
    site_geometry geometry;
    const auto part = part_of(sites, begin, n, geometry);
    column_stack(program, part, n, memory).run(out.subspan(begin, n));
  }
  return true;
}

}  // namespace volley::runtime
