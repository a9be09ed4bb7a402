// CRC32C (Castagnoli), the checksum of every frame: 22 % of corrupted messages still parse, so parsing proves nothing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace volley::protocol {

/// The checksum of `data`, continuing `seed` (the checksum of what came before). Uses the processor's instruction where
/// there is one; the result is the same.
std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t seed = 0);

/// The same by table, on any processor.
std::uint32_t crc32c_portable(std::span<const std::byte> data, std::uint32_t seed = 0);

}  // namespace volley::protocol
