#include "actors/rank_launch.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <stdexcept>

namespace volley::actors {
namespace {

/// An environment with these variables.
read_variable with(std::map<std::string, const char*> variables) {
  return [=](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second;
  };
}

TEST(rank_launch, a_process_is_alone_unless_a_launcher_says_otherwise) {
  EXPECT_FALSE(launch_of_ranks(with({})).several);
  EXPECT_FALSE(launch_of_ranks(with({{"OMPI_COMM_WORLD_SIZE", "1"}, {"OMPI_COMM_WORLD_RANK", "0"}})).several);
  const auto launch = launch_of_ranks(with({{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "0"}}));
  EXPECT_TRUE(launch.several);
  EXPECT_EQ(launch.ranks, 3u);
  EXPECT_TRUE(launch_of_ranks(with({{"PMIX_RANK", "1"}})).several);
  EXPECT_EQ(launch_of_ranks(with({{"PMI_RANK", "1"}, {"PMI_SIZE", "4"}})).ranks, 4u);
}

TEST(rank_launch, or_where_it_is_told_to_be) {
  EXPECT_FALSE(launch_of_ranks(with({{"OMPI_COMM_WORLD_SIZE", "3"}, {"VOLLEY_MPI", "off"}})).several);
  EXPECT_FALSE(launch_of_ranks(with({{"OMPI_COMM_WORLD_SIZE", "3"}, {"VOLLEY_MPI_PROCESS", "1"}})).several)
      << "a rank has started it";
}

TEST(rank_launch, without_a_launcher_there_is_nobody_to_join) {
  if (launch_of_ranks().several) GTEST_SKIP() << "this test was started by a launcher";
  EXPECT_EQ(join_ranks(), nullptr);
  EXPECT_FALSE(file_of_this_code().empty());
}

TEST(rank_launch, the_environment_says_how_long_to_wait) {
  EXPECT_EQ(rank_limits_of_environment(with({})).told_after, std::chrono::seconds(60));
  const auto limits = rank_limits_of_environment(with({{"VOLLEY_MPI_WAIT", "20"}}));
  EXPECT_EQ(limits.given_up_after, std::chrono::seconds(20));
  EXPECT_LE(limits.told_after, limits.given_up_after);
  for (const auto* wrong : {"0", "soon", "-1", ""})
    EXPECT_THROW(rank_limits_of_environment(with({{"VOLLEY_MPI_WAIT", wrong}})), std::invalid_argument);
}

TEST(rank_launch, ranks_of_a_machine_share_its_cores) {
  EXPECT_EQ(lanes_of_rank(8, 8, 2), 4u);
  EXPECT_EQ(lanes_of_rank(2, 2, 3), 1u);
  EXPECT_EQ(lanes_of_rank(3, 8, 2), 3u) << "it is bound to some";
}

TEST(rank_launch, and_its_memory) {
  constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(memory_limit_of_ranks(1000, false, 4, 2), 2000u);
  EXPECT_EQ(memory_limit_of_ranks(1000, true, 4, 2), 4000u) << "wished for each";
  EXPECT_EQ(memory_limit_of_ranks(unlimited, false, 4, 2), unlimited);
  EXPECT_EQ(memory_limit_of_ranks(unlimited / 2, true, 4, 2), unlimited);
}

}  // namespace
}  // namespace volley::actors
