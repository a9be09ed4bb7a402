#include "runtime/delivery/input_forms.hpp"

namespace volley::runtime {
namespace {

template <class F>
void transmit(const tile_part* parts, std::uint32_t n_parts, const std::uint32_t* slots, const double* amounts) {
  for (std::uint32_t part = 0; part < n_parts; ++part) {
    const std::uint32_t count = parts[part].count;
    double* const positive = parts[part].piece->positive;
    double* const negative = parts[part].piece->negative;
    for (std::uint32_t n = 0; n < count; ++n) {
      const double amount = F::weighs ? amounts[n] : F::factor(1, 1);
      (splits<F> && amount < 0 ? negative : positive)[slots[n]] += amount;
    }
    amounts += count;
    slots += count;
  }
}

}  // namespace

transmit_amounts transmission_of(input_form form) {
  return with_form(form, [](auto f) -> transmit_amounts { return transmit<decltype(f)>; });
}

}  // namespace volley::runtime
