// Brings images of VPs to other workers, over connections of their own: batches do not wait behind them. A connection
// is made when the first image goes to a peer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it
#include <vector>

#include "actors/link_end.hpp"
#include "actors/links.hpp"
#include "actors/worker_link.hpp"

namespace volley::actors {

/// Thread safety: any thread may call.
class image_post final : public image_carrier, public link_end, public std::enable_shared_from_this<image_post> {
 public:
  /// Makes a connection to this peer: attach() or give_up() follows. It does not wait.
  using dial = std::function<void(std::shared_ptr<image_post>, const address& peer)>;

  image_post(fence at, worker_number me, std::string secret, image_listener to, dial how);

  void bring(const address& peer, const runtime::cluster::parcel& what) override;
  void close() override;

  bool is_open() override;
  std::optional<std::uint64_t> next_of(worker_number) override { return 0; }
  void attach(worker_number peer, wire connection, std::uint64_t next) override;
  bool lacks(worker_number peer) override;
  void give_up(worker_number peer, const std::string& why) override;

 private:
  struct way {
    std::shared_ptr<worker_link> link;    // null: it is on its way
    std::vector<protocol::body> waiting;  // until then
  };

  void take(std::span<const std::byte> message);
  void drop(worker_number peer);

  const dial dial_;
  std::mutex mutex_;  // guards the following
  image_listener listener_;
  bool open_ = true;
  std::map<worker_number, way> ways_;              // to whom something was brought
  std::vector<std::weak_ptr<worker_link>> links_;  // all
};

}  // namespace volley::actors
