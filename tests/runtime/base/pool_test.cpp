#include "runtime/base/pool.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace volley::runtime {
namespace {

using allocator = pool_allocator<double>;
constexpr std::size_t mapped = allocator::mapped_from / sizeof(double), huge = allocator::huge_from / sizeof(double);

std::uintptr_t address(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

TEST(pool, begins_at_a_cache_line_a_page_or_a_huge_page_by_its_size) {
  for (const std::size_t n : {std::size_t{1}, mapped - 1}) {
    const pool<double> small(n, 1.0);
    EXPECT_EQ(address(small.data()) % allocator::cache_line, 0u) << n;
  }
  for (const std::size_t n : {mapped, huge - 1}) {
    const pool<double> large(n, 1.0);
    EXPECT_EQ(address(large.data()) % allocator::page, 0u) << n;
  }
  for (const std::size_t n : {huge, huge + 1000}) {
    const pool<double> largest(n, 1.0);
    EXPECT_EQ(address(largest.data()) % allocator::huge_page, 0u) << n;
  }
}

TEST(pool, keeps_what_it_holds_from_one_kind_of_memory_to_the_next) {
  pool<std::uint32_t> p;
  const auto n = static_cast<std::uint32_t>(allocator::huge_from / sizeof(std::uint32_t)) + 1000;
  for (std::uint32_t i = 0; i < n; ++i) p.push_back(i);
  p.shrink_to_fit();
  for (std::uint32_t i = 0; i < n; i += 997) ASSERT_EQ(p[i], i);
  EXPECT_EQ(p.back(), n - 1);
}

TEST(pool, does_not_write_what_grows) {
  pool<int> p(100, 7);
  p.clear();
  p.resize(100);
  EXPECT_EQ(p[50], 7) << "the memory is as it was";
  pool<std::unique_ptr<int>> objects(3);
  EXPECT_EQ(objects[2], nullptr) << "what has a constructor is constructed";
}

TEST(pool, more_than_there_can_be_is_refused) {
  allocator a;
  EXPECT_THROW((void)a.allocate(std::numeric_limits<std::size_t>::max() / 8), std::bad_array_new_length);
  EXPECT_THROW((void)a.allocate(std::size_t{1} << 55), std::bad_alloc) << "beyond all addresses";
}

TEST(pool, room_is_made_with_a_quarter_to_spare) {
  pool<int> p(1000, 1);
  p.shrink_to_fit();
  make_room(p, 1);
  EXPECT_GE(p.capacity(), 1250u);
  const auto* const there = p.data();
  make_room(p, 250);
  EXPECT_EQ(p.data(), there) << "there was room";
  make_room(p, 5000);
  EXPECT_GE(p.capacity(), 6000u);
  EXPECT_EQ(p.size(), 1000u);
}

TEST(pool, pages_are_brought_without_a_change_of_what_is_there) {
  pool<double> p(huge, 3.0);
  p.reserve(2 * huge);
  bring_pages(p, 1, huge - 1);
  bring_pages(p, 5, 5);
  bring_pages_ahead(p, huge);
  collect_pages(p);
  EXPECT_EQ(p.size(), huge);
  for (std::size_t i = 0; i < huge; i += 511) ASSERT_EQ(p[i], 3.0);
  pool<double> small(10, 3.0);
  bring_pages(small, 0, 10);
  EXPECT_EQ(small, pool<double>(10, 3.0));
}

}  // namespace
}  // namespace volley::runtime
