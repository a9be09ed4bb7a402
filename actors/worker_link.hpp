// The connection between a supervisor and a worker, once it is admitted: orders one way, reports the other; or that
// of images between two workers. Each side says that it is there from the thread of its sockets, however busy its lanes
// are.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/steady_timer.hpp>

#include "actors/frame_writer.hpp"
#include "actors/wire.hpp"
#include "actors/worker_outlet.hpp"
#include "protocol/frame.hpp"

namespace volley::actors {

/// Thread safety: functions of worker_outlet by any thread, all else by the one that runs the socket's context.
class worker_link final : public worker_outlet, public std::enable_shared_from_this<worker_link> {
 public:
  using clock = std::chrono::steady_clock;

  struct manner {
    protocol::frame_kind sends, takes;                               ///< order, report or image
    std::function<void(std::span<const std::byte>)> arrived;         ///< a message; what it throws ends the connection
    std::function<void(const std::string& why)> closed;              ///< once
    clock::duration silence_allowed = std::chrono::hours(24 * 365);  ///< of the peer
  };

  worker_link(wire connection, manner how);

  void start();
  /// Closes when what was sent is out, or soon.
  void close();
  /// The same, by any thread.
  void end();

  void send(runtime::cluster::fence at, const protocol::body& message) override;
  void put_out(const std::string& why) override;
  clock::time_point last_heard() const override { return last_heard_.load(std::memory_order_relaxed); }

 private:
  void read_head();
  void read_body();
  void take(const protocol::frame& f);
  void beat();
  void put(protocol::frame f);
  void await_writable();
  void drop(const std::string& why);
  /// To be called between two parts of what comes: each shows that the peer is there.
  std::size_t heard(std::size_t left);

  wire connection_;
  manner how_;
  boost::asio::steady_timer beat_, last_words_;
  protocol::encoded_header head_;
  std::optional<protocol::announced_frame> announced_;
  std::optional<protocol::words> body_;
  std::atomic<clock::time_point> last_heard_;
  clock::time_point last_beat_{};
  bool open_ = true;

  std::mutex output_;  // guards the following
  frame_writer writer_;
  bool closing_ = false, closed_ = false;
};

}  // namespace volley::actors
