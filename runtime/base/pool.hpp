// Vectors for large pools: not zeroed when they grow, ready for huge pages.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace volley::runtime {

/// Allocates at cache lines, and leaves trivial elements uninitialised on resize(). From 256 KiB on memory comes from
/// the system and goes back to it at once, so that what is freed while a network is built is not held beside what is
/// made; from 4 MiB on it begins at a huge page.
template <class T> struct pool_allocator {
  using value_type = T;
  static constexpr std::size_t cache_line = 64, page = 4096, huge_page = std::size_t{2} << 20;
  static constexpr std::size_t mapped_from = std::size_t{256} << 10, huge_from = 2 * huge_page;

  pool_allocator() = default;
  template <class U> pool_allocator(const pool_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (n > std::size_t(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t bytes = n * sizeof(T);
    // Small ones through the program's operator new, so that a test can take memory away.
    if (bytes < mapped_from) return static_cast<T*>(::operator new (bytes, std::align_val_t{cache_line}));
    void* const p = map(rounded(bytes, page));
    if (p == nullptr) throw std::bad_alloc();
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) noexcept {
    if (n * sizeof(T) < mapped_from)
      ::operator delete (p, std::align_val_t{cache_line});
    else
      munmap(p, rounded(n * sizeof(T), page));
  }

  template <class U, class... Args> void construct(U* p, Args&&... args) {
    if constexpr (sizeof...(Args) == 0 && std::is_trivially_default_constructible_v<U>) {
      ::new (static_cast<void*>(p)) U;
    } else {
      ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
    }
  }
  template <class U> bool operator==(const pool_allocator<U>&) const noexcept { return true; }

 private:
  static std::size_t rounded(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

  static void* map(std::size_t bytes) {
    // Huge pages need their own alignment: what lies before and behind it is given back.
    const std::size_t spare = bytes >= huge_from ? huge_page : 0;
    void* const all = mmap(nullptr, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) return nullptr;
    if (spare == 0) return all;
    const std::size_t before =
        rounded(reinterpret_cast<std::uintptr_t>(all), huge_page) - reinterpret_cast<std::uintptr_t>(all);
    char* const p = static_cast<char*>(all) + before;
    if (before != 0) munmap(all, before);
    if (before != spare) munmap(p + bytes, spare - before);
    return p;
  }
};

template <class T> using pool = std::vector<T, pool_allocator<T>>;

/// Room for `more` elements at the end of a column that often takes some: a quarter to spare when it has to move.
template <class Column> void make_room(Column& column, std::size_t more) {
  if (column.capacity() - column.size() < more) column.reserve(column.size() + std::max(more, column.size() / 4));
}

/// Asks for the pages of elements begin ... end - 1, which are about to be written: a quarter cheaper than a fault for
/// each.
template <class T> void bring_pages(pool<T>& column, std::size_t begin, std::size_t end) {
  if (column.capacity() * sizeof(T) < pool_allocator<T>::mapped_from || begin >= end) return;
  const auto from =
      reinterpret_cast<std::uintptr_t>(column.data() + begin) / pool_allocator<T>::page * pool_allocator<T>::page;
  madvise(reinterpret_cast<void*>(from), reinterpret_cast<std::uintptr_t>(column.data() + end) - from,
          MADV_POPULATE_WRITE);
}

/// The same for a column that takes `more` elements at its end and has reserved room for all that follow, if any do.
template <class T> void bring_pages_ahead(pool<T>& column, std::size_t more) {
  constexpr std::size_t stretch = (std::size_t{1} << 20) / sizeof(T);
  const std::size_t brought = (column.size() + stretch - 1) / stretch * stretch, needed = column.size() + more;
  if (needed > brought)
    bring_pages(column, brought, std::min(column.capacity(), (needed + stretch - 1) / stretch * stretch));
}

/// Asks the system to collect what is written into huge pages, in its own time. Not asked before: the first touch of a
/// huge page can take a virtual machine's host milliseconds, more than all else of a construction.
template <class T> void collect_pages(pool<T>& full) {
  const std::size_t bytes = full.capacity() * sizeof(T);
  if (bytes >= pool_allocator<T>::huge_from) madvise(full.data(), bytes, MADV_HUGEPAGE);  // a refusal costs speed only
}

}  // namespace volley::runtime
