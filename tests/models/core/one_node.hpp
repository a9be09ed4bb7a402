// The entries of a list of one node, in plain numbers.
#pragma once
#include <vector>

#include "models/core/lists.hpp"

namespace volley::models::tests {

template <class L> struct one_node {
  using P = typename L::template params<double>;
  using D = typename L::template derived<double>;
  using S = typename L::template state<double>;
  using I = typename L::template input<double>;
  struct entry {
    P params;
    D derived;
    S state;
    I input;
  };
  std::vector<entry>& all;

  std::uint32_t size() const { return static_cast<std::uint32_t>(all.size()); }
  template <class> P params(std::uint32_t k) const { return all[k].params; }
  template <class> D derived(std::uint32_t k) const { return all[k].derived; }
  template <class> S state(std::uint32_t k) const { return all[k].state; }
  template <class> I input(std::uint32_t k) { return all[k].input; }
  void store(std::uint32_t k, const S& s) { all[k].state = s; }
};

template <class L> using entries_of_one_node = entries<L, double, one_node<L>>;

}  // namespace volley::models::tests
