// Expressions as users write them, and a site to evaluate them at.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/values/draw_site.hpp"
#include "runtime/values/term.hpp"

namespace volley::runtime {

struct tree {
  std::vector<term> terms;

  tree(double number) : terms{{operation::constant, {}, {number}}} {}
  explicit tree(std::vector<term> t) : terms(std::move(t)) {}
};

inline tree apply(operation what, const std::vector<tree>& arguments, std::vector<double> numbers = {}) {
  std::vector<term> terms;
  term last{what, {}, std::move(numbers)};
  for (const tree& argument : arguments) {
    const auto offset = static_cast<std::uint32_t>(terms.size());
    for (term t : argument.terms) {
      for (auto& index : t.arguments) index += offset;
      terms.push_back(t);
    }
    last.arguments.push_back(static_cast<std::uint32_t>(terms.size() - 1));
  }
  terms.push_back(last);
  return tree(terms);
}
inline tree uniform(double min, double max) { return apply(operation::uniform, {}, {min, max}); }
inline tree normal(double mean, double std) { return apply(operation::normal, {}, {mean, std}); }

inline draw_site site(std::uint32_t source, std::uint32_t target = 2, std::uint32_t multapse = 0,
                      std::uint32_t place = 1) {
  return connection_site(7, 3, source, target, multapse, place);
}

}  // namespace volley::runtime
