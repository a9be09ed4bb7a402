// How frames reach a kernel and come back: through a socket, or inside the process.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/frame.hpp"

namespace volley::client {

/// Thread safety: one thread at a time may send while another receives. Both throw connection_lost.
class channel {
 public:
  virtual ~channel() = default;
  virtual void send(protocol::frame f) = 0;
  /// The next frame; nothing when none came within `timeout`.
  virtual std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout) = 0;
  /// A new connection to the same address, in place of one that was lost; what was on its way is gone. False where
  /// there is none to be had. Throws connection_lost when nobody listens now. By the one thread that uses the channel.
  virtual bool reopen() { return false; }
};

/// "" (a kernel inside this process, with VOLLEY_VPS virtual processes; on several ranks so many on each), "dry-run:"
/// (the same, but calls are only checked and counted), "unix:/path", "tcp:host:port" or "tls:host:port" (encrypted;
/// VOLLEY_TLS_CA names a file with the certificates that are trusted, else the system's authorities are).
/// `first_generation`: where a kernel inside this process begins to count its resets. `kernel`: the name that will be
/// asked for, which such a one does not have. Throws connection_lost when nobody listens, error("builtins.ValueError")
/// for another form.
std::unique_ptr<channel> open_channel(const std::string& address, std::uint64_t first_generation = 1,
                                      const std::string& kernel = {});

}  // namespace volley::client
