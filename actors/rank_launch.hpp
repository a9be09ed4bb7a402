// Whether this process was started as one of several ranks, by mpirun or a like launcher, and the way to the others.
// The library that calls MPI is loaded there and nowhere else: machines without it run all the rest.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/rank_post.hpp"
#include "runtime/cluster/rank_meeting.hpp"

namespace volley::actors {

/// A variable of the environment; null where it is not set.
using read_variable = std::function<const char*(const char* name)>;
const char* environment_variable(const char* name);

struct rank_launch {
  bool several = false;     ///< there are other ranks, or may be
  std::uint32_t ranks = 0;  ///< 0: the launcher does not say
};
/// VOLLEY_MPI=off: processes have nothing to do with each other, whoever has started them.
rank_launch launch_of_ranks(const read_variable& read = environment_variable);

/// The way to the other ranks; null where there are none. The first time it waits until all processes of the launcher
/// have come here. Throws std::runtime_error where they cannot be reached.
std::shared_ptr<rank_post> join_ranks();

/// The file that has this code.
std::string file_of_this_code();

/// As VOLLEY_MPI_WAIT says, seconds until a call is given up to which not all ranks come. Throws std::invalid_argument.
runtime::cluster::rank_limits rank_limits_of_environment(const read_variable& read = environment_variable);

/// Threads that compute, on one of so many ranks of this machine: its cores where it is bound to some, else its share.
std::size_t lanes_of_rank(std::size_t usable, std::size_t cores, std::size_t neighbours);

/// Bytes that the whole network may take, where `limit` is wished for (VOLLEY_MEMORY_LIMIT) each rank's part of it, or
/// else what this machine has for all its ranks.
std::uint64_t memory_limit_of_ranks(std::uint64_t limit, bool is_wish, std::uint32_t ranks, std::uint32_t neighbours);

}  // namespace volley::actors
