// How many of a line's 16 ascending stamps are at most a number: one comparison of all.
#pragma once
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "models/core/lanes.hpp"
#include "runtime/loops/spike_lines.hpp"

namespace volley::runtime {

static_assert(spike_lines::depth == 16);

/// The stamps of one line, which start at a cache line.
template <class Isa> struct line_of_stamps;

template <> struct line_of_stamps<models::isa::scalar> {
  const std::int32_t* stamps;
  explicit line_of_stamps(const std::int32_t* line) : stamps(line) {}
  std::uint32_t upto(std::int32_t x) const {
    std::uint32_t n = 0;
    for (int i = 0; i < 16; ++i) n += stamps[i] <= x;
    return n;
  }
};

#ifdef __SSE2__
template <> struct line_of_stamps<models::isa::sse2> {
  __m128i stamps[4];
  explicit line_of_stamps(const std::int32_t* line) {
    for (int i = 0; i < 4; ++i) stamps[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(line) + i);
  }
  std::uint32_t upto(std::int32_t x) const {
    const __m128i all = _mm_set1_epi32(x);
    const __m128i low = _mm_packs_epi32(_mm_cmpgt_epi32(stamps[0], all), _mm_cmpgt_epi32(stamps[1], all));
    const __m128i high = _mm_packs_epi32(_mm_cmpgt_epi32(stamps[2], all), _mm_cmpgt_epi32(stamps[3], all));
    // Ascending: the first larger one tells how many are not.
    return static_cast<std::uint32_t>(__builtin_ctz(static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high))) | 1u << 16));
  }
};
#endif

#ifdef __AVX2__
template <> struct line_of_stamps<models::isa::avx2> {
  __m256i low, high;
  explicit line_of_stamps(const std::int32_t* line)
      : low(_mm256_load_si256(reinterpret_cast<const __m256i*>(line))),
        high(_mm256_load_si256(reinterpret_cast<const __m256i*>(line) + 1)) {}
  std::uint32_t upto(std::int32_t x) const {
    const __m256i all = _mm256_set1_epi32(x);
    const auto larger = [&](__m256i part) {
      return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(part, all))));
    };
    return static_cast<std::uint32_t>(__builtin_ctz(larger(low) | larger(high) << 8 | 1u << 16));
  }
};
#endif

#ifdef __AVX512F__
template <> struct line_of_stamps<models::isa::avx512> {
  __m512i stamps;
  explicit line_of_stamps(const std::int32_t* line) : stamps(_mm512_load_si512(line)) {}
  std::uint32_t upto(std::int32_t x) const {
    return static_cast<std::uint32_t>(__builtin_popcount(_mm512_cmple_epi32_mask(stamps, _mm512_set1_epi32(x))));
  }
};
#endif

}  // namespace volley::runtime
