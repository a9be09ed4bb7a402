// What a connection asks of the server it belongs to, and the limits it keeps.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>

#include "actors/messages.hpp"
#include "actors/outlet.hpp"

namespace volley::actors {

/// Limits of one client's connection.
struct connection_limits {
  std::chrono::milliseconds greeting_within{5'000};  ///< from accept to a valid hello
  std::chrono::milliseconds refusal_after{250};      ///< the same for every reason, and slow enough to stop guessing
  std::chrono::milliseconds frame_within{10'000};    ///< for the body of a frame, and
  std::size_t least_bytes_per_s = 1'000;             ///< this rate on top
  std::chrono::milliseconds stalled_after{60'000};   ///< a client that takes no byte of what is sent to it
  std::size_t requests_in_flight = 4;                ///< more are not read before an answer has gone out
  std::size_t output_bytes = std::size_t{64} << 20;  ///< waiting behind the frame that is being sent
};

class connection;

/// Thread safety: called by the thread that serves the sockets.
class reception {
 public:
  /// A session for a client that has proved who it is; null when there are too many.
  virtual session_actor open_session(const std::shared_ptr<connection>& client) = 0;
  virtual void closed(const connection& who) = 0;

 protected:
  ~reception() = default;
};

}  // namespace volley::actors
