// Sixteen blocks of Philox4x32-10 with consecutive counters at once, for bulk draws of one owner. Each word sits in a
// 64-bit lane, where the only multiplication of 32 x 32 bits that all instruction sets have leaves both halves of the
// product.
#pragma once
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include <array>
#include <bit>

#include "models/core/lanes.hpp"

namespace volley::models {

/// Products of the low halves of all lanes with one factor.
template <class Isa> struct low_product;
template <> struct low_product<isa::scalar> {
  static std::uint64_t of(std::uint64_t a, std::uint32_t b) { return (a & 0xffffffff) * b; }
};
#ifdef __SSE2__
template <> struct low_product<isa::sse2> {
  using words = isa::sse2::words;
  static words of(words a, std::uint32_t b) {
    return std::bit_cast<words>(_mm_mul_epu32(std::bit_cast<__m128i>(a), _mm_set1_epi64x(b)));
  }
};
#endif
#ifdef __AVX2__
template <> struct low_product<isa::avx2> {
  using words = isa::avx2::words;
  static words of(words a, std::uint32_t b) {
    return std::bit_cast<words>(_mm256_mul_epu32(std::bit_cast<__m256i>(a), _mm256_set1_epi64x(b)));
  }
};
#endif
#ifdef __AVX512F__
template <> struct low_product<isa::avx512> {
  using words = isa::avx512::words;
  static words of(words a, std::uint32_t b) {
    // All lanes, by a mask: g++ 12 warns of an uninitialised value in the form without.
    return std::bit_cast<words>(_mm512_maskz_mul_epu32(0xff, std::bit_cast<__m512i>(a), _mm512_set1_epi64(b)));
  }
};
#endif

/// Moves 32-bit numbers into the low halves of lanes, and the low halves back.
template <class Isa> struct halves {
  static typename Isa::words load(const std::uint32_t* from) {
    narrow n;
    __builtin_memcpy(&n, from, sizeof n);
    return __builtin_convertvector(n, typename Isa::words);
  }
  static void store(typename Isa::words lanes, std::int32_t* to) {
    const narrow n = __builtin_convertvector(lanes, narrow);
    __builtin_memcpy(to, &n, sizeof n);
  }

 private:
  using narrow = typename Isa::half_words;
};
template <> struct halves<isa::scalar> {
  static std::uint64_t load(const std::uint32_t* from) { return *from; }
  static void store(std::uint64_t lane, std::int32_t* to) { *to = static_cast<std::int32_t>(lane); }
};

/// Several vectors of blocks in flight, to hide the latency of the ten rounds.
template <class Isa> struct philox_vectors {
  using words = typename Isa::words;
  static constexpr int vectors = Isa::width == 1 ? 1 : 2;
  static constexpr std::uint32_t blocks = vectors * Isa::width;

  words word[4][vectors];  ///< [word of the block][vector]; after run() only the low half of each lane counts

  void run(std::array<std::uint32_t, 2> key) {
    auto [k0, k1] = key;
    for (int round = 0; round < 10; ++round) {
      for (int v = 0; v < vectors; ++v) {
        const words a = low_product<Isa>::of(word[0][v], 0xD2511F53), b = low_product<Isa>::of(word[2][v], 0xCD9E8D57);
        word[0][v] = (b >> 32) ^ word[1][v] ^ (words{} + k0);
        word[2][v] = (a >> 32) ^ word[3][v] ^ (words{} + k1);
        word[1][v] = b;
        word[3][v] = a;
      }
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
  }
};

}  // namespace volley::models
