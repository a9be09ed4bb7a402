// What a connection asks of the server it belongs to, and the limits it keeps.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "actors/convert.hpp"
#include "actors/messages.hpp"
#include "actors/outlet.hpp"
#include "actors/role.hpp"

namespace volley::actors {

/// Limits of one client's connection.
struct connection_limits {
  std::chrono::milliseconds greeting_within{5'000};  ///< from accept to a valid hello
  std::chrono::milliseconds frame_within{10'000};    ///< for the body of a frame, and
  std::size_t least_bytes_per_s = 1'000;             ///< this rate on top
  std::chrono::milliseconds stalled_after{60'000};   ///< a client that takes no byte of what is sent to it
  std::size_t requests_in_flight = 4;                ///< more are not read before an answer has gone out
  double requests_per_s = 100'000;                   ///< on average; a client that asks more is read more slowly, and
  double requests_at_once = 10'000;                  ///< so many may come faster
  std::chrono::milliseconds idle_for =
      std::chrono::hours(24);                        ///< without a request or a running one; then the session ends
  std::size_t output_bytes = std::size_t{64} << 20;  ///< waiting behind the frame that is being sent
};

/// Who is at the other end, before it has said a word.
struct peer {
  std::string address;      ///< "unix" or an IP address
  bool is_trusted = false;  ///< a process of this user, through the Unix socket
};

class connection;

/// Thread safety: called by the thread that serves the sockets.
class reception {
 public:
  /// What a client may do; nothing: it may not come in.
  virtual std::optional<role> role_of(const peer& who, const std::string& token) = 0;
  /// How long a refused client waits for its refusal. `why`: for the server's operator.
  virtual std::chrono::milliseconds refusal_after(const peer& who, const std::string& why) = 0;
  /// A session for a client that has proved who it is. Throws std::exception with what the client is told: there are
  /// too many, or the kernel that it wants is not to be had.
  virtual session_actor open_session(const std::shared_ptr<connection>& client, role may, const greeting& from) = 0;
  virtual void closed(const connection& who) = 0;

 protected:
  ~reception() = default;
};

}  // namespace volley::actors
