// libFuzzer's entry for fuzz::request_target.
#include <cstdint>

#include "protocol/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  volley::protocol::fuzz::request_target(std::as_bytes(std::span(data, size)));
  return 0;
}
