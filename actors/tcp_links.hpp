// Links over TCP. Frames go out on the thread that has them; they come in on whichever thread looks: an idle lane that
// spins, or else the thread of the sockets, once it was asked to watch.
// A connection that breaks is made again, and both sides send what the other lacks. It is given up when that takes too
// long, or when it breaks again and again without a frame in between.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include "actors/frame_writer.hpp"
#include "actors/link_end.hpp"
#include "actors/links.hpp"
#include "actors/wire.hpp"
#include "protocol/frame.hpp"
#include "runtime/cluster/peer_frames.hpp"

namespace volley::actors {

/// Thread safety: any thread may call.
class tcp_links final : public links, public link_end, public std::enable_shared_from_this<tcp_links> {
 public:
  using clock = std::chrono::steady_clock;

  /// How long a broken connection may take to stand again.
  static constexpr std::chrono::seconds mended_within{3};

  /// What is around all links of a process.
  struct surroundings {
    const std::atomic<int>& lookers;  ///< lanes that look
    /// Make a connection to this peer again, or wait until it does; the one that broke had stood since then. Called by
    /// any thread, which does not wait.
    std::function<void(std::shared_ptr<tcp_links>, const address& peer, clock::time_point stood,
                       const std::string& why)>
        mend;
    /// They are closed, and of no use any more.
    std::function<void(tcp_links&)> closed;
  };

  tcp_links(fence at, worker_number me, const runtime::cluster::told::place& what,
            std::shared_ptr<link_listener> listener, surroundings around);

  void put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) override;
  void resume() override;
  void rest() override;
  void close() override;

  // ---- making them

  bool is_open() override;
  std::optional<std::uint64_t> next_of(worker_number peer) override;
  /// It takes the place of one that the peer has given up.
  void attach(worker_number peer, wire connection, std::uint64_t next) override;
  bool lacks(worker_number peer) override;
  /// Unless one stands, or broke only now.
  void give_up(worker_number peer, const std::string& why) override;

  // ---- frames in

  /// Takes what has come, without waiting. True: there was something. Another thread that is at it does it for all.
  bool poll();
  /// The sockets' thread polls when something comes, again and again unless others look.
  void watch();

  frame_counts counts();

 private:
  struct peer {
    peer(const tcp_links::address& a, fence at) : where(a), frames(at) {}
    worker_number number() const { return where.number; }
    const tcp_links::address where;
    std::optional<wire> connection;  // changed under both mutexes
    std::uint64_t connections = 0;   // so far
    clock::time_point attached;      // the last one
    std::optional<clock::time_point> broken_since;
    bool awaits_input = false, awaits_room = false;  // of this connection
    std::mutex output;                               // guards the next four
    std::optional<frame_writer> writer;
    runtime::cluster::peer_frames<protocol::frame> frames;
    std::uint64_t sent = 0, sent_bytes = 0;
    // Input.
    std::array<std::byte, 4096> buffer;
    std::size_t filled = 0;  // of the buffer
    std::optional<protocol::announced_frame> announced;
    std::optional<protocol::words> body;
    std::size_t body_filled = 0;  // bytes
  };

  peer* find(worker_number number);
  bool poll_all();
  bool receive(peer& from);
  bool read_some(peer& from);
  static bool has_room(const peer& from);
  bool parse(peer& from);
  void complete(peer& from);
  bool flush(peer& to);
  void watch_all();
  void watch(peer& one);
  void await(peer& one, wire::socket::wait_type what, bool peer::*flag);
  void break_off(peer& one, const std::string& why);
  void detach(peer& one);

  const surroundings around_;
  std::mutex input_;  // guards all that peers have for input, and the listener's calls
  std::shared_ptr<link_listener> listener_;
  std::deque<peer> peers_;
  std::size_t standing_ = 0;
  std::atomic<bool> active_{false};
};

}  // namespace volley::actors
