// Bulk draws of indices below a bound, all equally likely, for one owner: the sources of a target, the targets of a source.
// The draw with a given number is the same on every instruction set and however many are asked for.
#pragma once
#include <cstdint>
#include <span>

#include "models/core/index_kernels.hpp"
#include "models/core/random.hpp"

namespace volley::models {

/// Counter word 3 of bulk draws counts the attempts of a rejected draw; other draws of the same owner use this and above.
inline constexpr std::uint32_t first_free_attempt = 0xffff0000;

/// Fills `out`, whole tiles, with draws number first_tile * 64 and on. Exact (Lemire 2019): a word that would favour some
/// indices is drawn again. bound >= 1.
void uniform_indices(random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out);

/// The same with the kernel of the caller's choice.
void uniform_indices(index_kernel kernel, random_key key, std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                     std::span<std::uint32_t> out);

}  // namespace volley::models
