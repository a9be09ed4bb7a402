// The loops of runtime/growth/growth_loops.hpp, compiled once for each instruction set.
#include "models/core/isa_table.hpp"
#include "runtime/growth/growth_loops.hpp"

namespace volley::runtime {
namespace {

using set = models::isa::VOLLEY_ISA;
using V = models::lanes<set>;
using O = models::ops<V>;

template <class Slope> void add_steps(const Slope& slope, std::size_t times, euler_steps& at) {
  constexpr std::size_t n = euler_steps::at_once / set::width;
  V Ca[n], sums[n];
  for (std::size_t i = 0; i < n; ++i) {
    Ca[i] = O::load(&at.Ca[i * set::width]);
    sums[i] = O::load(&at.sums[i * set::width]);
  }
  for (; times > 0; --times)
    for (std::size_t i = 0; i < n; ++i) {
      sums[i] = sums[i] + slope(Ca[i]);
      Ca[i] = Ca[i] * at.decay;
    }
  for (std::size_t i = 0; i < n; ++i) {
    O::store(&at.Ca[i * set::width], Ca[i]);
    O::store(&at.sums[i * set::width], sums[i]);
  }
}

}  // namespace

const growth_loops VOLLEY_JOIN(growth_loops_, VOLLEY_ISA) = {VOLLEY_TEXT(VOLLEY_ISA), add_steps<gaussian_slope>,
                                                             add_steps<sigmoid_slope>};

}  // namespace volley::runtime
