// Vectors for large pools: not zeroed when they grow, on huge pages where the system has them.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace volley::runtime {

/// Allocates at cache lines, asks for huge pages from 4 MiB on, and leaves trivial elements uninitialised on resize().
template <class T>
struct pool_allocator {
  using value_type = T;
  static constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

  pool_allocator() = default;
  template <class U>
  pool_allocator(const pool_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (n > std::size_t(-1) / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t bytes = n * sizeof(T);
    // Through the program's operator new, so that a test can take memory away.
    void* p = ::operator new(bytes, alignment_of(n));
    if (is_huge(n)) madvise(p, bytes, MADV_HUGEPAGE);  // advice only: a refusal costs speed, not correctness
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) noexcept { ::operator delete(p, alignment_of(n)); }

  static constexpr bool is_huge(std::size_t n) { return n * sizeof(T) >= 2 * huge_page_bytes; }
  static constexpr std::align_val_t alignment_of(std::size_t n) {
    return static_cast<std::align_val_t>(is_huge(n) ? huge_page_bytes : 64);
  }

  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    if constexpr (sizeof...(Args) == 0 && std::is_trivially_default_constructible_v<U>) {
      ::new (static_cast<void*>(p)) U;
    } else {
      ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
    }
  }
  template <class U>
  bool operator==(const pool_allocator<U>&) const noexcept { return true; }
};

template <class T>
using pool = std::vector<T, pool_allocator<T>>;

}  // namespace volley::runtime
