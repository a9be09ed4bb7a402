// The value type of hot code: `lanes<Isa>` is one vector register of doubles, so that a model's step is written once
// and compiled for each instruction set. The set is part of the type, hence of every mangled name: objects compiled
// with other flags can never be merged by the linker. The same source with `double` is the reference. Authors of models
// use `select max min abs any` and `mask_of`; `ops<V>` is for the library.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

namespace volley::models {

/// Instruction sets. The vector types are members of plain structs because g++ 12 drops `vector_size` on dependent
/// types. `bitmap` (one bit per lane) exists only where the compiler may use the set, so that use elsewhere does not
/// compile.
namespace isa {

struct scalar {
  using values = double;
  using words = std::uint64_t;
  using truth = bool;
  static constexpr int width = 1;
  static std::uint32_t bitmap(truth m) { return m; }
};
struct sse2 {
  typedef double values __attribute__((vector_size(16)));
  typedef std::uint64_t words __attribute__((vector_size(16)));
  typedef std::uint32_t half_words __attribute__((vector_size(8)));
  typedef std::int64_t truth __attribute__((vector_size(16)));
  static constexpr int width = 2;
#ifdef __SSE2__
  static std::uint32_t bitmap(truth m) {
    return static_cast<std::uint32_t>(__builtin_ia32_movmskpd(reinterpret_cast<values>(m)));
  }
#endif
};
struct avx2 {
  typedef double values __attribute__((vector_size(32)));
  typedef std::uint64_t words __attribute__((vector_size(32)));
  typedef std::uint32_t half_words __attribute__((vector_size(16)));
  typedef std::int64_t truth __attribute__((vector_size(32)));
  static constexpr int width = 4;
#ifdef __AVX2__
  static std::uint32_t bitmap(truth m) {
    return static_cast<std::uint32_t>(__builtin_ia32_movmskpd256(reinterpret_cast<values>(m)));
  }
#endif
};
struct avx512 {
  typedef double values __attribute__((vector_size(64)));
  typedef std::uint64_t words __attribute__((vector_size(64)));
  typedef std::uint32_t half_words __attribute__((vector_size(32)));
  typedef std::int64_t truth __attribute__((vector_size(64)));
  static constexpr int width = 8;
#ifdef __AVX512DQ__
  static std::uint32_t bitmap(truth m) {
    typedef long long as_builtin __attribute__((vector_size(64)));
    return __builtin_ia32_cvtq2mask512(reinterpret_cast<as_builtin>(m));
  }
#endif
};

/// One double, in code that is compiled for a set: it has the set in its name, as vectors have.
template <class Isa> struct one_of : scalar {};

}  // namespace isa

/// The truth value of each lane.
template <class Isa> struct mask {
  typename Isa::truth raw;

  friend mask operator&(mask a, mask b) { return {static_cast<typename Isa::truth>(a.raw & b.raw)}; }
  friend mask operator|(mask a, mask b) { return {static_cast<typename Isa::truth>(a.raw | b.raw)}; }
  friend mask operator!(mask a) { return {static_cast<typename Isa::truth>(!a.raw)}; }
  explicit operator bool() const requires(Isa::width == 1) { return raw; }
};

/// A register of doubles. Arithmetic is lane by lane; a double stands for itself in all lanes.
template <class Isa> struct lanes {
  typename Isa::values raw;

  lanes() = default;
  lanes(double x) : raw(typename Isa::values{} + x) {}
  lanes(int x) : lanes(static_cast<double>(x)) {}
  static lanes of(typename Isa::values v) {
    lanes result;
    result.raw = v;
    return result;
  }

  friend lanes operator+(lanes a, lanes b) { return of(a.raw + b.raw); }
  friend lanes operator-(lanes a, lanes b) { return of(a.raw - b.raw); }
  friend lanes operator*(lanes a, lanes b) { return of(a.raw * b.raw); }
  friend lanes operator/(lanes a, lanes b) { return of(a.raw / b.raw); }
  friend lanes operator-(lanes a) { return of(-a.raw); }
  lanes& operator+=(lanes b) { return *this = *this + b; }
  lanes& operator-=(lanes b) { return *this = *this - b; }
  lanes& operator*=(lanes b) { return *this = *this * b; }

  friend mask<Isa> operator<(lanes a, lanes b) { return {a.raw < b.raw}; }
  friend mask<Isa> operator<=(lanes a, lanes b) { return {a.raw <= b.raw}; }
  friend mask<Isa> operator>(lanes a, lanes b) { return {a.raw > b.raw}; }
  friend mask<Isa> operator>=(lanes a, lanes b) { return {a.raw >= b.raw}; }
  friend mask<Isa> operator==(lanes a, lanes b) { return {a.raw == b.raw}; }
};

/// What library functions need of a value type; `words` are its lanes as 64-bit integers.
template <class V> struct ops;

template <> struct ops<double> {
  using truth = bool;
  using words = std::uint64_t;
  static constexpr int width = 1;
  static words bits(double x) { return std::bit_cast<words>(x); }
  static double from_bits(words w) { return std::bit_cast<double>(w); }
  static double select(bool m, double a, double b) { return m ? a : b; }
  static words select(bool m, words a, words b) { return m ? a : b; }
  static bool any(bool m) { return m; }
};

template <class Isa> struct ops<lanes<Isa>> {
  using V = lanes<Isa>;
  using truth = mask<Isa>;
  using words = typename Isa::words;
  static constexpr int width = Isa::width;

  static V load(const double* from) {
    V result;
    std::memcpy(&result.raw, from, sizeof result.raw);
    return result;
  }
  static void store(double* to, V v) { std::memcpy(to, &v.raw, sizeof v.raw); }
  static words bits(V v) { return std::bit_cast<words>(v.raw); }
  /// 0, 1, 2, ...
  static words counting() {
    constexpr std::uint64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    words result;
    std::memcpy(&result, numbers, sizeof result);
    return result;
  }
  static V from_bits(words w) { return V::of(std::bit_cast<typename Isa::values>(w)); }
  static V select(truth m, V a, V b) { return V::of(m.raw ? a.raw : b.raw); }
  static words select(truth m, words a, words b) { return m.raw ? a : b; }

  /// One bit per lane, lane 0 lowest.
  static std::uint32_t bitmap(truth m) { return Isa::bitmap(m.raw); }
  static bool any(truth m) { return bitmap(m) != 0; }
  static double lane(V v, int i) {
    if constexpr (width == 1)
      return v.raw;
    else
      return v.raw[i];
  }
};

/// A double or lanes of doubles.
template <class V> concept value_like = requires { ops<V>::width; };

template <class V> using mask_of = typename ops<V>::truth;

template <class Isa> lanes<Isa> select(mask<Isa> m, lanes<Isa> a, lanes<Isa> b) {
  return ops<lanes<Isa>>::select(m, a, b);
}
template <class Isa> lanes<Isa> select(mask<Isa> m, lanes<Isa> a, double b) { return select(m, a, lanes<Isa>(b)); }
template <class Isa> lanes<Isa> select(mask<Isa> m, double a, lanes<Isa> b) { return select(m, lanes<Isa>(a), b); }
template <class Isa> lanes<Isa> max(lanes<Isa> a, lanes<Isa> b) { return select(a < b, b, a); }
template <class Isa> lanes<Isa> min(lanes<Isa> a, lanes<Isa> b) { return select(b < a, b, a); }
template <class Isa> lanes<Isa> max(lanes<Isa> a, double b) { return max(a, lanes<Isa>(b)); }
template <class Isa> lanes<Isa> min(lanes<Isa> a, double b) { return min(a, lanes<Isa>(b)); }
template <class Isa> bool any(mask<Isa> m) { return ops<lanes<Isa>>::any(m); }

// The same words for the reference in plain doubles.
inline double select(bool m, double a, double b) { return m ? a : b; }
inline double max(double a, double b) { return a < b ? b : a; }
inline double min(double a, double b) { return b < a ? b : a; }
inline bool any(bool m) { return m; }

/// Magnitude: the sign bit cleared.
template <value_like V> V abs(V x) {
  using O = ops<V>;
  return O::from_bits(O::bits(x) & ~(typename O::words{} + (std::uint64_t{1} << 63)));
}

}  // namespace volley::models
