#include "client/cpp/socket_channel.hpp"

#include <poll.h>

#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <span>

#include "client/cpp/error.hpp"
#include "protocol/byte_stream.hpp"
#include "protocol/limits.hpp"

namespace volley::client {
namespace asio = boost::asio;
namespace {

using clock = std::chrono::steady_clock;
using step = protocol::transfer::wait;

// How long a server may leave a frame unread before the connection counts as lost.
constexpr std::chrono::seconds stalled_after{60}, handshake_within{10};

/// False when `deadline` came first.
bool wait_for(int descriptor, short what, clock::time_point deadline) {
  for (;;) {
    const auto left = std::max(deadline - clock::now(), clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
    pollfd ready{descriptor, what, 0};
    const int count = ::ppoll(&ready, 1, &limit, nullptr);
    if (count > 0) return true;
    if (count == 0) return false;
    if (errno != EINTR) throw connection_lost("waiting for the server failed");
    if (clock::now() >= deadline) return false;
  }
}

}  // namespace

/// Receives one frame after another from a byte stream, however the bytes are cut.
class frame_assembler {
 public:
  /// Where the next bytes belong. Never empty.
  std::span<std::byte> wanted() {
    return (announced_ ? std::as_writable_bytes(body_->view()) : std::span<std::byte>(head_)).subspan(filled_);
  }

  /// `count` bytes of it have come; the frame when they completed one. Throws malformed.
  std::optional<protocol::frame> received(std::size_t count) {
    filled_ += count;
    if (!announced_) {
      if (filled_ < head_.size()) return std::nullopt;
      announced_ = protocol::decode_header(std::span(std::as_const(head_)), protocol::page_limit_words);
      body_ = protocol::words::of_size(announced_->body_words);
      filled_ = 0;
    }
    if (filled_ < body_->bytes().size()) return std::nullopt;
    auto complete = protocol::assemble(*announced_, std::move(*body_));
    announced_.reset();
    body_.reset();
    filled_ = 0;
    return complete;
  }

 private:
  protocol::encoded_header head_;
  std::size_t filled_ = 0;
  std::optional<protocol::announced_frame> announced_;
  std::optional<protocol::words> body_;
};

struct socket_channel::state {
  asio::io_context context;
  asio::generic::stream_protocol::socket socket{context};
  std::optional<protocol::byte_stream> bytes;
  std::string peer;
  frame_assembler incoming;
  std::atomic<bool> heard{false};  // of a server

  template <class Connect> static std::unique_ptr<state> connected(std::string peer, Connect connect) {
    auto s = std::make_unique<state>();
    s->peer = std::move(peer);
    try {
      connect(*s);
    } catch (const std::exception& failure) {
      throw connection_lost("no server at " + s->peer + ": " + failure.what());
    }
    return s;
  }
  void dial(const std::string& host, const std::string& port) {
    asio::ip::tcp::socket dialled(context);
    asio::connect(dialled, asio::ip::tcp::resolver(context).resolve(host, port));
    dialled.set_option(asio::ip::tcp::no_delay(true));
    socket = std::move(dialled);
  }
  void begin(protocol::tls_session session = nullptr) {
    bytes.emplace(socket.native_handle(), std::move(session));
    const auto deadline = clock::now() + handshake_within;
    for (;;) {
      const auto done = bytes->shake_hands();
      if (done.next == step::nothing) return;
      if (done.next == step::forever) throw std::runtime_error(done.why);
      if (!wait(done, deadline)) throw std::runtime_error("it does not answer");
    }
  }
  /// False when `deadline` came first.
  bool wait(const protocol::transfer& done, clock::time_point deadline) {
    if (done.next == step::forever)
      lost(done.why + (heard || bytes->is_secure() ? "" : " (one with TLS hangs up on tcp: addresses; it has tls:)"));
    return done.next == step::nothing ||
           wait_for(socket.native_handle(), done.next == step::room ? POLLOUT : POLLIN, deadline);
  }
  [[noreturn]] void lost(const std::string& why) const {
    throw connection_lost("the connection to " + peer + " is lost: " + why);
  }
};

socket_channel::socket_channel(dial how) : dial_(std::move(how)), state_(dial_()) {}

socket_channel::~socket_channel() = default;

bool socket_channel::reopen() {
  state_ = dial_();
  return true;
}

std::unique_ptr<socket_channel> socket_channel::connect_unix(const std::string& path) {
  return std::unique_ptr<socket_channel>(new socket_channel([=] {
    return state::connected("unix:" + path, [&](state& s) {
      s.heard = true;  // there is no TLS
      s.socket.connect(asio::local::stream_protocol::endpoint(path));
      s.begin();
    });
  }));
}

std::unique_ptr<socket_channel> socket_channel::connect_tcp(const std::string& host, const std::string& port) {
  return std::unique_ptr<socket_channel>(new socket_channel([=] {
    return state::connected("tcp:" + host + ":" + port, [&](state& s) {
      s.dial(host, port);
      s.begin();
    });
  }));
}

std::unique_ptr<socket_channel> socket_channel::connect_tls(const std::string& host, const std::string& port,
                                                            const std::string& trusted) {
  return std::unique_ptr<socket_channel>(new socket_channel([=] {
    return state::connected("tls:" + host + ":" + port, [&](state& s) {
      protocol::tls_identity mine({.certificate = {}, .key = {}, .trusted = trusted});
      s.dial(host, port);
      s.begin(mine.dialling(host));
    });
  }));
}

void socket_channel::send(protocol::frame f) {
  const auto body = f.body_bytes();
  if (body.size() > protocol::request_limit_words * sizeof(protocol::word))
    throw error("builtins.MemoryError", "a request of " + std::to_string(body.size()) + " bytes; a server accepts " +
                                            std::to_string(protocol::request_limit_words * sizeof(protocol::word)) +
                                            ": make several calls");
  const auto head = protocol::encode_header(f);
  for (std::size_t sent = 0; sent < head.size() + body.size();) {
    const auto of_head = std::min(sent, head.size());
    const auto done = state_->bytes->write(std::span(head).subspan(of_head), body.subspan(sent - of_head));
    if (!state_->wait(done, clock::now() + stalled_after)) state_->lost("it does not take a request");
    sent += done.bytes;
  }
}

std::optional<protocol::frame> socket_channel::receive(std::chrono::nanoseconds timeout) {
  const auto deadline = clock::now() + timeout;
  for (;;) {
    const auto got = state_->bytes->read(state_->incoming.wanted());
    if (!state_->wait(got, deadline)) return std::nullopt;
    if (auto complete = state_->incoming.received(got.bytes)) {
      state_->heard = true;
      return complete;
    }
  }
}

}  // namespace volley::client
