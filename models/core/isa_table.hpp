// Tables of functions that are compiled once for each instruction set (bazel/isa.bzl): their names, and how many of
// them a processor can run.
#pragma once
#include <cstddef>

#define VOLLEY_JOIN_(a, b) a##b
#define VOLLEY_JOIN(a, b) VOLLEY_JOIN_(a, b)
#define VOLLEY_TEXT_(a) #a
#define VOLLEY_TEXT(a) VOLLEY_TEXT_(a)

namespace volley::models {

/// Of scalar, sse2, avx2 and avx512, the first so many.
inline std::size_t runnable_sets() {
  return __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 2;
}

}  // namespace volley::models
