#include "client/cpp/socket_channel.hpp"

#include <poll.h>

#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio.hpp>

#include <array>
#include <cerrno>
#include <span>

#include "client/cpp/error.hpp"
#include "protocol/limits.hpp"

namespace volley::client {
namespace asio = boost::asio;
namespace {

using clock = std::chrono::steady_clock;

// How long a server may leave a frame unread before the connection counts as lost.
constexpr std::chrono::seconds stalled_after{60};

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
  asio::mutable_buffer wanted() {
    if (!announced_) return asio::buffer(head_.data() + filled_, head_.size() - filled_);
    const auto bytes = std::as_writable_bytes(body_->view());
    return asio::buffer(bytes.data() + filled_, bytes.size() - filled_);
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
  std::string peer;
  frame_assembler incoming;

  [[noreturn]] void lost(const std::string& why) const {
    throw connection_lost("the connection to " + peer + " is lost: " + why);
  }
};

socket_channel::socket_channel(std::unique_ptr<state> connected) : state_(std::move(connected)) {
  state_->socket.non_blocking(true);
}

socket_channel::~socket_channel() = default;

std::unique_ptr<socket_channel> socket_channel::connect_unix(const std::string& path) {
  auto s = std::make_unique<state>();
  s->peer = "unix:" + path;
  try {
    s->socket.connect(asio::local::stream_protocol::endpoint(path));
  } catch (const std::exception& failure) {
    throw connection_lost("no server at " + s->peer + ": " + failure.what());
  }
  return std::unique_ptr<socket_channel>(new socket_channel(std::move(s)));
}

std::unique_ptr<socket_channel> socket_channel::connect_tcp(const std::string& host, const std::string& port) {
  auto s = std::make_unique<state>();
  s->peer = "tcp:" + host + ":" + port;
  try {
    asio::ip::tcp::socket socket(s->context);
    asio::connect(socket, asio::ip::tcp::resolver(s->context).resolve(host, port));
    socket.set_option(asio::ip::tcp::no_delay(true));
    s->socket = std::move(socket);
  } catch (const std::exception& failure) {
    throw connection_lost("no server at " + s->peer + ": " + failure.what());
  }
  return std::unique_ptr<socket_channel>(new socket_channel(std::move(s)));
}

void socket_channel::send(protocol::frame f) {
  const auto body = f.body_bytes();
  if (body.size() > protocol::request_limit_words * sizeof(protocol::word))
    throw error("builtins.MemoryError", "a request of " + std::to_string(body.size()) + " bytes; a server accepts " +
                                            std::to_string(protocol::request_limit_words * sizeof(protocol::word)) +
                                            ": make several calls");
  const auto head = protocol::encode_header(f);
  std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::buffer(body.data(), body.size())};
  for (std::size_t sent = 0; sent < head.size() + body.size();) {
    boost::system::error_code failure;
    std::size_t count = state_->socket.write_some(pieces, failure);
    if (failure == asio::error::would_block) {
      if (!wait_for(state_->socket.native_handle(), POLLOUT, clock::now() + stalled_after))
        state_->lost("it does not take a request");
    } else if (failure) {
      state_->lost(failure.message());
    }
    sent += count;
    for (auto& piece : pieces) {
      const std::size_t taken = std::min(count, piece.size());
      piece += taken;
      count -= taken;
    }
  }
}

std::optional<protocol::frame> socket_channel::receive(std::chrono::nanoseconds timeout) {
  const auto deadline = clock::now() + timeout;
  for (;;) {
    boost::system::error_code failure;
    const std::size_t count = state_->socket.read_some(asio::buffer(state_->incoming.wanted()), failure);
    if (failure == asio::error::would_block) {
      if (!wait_for(state_->socket.native_handle(), POLLIN, deadline)) return std::nullopt;
    } else if (failure) {
      state_->lost(failure == asio::error::eof ? "the server closed it" : failure.message());
    } else if (auto complete = state_->incoming.received(count)) {
      return complete;
    }
  }
}

}  // namespace volley::client
