// A channel over a Unix or TCP socket to `volley serve`, as it is or under TLS.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "client/cpp/channel.hpp"

namespace volley::client {

class socket_channel final : public channel {
 public:
  /// Throws connection_lost when nobody listens there.
  static std::unique_ptr<socket_channel> connect_unix(const std::string& path);
  /// `host`: a name or an address.
  static std::unique_ptr<socket_channel> connect_tcp(const std::string& host, const std::string& port);
  /// `trusted`: a file with the certificates that are trusted; "": the system's. The server's must be for `host`.
  static std::unique_ptr<socket_channel> connect_tls(const std::string& host, const std::string& port,
                                                     const std::string& trusted);
  ~socket_channel() override;

  /// Throws error("builtins.MemoryError") for a body larger than a server accepts; nothing is sent then.
  void send(protocol::frame f) override;
  std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout) override;
  bool reopen() override;

 private:
  struct state;
  using dial = std::function<std::unique_ptr<state>()>;
  explicit socket_channel(dial how);
  const dial dial_;
  std::unique_ptr<state> state_;
};

}  // namespace volley::client
