// How many of a line's 16 ascending stamps are at most a number: one comparison of all. Words of the compiler instead
// of <immintrin.h>, which takes longer to read than a model's loops take to compile.
#pragma once
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
  typedef std::int32_t words __attribute__((vector_size(16), may_alias));
  typedef std::int16_t halves __attribute__((vector_size(16)));
  typedef char bytes __attribute__((vector_size(16)));
  words stamps[4];
  explicit line_of_stamps(const std::int32_t* line) {
    for (int i = 0; i < 4; ++i) stamps[i] = reinterpret_cast<const words*>(line)[i];
  }
  std::uint32_t upto(std::int32_t x) const {
    const words all = words{} + x;
    const auto packed = [&](int i) -> halves {
      return __builtin_ia32_packssdw128(stamps[i] > all, stamps[i + 1] > all);
    };
    const auto larger = reinterpret_cast<bytes>(__builtin_ia32_packsswb128(packed(0), packed(2)));
    // Ascending: the first larger one tells how many are not.
    return static_cast<std::uint32_t>(
        __builtin_ctz(static_cast<unsigned>(__builtin_ia32_pmovmskb128(larger)) | 1u << 16));
  }
};
#endif

#ifdef __AVX2__
template <> struct line_of_stamps<models::isa::avx2> {
  typedef std::int32_t words __attribute__((vector_size(32), may_alias));
  typedef float floats __attribute__((vector_size(32)));
  words low, high;
  explicit line_of_stamps(const std::int32_t* line)
      : low(reinterpret_cast<const words*>(line)[0]), high(reinterpret_cast<const words*>(line)[1]) {}
  std::uint32_t upto(std::int32_t x) const {
    const words all = words{} + x;
    const auto larger = [&](words part) {
      return static_cast<unsigned>(__builtin_ia32_movmskps256(reinterpret_cast<floats>(part > all)));
    };
    return static_cast<std::uint32_t>(__builtin_ctz(larger(low) | larger(high) << 8 | 1u << 16));
  }
};
#endif

#ifdef __AVX512F__
template <> struct line_of_stamps<models::isa::avx512> {
  typedef std::int32_t words __attribute__((vector_size(64), may_alias));
  words stamps;
  explicit line_of_stamps(const std::int32_t* line) : stamps(*reinterpret_cast<const words*>(line)) {}
  std::uint32_t upto(std::int32_t x) const {
    constexpr int at_most = 2;
    const auto mask = __builtin_ia32_cmpd512_mask(stamps, words{} + x, at_most, static_cast<std::uint16_t>(-1));
    return static_cast<std::uint32_t>(__builtin_popcount(static_cast<std::uint16_t>(mask)));
  }
};
#endif

}  // namespace volley::runtime
