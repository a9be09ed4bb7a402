// The two ends of a connection inside one thread, with TLS or without.
#pragma once
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "protocol/byte_stream.hpp"

namespace volley::protocol {

class two_ends {
 public:
  two_ends(tls_session accepting, tls_session dialling) {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_.data()) != 0) throw std::runtime_error("no sockets");
    accepted.emplace(sockets_[0], std::move(accepting));
    dialled.emplace(sockets_[1], std::move(dialling));
  }
  ~two_ends() {
    for (const int socket : sockets_)
      if (socket >= 0) ::close(socket);
  }
  void hang_up() { ::close(std::exchange(sockets_[0], -1)); }

  /// What each end has to say when both are done: "" for a handshake that came about.
  std::pair<std::string, std::string> shake_hands() {
    std::optional<std::string> said[2];
    for (int round = 0; round < 20; ++round)
      for (const int i : {0, 1}) {
        if (said[i]) continue;
        auto& end = i == 0 ? *accepted : *dialled;
        const auto done = end.shake_hands();
        if (done.next == transfer::wait::nothing || done.next == transfer::wait::forever) said[i] = done.why;
        // Who refuses hangs up.
        if (done.next == transfer::wait::forever) ::shutdown(sockets_[i], SHUT_WR);
      }
    return {said[0].value_or("it waits"), said[1].value_or("it waits")};
  }

  std::optional<byte_stream> accepted, dialled;

 private:
  std::array<int, 2> sockets_;
};

}  // namespace volley::protocol
