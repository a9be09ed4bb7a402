// Orders and what comes back as bytes, between processes of one build. Errors: std::invalid_argument for bytes that are
// no such thing.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/shard/order.hpp"

namespace volley::runtime {

std::vector<std::byte> encoded(const order& o);
std::vector<std::byte> encoded(const reply& r);
std::vector<std::byte> encoded(const refusal& r);
order decoded_order(std::span<const std::byte> bytes);
reply decoded_reply(std::span<const std::byte> bytes);
refusal decoded_refusal(std::span<const std::byte> bytes);

}  // namespace volley::runtime
