// The halves of 64 bits as words of 32: rows and batches keep the low one of a node's id, which is all of it
// (max_node_id), and counters of draws take both.
#pragma once
#include <cstdint>

namespace volley::runtime {

constexpr std::uint32_t low_half(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
constexpr std::uint32_t high_half(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace volley::runtime
