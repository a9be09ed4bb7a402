// A client without manners: a socket that sends whatever bytes a test wants, and reads frames.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "protocol/frame.hpp"
#include "protocol/limits.hpp"

namespace volley::actors {

class raw_client {
 public:
  explicit raw_client(const std::filesystem::path& unix_socket) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_socket.c_str(), sizeof address.sun_path - 1);
    connect(address);
  }
  explicit raw_client(std::uint16_t tcp_port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(tcp_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(address);
  }
  raw_client(raw_client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  ~raw_client() {
    if (socket_ >= 0) ::close(socket_);
  }

  /// False when the server has closed.
  bool send(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool send(const protocol::frame& f) { return send(protocol::encode_header(f)) && send(f.body_bytes()); }

  /// How much of `bytes` the server takes, when it takes nothing for `patience` any more.
  std::size_t send_until_blocked(std::span<const std::byte> bytes, std::chrono::milliseconds patience) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      pollfd writable{socket_, POLLOUT, 0};
      if (::poll(&writable, 1, static_cast<int>(patience.count())) != 1) break;
      const auto sent = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) break;
      done += static_cast<std::size_t>(sent);
    }
    return done;
  }

  /// Exactly `count` bytes; nothing when the server closed before, or after a minute without.
  std::optional<std::vector<std::byte>> read(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t done = 0; done < count;) {
      pollfd readable{socket_, POLLIN, 0};
      if (::poll(&readable, 1, 60'000) != 1) return std::nullopt;
      const auto got = ::recv(socket_, bytes.data() + done, count - done, 0);
      if (got <= 0) return std::nullopt;
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }
  std::optional<protocol::frame> receive() {
    const auto head = read(protocol::header_bytes);
    if (!head) return std::nullopt;
    const auto announced =
        protocol::decode_header(std::span<const std::byte, protocol::header_bytes>(*head), protocol::reply_limit_words);
    auto body = protocol::words::of_size(announced.body_words);
    const auto bytes = read(body.view().size_bytes());
    if (!bytes) return std::nullopt;
    if (!bytes->empty()) std::memcpy(body.view().data(), bytes->data(), bytes->size());
    return protocol::assemble(announced, std::move(body));
  }
  /// True when the server has closed and nothing was left to read; false when bytes come, or nothing for a minute.
  bool is_closed() {
    pollfd readable{socket_, POLLIN, 0};
    std::byte next;
    return ::poll(&readable, 1, 60'000) == 1 && ::recv(socket_, &next, 1, 0) <= 0;
  }
  /// Waits, without reading, until the server has closed; at most a minute.
  bool is_hung_up() {
    pollfd end{socket_, 0, 0};
    return ::poll(&end, 1, 60'000) == 1;
  }

 private:
  template <class Address> void connect(const Address& address) {
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("nobody listens");
  }
  int socket_;
};

}  // namespace volley::actors
