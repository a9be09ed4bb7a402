// A client's socket: frames in with deadlines and limits, proof of who it is, frames out. What frames mean is the
// session's business.
#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/steady_timer.hpp>

#include "actors/frame_writer.hpp"
#include "actors/pace.hpp"
#include "actors/reception.hpp"
#include "actors/wire.hpp"
#include "protocol/limits.hpp"

namespace volley::actors {

/// Thread safety: `send` and `close` by any thread, all else by the one that runs the socket's context.
class connection final : public outlet, public std::enable_shared_from_this<connection> {
 public:
  connection(wire accepted, reception& server, const peer& who, const connection_limits& limits);

  /// Waits for the handshake of TLS, if there is one, and the greeting.
  void start();
  /// Closes now; the session learns of it.
  void drop();
  const std::string& address() const { return peer_.address; }
  /// True for a client that was let in because of its token.
  bool came_by_token() const { return session_ && !peer_.is_trusted; }

  void send(protocol::frame f) override;
  std::size_t page_words() const override { return protocol::page_limit_words; }
  void close() override;

 private:
  using timer = boost::asio::steady_timer;

  void read_frame();
  void read_next();
  void read_body();
  void complete();
  void take(const protocol::frame& f);
  void await_end_of_idleness(timer::duration left);
  void admit(const protocol::frame& first);
  void refuse(const std::string& why = {});
  void fault();
  void await_writable();
  void write_on();
  template <class Then> void after(timer& which, timer::duration delay, Then then);

  wire wire_;
  reception& server_;
  const peer peer_;
  const connection_limits limits_;
  session_actor session_;  // null: a stranger
  timer deadline_;         // of the greeting, then of each body
  timer stall_;            // of the output
  timer pause_;            // of reading, when the client asks too fast
  timer idle_;
  pace pace_;
  protocol::encoded_header head_;
  std::optional<protocol::announced_frame> announced_;
  std::optional<protocol::words> body_;
  bool open_ = true, refused_ = false;

  std::mutex output_;  // guards the following; the socket is closed under it, so that nobody writes to another's
  frame_writer writer_;
  std::size_t in_flight_ = 0;
  pace::clock::time_point last_activity_{};
  bool reading_paused_ = false;
  bool closing_ = false, closed_ = false;
};

}  // namespace volley::actors
