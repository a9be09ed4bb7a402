// libFuzzer's entry for fuzz::value_target.
#include <cstdint>

#include "protocol/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  volley::protocol::fuzz::value_target(std::as_bytes(std::span(data, size)));
  return 0;
}
