// Links over TCP. Frames go out on the thread that has them; they come in on whichever thread looks: an idle lane that
// spins, or else the thread of the sockets, once it was asked to watch.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/ip/tcp.hpp>

#include "actors/frame_writer.hpp"
#include "actors/links.hpp"
#include "protocol/frame.hpp"
#include "runtime/cluster/peer_frames.hpp"

namespace volley::actors {

/// Thread safety: any thread may call.
class tcp_links final : public links, public std::enable_shared_from_this<tcp_links> {
 public:
  using socket = boost::asio::ip::tcp::socket;
  using worker_number = runtime::cluster::worker_number;
  using fence = runtime::cluster::fence;

  tcp_links(fence at, worker_number me, const runtime::cluster::told::place& what,
            std::shared_ptr<link_listener> listener, const std::atomic<int>& lookers);

  void put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) override;
  void resume() override;
  void rest() override { active_.store(false, std::memory_order_release); }
  void close() override;

  // ---- making them

  const fence& at() const { return at_; }
  worker_number me() const { return me_; }
  const std::string& secret() const { return secret_; }
  /// The next frame of this peer that is missing here; nothing where there is no such peer.
  std::optional<std::uint64_t> next_of(worker_number peer);
  /// A connection to a peer that has proved who it is, and lacks our frames from `next` on.
  void attach(worker_number peer, socket connection, std::uint64_t next);
  /// No connection to this peer can be made.
  void give_up(worker_number peer, const std::string& why);

  // ---- frames in

  /// Takes what has come, without waiting. True: there was something. Another thread that is at it does it for all.
  bool poll();
  /// The sockets' thread polls when something comes, again and again unless others look.
  void watch();

  dropped_frames dropped();

 private:
  struct peer {
    peer(worker_number n, fence at) : number(n), frames(at) {}
    const worker_number number;
    std::optional<socket> connection;  // changed under both mutexes
    std::mutex output;                 // guards the next two
    std::optional<frame_writer> writer;
    runtime::cluster::peer_frames<protocol::frame> frames;
    // Input.
    std::array<std::byte, 4096> buffer;
    std::size_t filled = 0;  // of the buffer
    std::optional<protocol::announced_frame> announced;
    std::optional<protocol::words> body;
    std::size_t body_filled = 0;  // bytes
    bool watched = false;
  };

  peer* find(worker_number number);
  bool poll_all();
  bool receive(peer& from);
  bool read_some(peer& from);
  bool parse(peer& from);
  void complete(peer& from);
  void flush(peer& to);
  void watch_all();
  void watch(peer& one);
  void break_off(peer& one, const std::string& why);

  const fence at_;
  const worker_number me_;
  const std::string secret_;
  const std::atomic<int>& lookers_;
  std::mutex input_;  // guards all that peers have for input, and the listener's calls
  std::shared_ptr<link_listener> listener_;
  std::deque<peer> peers_;
  std::size_t standing_ = 0;
  std::atomic<bool> active_{false};
};

}  // namespace volley::actors
