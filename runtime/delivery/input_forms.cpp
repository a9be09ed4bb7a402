#include "runtime/delivery/input_forms.hpp"

#include <algorithm>
#include <iterator>

namespace volley::runtime {
namespace {

template <class F, std::uint32_t Before>
void transmit(const tile_part* parts, std::uint32_t n_parts, const std::uint32_t* slots, const double* amounts) {
  constexpr double factor = F::factor(1, 1, Before, 0);
  for (std::uint32_t part = 0; part < n_parts; ++part) {
    const std::uint32_t count = parts[part].count;
    const row_planes to{parts[part].piece->positive, parts[part].piece->negative};
    for (std::uint32_t n = 0; n < count; ++n)
      add_amount<F>(to, slots[n], F::weighs ? amounts[n] * factor : factor, factor);
    amounts += count;
    slots += count;
  }
}

}  // namespace

transmit_amounts transmission_of(input_form form, std::uint32_t before) {
  return with_form(form, [=](auto f) -> transmit_amounts {
    using F = decltype(f);
    if constexpr (F::is_additive) {
      return transmit<F, 0>;
    } else {
      constexpr transmit_amounts by_number[] = {transmit<F, 0>, transmit<F, 1>, transmit<F, 2>, transmit<F, 3>};
      return by_number[std::min<std::size_t>(before, std::size(by_number) - 1)];
    }
  });
}

}  // namespace volley::runtime
