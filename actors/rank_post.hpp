// How messages get from one rank to another, as whoever carries them offers it: MPI, or in tests a queue.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/words.hpp"

namespace volley::actors {

/// Thread safety: any thread may call. Nothing here waits for another rank, but for the end.
class rank_post {
 public:
  virtual ~rank_post() = default;

  virtual std::uint32_t rank() const = 0;
  virtual std::uint32_t ranks() const = 0;
  /// Ranks on this machine, this one among them.
  virtual std::uint32_t neighbours() const = 0;
  /// How often this process has opened it: on all ranks the same.
  virtual std::uint64_t epoch() const = 0;
  /// "Open MPI 4.1.4"
  virtual std::string carrier() const = 0;

  /// Each kind has an order of its own, and waits until somebody takes it.
  enum class kind : std::uint8_t { word, batch };
  static constexpr std::size_t kinds = 2;
  struct label {
    std::uint64_t epoch = 0;
    std::uint64_t interval = 0;   ///< of a batch
    std::uint32_t placement = 0;  ///< of a batch
    std::uint32_t flags = 0;      ///< of a batch
  };
  struct message {
    std::uint32_t from = 0;
    label what;
    protocol::body content;
  };

  /// Messages to a rank arrive in the order of the calls. What was sent goes on its way while somebody takes.
  virtual void send(kind which, std::uint32_t to, const label& what, protocol::body content) = 0;
  /// What has come, at the end of `to`. False: nothing has, or another thread is at it.
  virtual bool take(kind which, std::vector<message>& to) = 0;
  /// True when all that was sent has gone.
  virtual bool is_sent() = 0;
  /// A rank is gone: the end of this process waits for no other.
  virtual void give_up() = 0;
};

}  // namespace volley::actors
