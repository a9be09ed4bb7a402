// A connected socket of Asio whose bytes go as they are or under TLS. Asio reads frames from it, a frame_writer writes
// them.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "protocol/byte_stream.hpp"
#include "protocol/frame.hpp"

namespace volley::actors {

/// Meets Asio's AsyncReadStream. REQUIRES: handlers keep it where it is and alive.
/// Thread safety: as byte_stream's; handlers are called by the thread that runs the socket's context.
class wire {
 public:
  using socket = boost::asio::generic::stream_protocol::socket;
  using executor_type = socket::executor_type;
  using error_code = boost::system::error_code;

  explicit wire(socket connected, protocol::tls_session session = nullptr)
      : socket_(std::move(connected)), bytes_(socket_.native_handle(), std::move(session)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  executor_type get_executor() { return socket_.get_executor(); }
  protocol::byte_stream& bytes() { return bytes_; }
  /// Frames are not to wait for each other. Not for Unix sockets.
  void send_at_once() {
    error_code ignored;
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  }
  int descriptor() { return socket_.native_handle(); }
  bool is_open() const { return socket_.is_open(); }
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }
  template <class Handler> void async_wait(socket::wait_type what, Handler handler) {
    socket_.async_wait(what, std::move(handler));
  }

  /// TLS begins, where there is any: then, or at once, handler("") or handler(why not).
  template <class Handler> void async_shake_hands(Handler handler) {
    const auto done = bytes_.shake_hands();
    if (done.next == protocol::transfer::wait::nothing) return handler(std::string());
    if (done.next == protocol::transfer::wait::forever) return handler(done.why);
    socket_.async_wait(wait_of(done.next), [this, handler = std::move(handler)](error_code failure) mutable {
      failure ? handler(failure.message()) : async_shake_hands(std::move(handler));
    });
  }

  template <class Buffers, class Handler> void async_read_some(const Buffers& to, Handler handler) {
    if (!bytes_.is_secure()) return socket_.async_read_some(to, std::move(handler));
    const boost::asio::mutable_buffer first = *boost::asio::buffer_sequence_begin(to);
    auto got = bytes_.read({static_cast<std::byte*>(first.data()), first.size()});
    if (got.next == protocol::transfer::wait::input || got.next == protocol::transfer::wait::room)
      return socket_.async_wait(wait_of(got.next),
                                [this, to, handler = std::move(handler)](error_code failure) mutable {
                                  failure ? handler(failure, 0) : async_read_some(to, std::move(handler));
                                });
    const bool over = got.next == protocol::transfer::wait::forever;
    if (over) why_ = std::move(got.why);
    boost::asio::post(get_executor(), [handler = std::move(handler), over, count = got.bytes]() mutable {
      handler(over ? boost::asio::error::eof : error_code(), count);
    });
  }

  /// Of a failure that a handler has got.
  std::string why(error_code failure) const {
    if (failure != boost::asio::error::eof) return failure.message();
    return why_.empty() ? "its connection ended" : why_;
  }

 private:
  static socket::wait_type wait_of(protocol::transfer::wait what) {
    return what == protocol::transfer::wait::input ? socket::wait_read : socket::wait_write;
  }

  socket socket_;
  protocol::byte_stream bytes_;
  std::string why_;
};

/// A frame so small that a connection which has just been made takes it at once. False: it is broken.
inline bool put_at_once(protocol::byte_stream& to, const protocol::frame& f) {
  const auto head = protocol::encode_header(f);
  return to.write(head, f.body_bytes()).bytes == head.size() + f.body_bytes().size();
}

}  // namespace volley::actors
