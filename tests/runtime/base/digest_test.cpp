#include "runtime/base/digest.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace volley::runtime {
namespace {

template <class T> std::uint64_t digest_of(const std::vector<T>& values) {
  digest d;
  d.add(values.data(), values.size());
  return d.value();
}

TEST(digest, equal_contents_have_equal_digests) {
  EXPECT_EQ(digest_of<double>({1, 2, 3}), digest_of<double>({1, 2, 3}));
  EXPECT_EQ(digest().value(), digest().value());
}

TEST(digest, every_element_its_place_and_their_number_count) {
  using bytes = std::vector<std::uint8_t>;
  const std::vector<bytes> all{{},           {0},          {0, 0},       {1},
                               {1, 2, 3},    {1, 3, 2},    {3, 2, 1},    {1, 2, 3, 4, 5, 6, 7, 8},
                               {1, 2, 3, 0}, bytes(16, 0), bytes(17, 0), {1, 2, 3, 4, 5, 6, 7, 8, 9}};
  std::set<std::uint64_t> digests;
  for (const bytes& b : all) digests.insert(digest_of(b));
  EXPECT_EQ(digests.size(), all.size());
}

TEST(digest, where_one_column_ends_and_the_next_begins_counts) {
  const std::vector<std::uint64_t> words{1, 2, 3};
  digest one, other;
  one.add(words.data(), 1);
  one.add(words.data() + 1, 2);
  other.add(words.data(), 2);
  other.add(words.data() + 2, 1);
  EXPECT_NE(one.value(), other.value());
}

TEST(digest, words_count_in_their_order) {
  digest one, other, none;
  one.add(1);
  one.add(2);
  other.add(2);
  other.add(1);
  EXPECT_NE(one.value(), other.value());
  EXPECT_NE(one.value(), none.value());
}

}  // namespace
}  // namespace volley::runtime
