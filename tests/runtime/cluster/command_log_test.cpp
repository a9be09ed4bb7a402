// The log of commands: what was written is read, whatever is cut off or damaged is cut off or refused.
#include "runtime/cluster/command_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace volley::runtime::cluster {
namespace {

using bytes = std::vector<std::byte>;
using records = std::vector<logged::record>;

logged_request request(std::uint64_t number, std::size_t size) {
  return {{"session", number}, bytes(size, static_cast<std::byte>(number))};
}

/// Groups of one, two and one record.
const std::vector<records> groups{
    {logged::done{request(1, 24)}},
    {logged::done{request(2, 0), {{"mine", "ab12"}}}, logged::began{request(5, 8)}},
    {logged::ended{1234}, logged::ended{9, logged::failure{error_kind::MemoryError, "full"}}}};

struct written {
  bytes all = begun_log(77, 3);
  std::vector<std::size_t> ends{all.size()};  ///< of the head and of each group
  written() {
    for (const auto& group : groups) {
      const auto more = group_of(group, all.size());
      all.insert(all.end(), more.begin(), more.end());
      ends.push_back(all.size());
    }
  }
};

records first(std::size_t n) {
  records all;
  for (std::size_t i = 0; i < n; ++i) all.insert(all.end(), groups[i].begin(), groups[i].end());
  return all;
}

TEST(command_log, is_read_as_it_was_written) {
  const written log;
  const auto read = read_command_log(log.all);
  EXPECT_EQ(read.kernel, 77u);
  EXPECT_EQ(read.number, 3u);
  EXPECT_EQ(read.records, first(3));
  EXPECT_EQ(read.whole_bytes, log.all.size());
}

TEST(command_log, cut_anywhere_has_the_groups_before_the_cut) {
  const written log;
  for (std::size_t size = 0; size < log.all.size(); ++size) {
    const std::span<const std::byte> cut(log.all.data(), size);
    if (size < log.ends[0]) {
      EXPECT_THROW(read_command_log(cut), damaged_log) << size;
      continue;
    }
    const auto whole = static_cast<std::size_t>(std::ranges::upper_bound(log.ends, size) - log.ends.begin()) - 1;
    const auto read = read_command_log(cut);
    EXPECT_EQ(read.records, first(whole)) << size;
    EXPECT_EQ(read.whole_bytes, log.ends[whole]) << size;
  }
}

TEST(command_log, damaged_anywhere_but_in_its_last_group_is_refused) {
  const written log;
  for (std::size_t place = 0; place < log.all.size(); ++place)
    for (const auto bit : {0x01, 0x80}) {
      auto damaged = log.all;
      damaged[place] ^= static_cast<std::byte>(bit);
      if (place < log.ends[2])
        EXPECT_THROW(read_command_log(damaged), damaged_log) << place;
      else
        EXPECT_EQ(read_command_log(damaged).records, first(2)) << place;
    }
}

TEST(command_log, a_tail_of_zeros_or_of_an_older_log_is_cut_off) {
  const written log;
  auto longer = log.all;
  longer.resize(longer.size() + 4096);
  EXPECT_EQ(read_command_log(longer).whole_bytes, log.all.size());
  // A group belongs to its place.
  longer = log.all;
  longer.insert(longer.end(), log.all.begin() + static_cast<std::ptrdiff_t>(log.ends[0]), log.all.end());
  EXPECT_EQ(read_command_log(longer).records, first(3));
}

TEST(command_log, without_a_group_is_empty) {
  const auto read = read_command_log(begun_log(1, 0));
  EXPECT_TRUE(read.records.empty());
}

}  // namespace
}  // namespace volley::runtime::cluster
