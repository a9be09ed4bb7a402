#include "tests/runtime/loops/stamp_probe.hpp"

namespace volley::runtime::tests {

#define VOLLEY_TEXT(word) #word
#define VOLLEY_NAME(word) VOLLEY_TEXT(word)

template <> stamp_probe make_stamp_probe<models::isa::VOLLEY_ISA>() {
  return {VOLLEY_NAME(VOLLEY_ISA), [](const std::int32_t* stamps, std::int32_t x) {
            return line_of_stamps<models::isa::VOLLEY_ISA>(stamps).upto(x);
          }};
}

}  // namespace volley::runtime::tests
