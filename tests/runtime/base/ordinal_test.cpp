#include "runtime/base/ordinal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <map>
#include <type_traits>
#include <vector>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

using apple = ordinal<struct apple_kind>;
using pear = ordinal<struct pear_kind>;
using wide = ordinal<struct wide_kind, std::uint64_t>;

template <class A, class B> concept comparable = requires(A a, B b) { a == b; };
template <class A, class B> concept addable = requires(A a, B b) { a + b; };
template <class View, class Index> concept indexable = requires(View view, Index i) { view[i]; };

static_assert(!std::is_convertible_v<apple, pear> && !std::is_constructible_v<pear, apple>);
static_assert(!std::is_assignable_v<pear&, apple> && !comparable<apple, pear>);
static_assert(!std::is_convertible_v<std::uint32_t, apple> && std::is_constructible_v<apple, std::uint32_t>);
static_assert(!std::is_convertible_v<apple, std::uint32_t> && !std::is_constructible_v<std::uint32_t, apple>);
static_assert(!std::is_constructible_v<bool, apple>);
static_assert(!std::is_constructible_v<apple, double>);
static_assert(!comparable<apple, std::uint32_t> && comparable<apple, apple>);
static_assert(addable<apple, std::uint32_t> && !addable<apple, apple>);
static_assert(indexable<table_view<apple, int>, apple>);
static_assert(!indexable<table_view<apple, int>, pear> && !indexable<table_view<apple, int>, std::uint32_t>);
static_assert(std::is_constructible_v<table_view<apple, int>, table_view<apple, int>>);
static_assert(!std::is_constructible_v<table_view<pear, int>, table_view<apple, int>>);

// Passed and stored as the number itself.
static_assert(sizeof(apple) == sizeof(std::uint32_t) && sizeof(wide) == sizeof(std::uint64_t));
static_assert(std::is_trivially_copyable_v<apple> && std::is_standard_layout_v<apple> && plain<apple>);

static_assert(apple().index() == 0 && apple(7).index() == 7 && apple(std::int64_t{7}) == apple(7u));
static_assert(apple(3) + 4 == apple(7) && apple(3) < apple(4) && ++apple(3) == apple(4));
static_assert(apple::none() != apple() && apple::none() > apple(1u << 31));

TEST(ordinal, indexes_a_table_of_its_kind) {
  std::array numbers{10, 20, 30};
  const table_view<apple, int> table(numbers);
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table[apple(1)], 20);
  table[apple(1)] = 25;
  EXPECT_EQ(numbers[1], 25);
  int sum = 0;
  for (const int x : table) sum += x;
  EXPECT_EQ(sum, 65);
}

TEST(ordinal, has_the_image_of_its_number) {
  EXPECT_EQ(bytes_of(apple(0x01020304)), bytes_of(std::uint32_t{0x01020304}));
  EXPECT_EQ(bytes_of(apple::none()), bytes_of(std::int32_t{-1}));
  EXPECT_EQ(bytes_of(std::vector{apple(1), apple(2)}), bytes_of(std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(bytes_of(std::map<apple, double>{{apple(5), 0.5}}), bytes_of(std::map<std::uint32_t, double>{{5u, 0.5}}));
  EXPECT_EQ(object_of<apple>(bytes_of(apple(9))), apple(9));
}

}  // namespace
}  // namespace volley::runtime
