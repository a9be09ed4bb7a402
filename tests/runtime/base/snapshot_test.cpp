#include "runtime/base/snapshot.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace volley::runtime {
namespace {

enum class colour : std::uint8_t { red, green, blue };

struct list {
  std::vector<std::string> words;
  std::vector<double> numbers;
  template <class Snapshot> void snapshot(Snapshot& s) { s(words, numbers); }
  bool operator==(const list&) const = default;
};

/// One member of each kind that has an image.
struct thing {
  bool flag = false;
  colour of = colour::red;
  double number = 0;
  std::string text;
  std::optional<std::int64_t> maybe;
  std::variant<std::monostate, double, list> choice;
  std::pair<std::uint32_t, std::string> both;
  std::map<std::uint64_t, list> by_number;
  std::shared_ptr<const list> first, second, none;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(flag, number, text, maybe, choice, both, by_number, first, second, none);
    s.enumerator(of, colour::blue);
  }
};

thing example() {
  thing t{true,     colour::green,
          0.5,      std::string("a\0b", 3),
          7,        list{{"x", ""}, {1, 2}},
          {3, "y"}, {{9, list{{"z"}, {}}}},
          {},       {},
          {}};
  t.first = t.second = std::make_shared<const list>(list{{"shared"}, {3}});
  return t;
}

TEST(snapshot, gives_every_member_back) {
  const auto before = example();
  const auto after = object_of<thing>(bytes_of(before));
  EXPECT_EQ(after.flag, before.flag);
  EXPECT_EQ(after.of, before.of);
  EXPECT_EQ(after.number, before.number);
  EXPECT_EQ(after.text, before.text);
  EXPECT_EQ(after.maybe, before.maybe);
  EXPECT_EQ(after.choice, before.choice);
  EXPECT_EQ(after.both, before.both);
  EXPECT_EQ(after.by_number, before.by_number);
  EXPECT_EQ(*after.first, *before.first);
}

TEST(snapshot, keeps_what_pointers_share_and_null_pointers) {
  const auto after = object_of<thing>(bytes_of(example()));
  EXPECT_EQ(after.first, after.second);
  EXPECT_EQ(after.none, nullptr);
}

TEST(snapshot, refuses_an_image_that_was_cut_anywhere_or_goes_on) {
  auto bytes = bytes_of(example());
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_THROW(object_of<thing>(std::span(bytes).first(n)), std::invalid_argument) << n << " bytes";
  bytes.push_back(std::byte{0});
  EXPECT_THROW(object_of<thing>(bytes), std::invalid_argument);
}

TEST(snapshot, survives_any_changed_byte) {
  const auto whole = bytes_of(example());
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int change : {0x01, 0x80, 0xff}) {
      auto bytes = whole;
      bytes[i] ^= static_cast<std::byte>(change);
      try {
        object_of<thing>(bytes);
      } catch (const std::invalid_argument&) {
      }
    }
}

struct hue {
  colour of = colour::red;
  template <class Snapshot> void snapshot(Snapshot& s) { s.enumerator(of, colour::blue); }
};

TEST(snapshot, refuses_values_that_their_type_does_not_have) {
  std::vector<std::byte> two{std::byte{2}};
  EXPECT_THROW(object_of<bool>(two), std::invalid_argument);
  EXPECT_EQ(object_of<hue>(two).of, colour::blue);
  std::vector<std::byte> three{std::byte{3}};
  EXPECT_THROW(object_of<hue>(three), std::invalid_argument);
  EXPECT_THROW((object_of<std::variant<bool, double>>(two)), std::invalid_argument);
}

struct nest {
  std::variant<std::monostate, std::vector<nest>> inner;
  template <class Snapshot> void snapshot(Snapshot& s) { s(inner); }
};

nest nested(int depth) {
  nest n;
  for (int i = 0; i < depth; ++i) {
    nest outer;
    outer.inner.emplace<1>().push_back(std::move(n));
    n = std::move(outer);
  }
  return n;
}

TEST(snapshot, refuses_what_lies_too_deep) {
  EXPECT_NO_THROW(object_of<nest>(bytes_of(nested(snapshot_reader::max_depth - 1))));
  EXPECT_THROW(object_of<nest>(bytes_of(nested(snapshot_reader::max_depth))), std::invalid_argument);
}

struct chain {
  std::shared_ptr<const chain> next;
  template <class Snapshot> void snapshot(Snapshot& s) { s(next); }
};

chain of_links(int n) {
  chain first;
  for (int i = 0; i < n; ++i) first = {std::make_shared<const chain>(std::move(first))};
  return first;
}

TEST(snapshot, refuses_pointers_that_point_to_pointers_without_end) {
  EXPECT_NO_THROW(object_of<chain>(bytes_of(of_links(snapshot_reader::max_pointers - 1))));
  EXPECT_THROW(object_of<chain>(bytes_of(of_links(snapshot_reader::max_pointers))), std::invalid_argument);
}

TEST(snapshot, does_not_believe_a_size) {
  snapshot_writer s;
  s(std::uint64_t{1} << 60);
  const auto bytes = s.take();
  EXPECT_THROW(object_of<std::string>(bytes), std::invalid_argument);
  EXPECT_THROW(object_of<std::vector<double>>(bytes), std::invalid_argument);
  EXPECT_THROW(object_of<std::vector<list>>(bytes), std::invalid_argument);
  EXPECT_THROW((object_of<std::map<std::uint64_t, list>>(bytes)), std::invalid_argument);
}

struct other {
  std::uint64_t number = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number); }
};

struct two_pointers {
  std::shared_ptr<const list> of_list;
  std::shared_ptr<const other> of_other;
  template <class Snapshot> void snapshot(Snapshot& s) { s(of_list, of_other); }
};

TEST(snapshot, does_not_take_a_pointer_for_one_of_another_type) {
  auto bytes = bytes_of(two_pointers{std::make_shared<const list>(), std::make_shared<const other>()});
  // The number of the second pointer follows the first one's: (0, true, two empty columns).
  const std::size_t second = 8 + 1 + 16;
  ASSERT_EQ(bytes[second], std::byte{1});
  bytes[second] = std::byte{0};
  EXPECT_THROW(object_of<two_pointers>(std::span(bytes).first(second + 8)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
