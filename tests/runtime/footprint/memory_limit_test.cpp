#include "runtime/footprint/memory_limit.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace volley::runtime {
namespace {

constexpr std::uint64_t GiB = std::uint64_t{1} << 30;

/// A machine whose files are these.
read_text machine(std::map<std::string, std::string> files) {
  return [=](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  };
}

const std::pair<const std::string, std::string> eight_GiB{
    "/proc/meminfo", "MemTotal:       16777216 kB\nMemFree: 1 kB\nMemAvailable:    8388608 kB\n"};

TEST(memory_limit, is_what_the_machine_has_available) { EXPECT_EQ(available_memory(machine({eight_GiB})), 8 * GiB); }

TEST(memory_limit, is_none_where_the_system_does_not_say) { EXPECT_EQ(available_memory(machine({})), no_memory_limit); }

TEST(memory_limit, counts_what_a_control_group_leaves) {
  EXPECT_EQ(available_memory(machine({eight_GiB,
                                      {"/proc/self/cgroup", "0::/user/job\n"},
                                      {"/sys/fs/cgroup/user/job/memory.max", "3221225472\n"},
                                      {"/sys/fs/cgroup/user/job/memory.current", "1073741824\n"}})),
            2 * GiB);
}

TEST(memory_limit, counts_the_groups_above) {
  EXPECT_EQ(available_memory(machine({eight_GiB,
                                      {"/proc/self/cgroup", "0::/user/job\n"},
                                      {"/sys/fs/cgroup/user/job/memory.max", "max\n"},
                                      {"/sys/fs/cgroup/user/memory.max", "1073741824\n"}})),
            GiB);
}

TEST(memory_limit, takes_the_mounts_root_where_a_container_hides_the_path) {
  EXPECT_EQ(
      available_memory(machine(
          {eight_GiB, {"/proc/self/cgroup", "0::/unknown/here\n"}, {"/sys/fs/cgroup/memory.max", "4294967296\n"}})),
      4 * GiB);
}

TEST(memory_limit, reads_the_older_groups_and_takes_back_the_page_cache) {
  EXPECT_EQ(
      available_memory(machine({eight_GiB,
                                {"/proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/a\n"},
                                {"/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2147483648\n"},
                                {"/sys/fs/cgroup/memory/a/memory.usage_in_bytes", "2147483648\n"},
                                {"/sys/fs/cgroup/memory/a/memory.stat", "cache 5\ntotal_inactive_file 1073741824\n"}})),
      GiB);
}

TEST(memory_limit, is_nothing_in_a_group_that_is_full) {
  EXPECT_EQ(available_memory(machine({eight_GiB,
                                      {"/proc/self/cgroup", "0::/\n"},
                                      {"/sys/fs/cgroup/memory.max", "100\n"},
                                      {"/sys/fs/cgroup/memory.current", "200\n"}})),
            0u);
}

TEST(memory_limit, of_this_machine_is_plausible) {
  EXPECT_GT(available_memory(), 1u << 20);
  EXPECT_LT(available_memory(), std::uint64_t{1} << 50);
}

TEST(memory_limit, a_wish_wins_and_an_empty_one_does_not) {
  EXPECT_EQ(memory_limit("1G", machine({eight_GiB})), GiB);
  EXPECT_EQ(memory_limit("", machine({eight_GiB})), 8 * GiB);
  EXPECT_EQ(memory_limit(nullptr, machine({eight_GiB})), 8 * GiB);
}

TEST(memory_limit, sizes_have_units) {
  EXPECT_EQ(parse_memory_size("1000000"), 1000000u);
  EXPECT_EQ(parse_memory_size("4k"), 4096u);
  EXPECT_EQ(parse_memory_size("1.5G"), 3 * GiB / 2);
  EXPECT_EQ(parse_memory_size("2GiB"), 2 * GiB);
  EXPECT_EQ(parse_memory_size("2tb"), 2048 * GiB);
  for (const char* wrong : {"", "G", "-1", "4X", "4GG", "0", "nan", "1e400", "99999999999T", " 5"})
    EXPECT_THROW(parse_memory_size(wrong), std::invalid_argument) << wrong;
}

TEST(memory_limit, a_wrong_wish_names_the_variable) {
  try {
    memory_limit("much");
    ADD_FAILURE() << "accepted";
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("VOLLEY_MEMORY_LIMIT"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find("much"), std::string::npos);
  }
}

TEST(memory_limit, bytes_read_well) {
  EXPECT_EQ(bytes_text(512), "512 bytes");
  EXPECT_EQ(bytes_text(2.04e12), "2.0 TB");
}

}  // namespace
}  // namespace volley::runtime
