#include "runtime/shard/order_codec.hpp"

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

std::vector<std::byte> encoded(const order& o) { return bytes_of(o); }
std::vector<std::byte> encoded(const reply& r) { return bytes_of(r); }
std::vector<std::byte> encoded(const refusal& r) { return bytes_of(r); }
order decoded_order(std::span<const std::byte> bytes) { return object_of<order>(bytes); }
reply decoded_reply(std::span<const std::byte> bytes) { return object_of<reply>(bytes); }
refusal decoded_refusal(std::span<const std::byte> bytes) { return object_of<refusal>(bytes); }

}  // namespace volley::runtime
