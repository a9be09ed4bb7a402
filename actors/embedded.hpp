// A kernel inside the client's own process, behind the same frames that a socket carries: no daemon, no port, and no
// copy of a body on its way. Includes nothing of the actor library, so that clients may include it.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/frame.hpp"

namespace volley::actors {

struct embedded_options {
  std::int64_t vps = 1;   ///< local_num_threads of a fresh kernel
  std::size_t lanes = 0;  ///< threads that compute; 0: one a core
  std::string data_path, data_prefix;
  bool dry_run = false;  ///< calls are checked and counted, and nothing is built or computed
  /// What counts the kernel's resets begins here: a process that had a kernel before keeps handles of the two apart.
  std::uint64_t first_generation = 1;
};

/// True in a process that a launcher like mpirun has started as one of several ranks: its kernel is one of theirs.
bool is_one_of_several_ranks();

/// Starts a kernel with its threads and opens a session with it. Its network may take as much memory as the
/// environment's VOLLEY_MEMORY_LIMIT says, else what the machine has available. Where the process is one of several
/// ranks, the kernel is one of several, which simulate one network: it waits for the others, and `vps` are those of
/// each rank. Errors: std::invalid_argument for a wrong VOLLEY_MEMORY_LIMIT or VOLLEY_MPI_WAIT, std::runtime_error
/// where the other ranks cannot be reached. Thread safety: any thread may send while one receives. After fork() the
/// child's calls throw std::runtime_error: its process has no threads to answer.
class embedded {
 public:
  explicit embedded(const embedded_options& options = {});
  /// Ends a running job and joins all threads. In a forked child: does nothing.
  ~embedded();

  embedded(const embedded&) = delete;
  embedded& operator=(const embedded&) = delete;

  void send(protocol::frame f);
  /// The next frame; nothing when none came within `timeout`. Throws std::runtime_error when the session has ended.
  std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout);

 private:
  struct state;
  state& here() const;
  std::unique_ptr<state> state_;
};

}  // namespace volley::actors
