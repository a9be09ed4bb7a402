// This process's end of connections to other workers of a placement, while they are made (link_door.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "actors/wire.hpp"
#include "protocol/frame.hpp"
#include "runtime/cluster/message.hpp"

namespace volley::actors {

/// Thread safety: any thread may call; `attach` that which runs the sockets' context.
class link_end {
 public:
  using worker_number = runtime::cluster::worker_number;
  using fence = runtime::cluster::fence;
  using address = runtime::cluster::told::place::peer;

  /// `greeting`: by which both ends know what a connection is for.
  link_end(protocol::frame_kind greeting, fence at, worker_number me, std::string secret)
      : greeting_(greeting), at_(at), me_(me), secret_(std::move(secret)) {}
  virtual ~link_end() = default;

  protocol::frame_kind greeting() const { return greeting_; }
  const fence& at() const { return at_; }
  worker_number me() const { return me_; }
  const std::string& secret() const { return secret_; }

  /// Not closed yet.
  virtual bool is_open() = 0;
  /// The next frame of this peer that is missing here; nothing where there is no such peer.
  virtual std::optional<std::uint64_t> next_of(worker_number peer) = 0;
  /// A connection to a peer that has proved who it is, and lacks our frames from `next` on.
  virtual void attach(worker_number peer, wire connection, std::uint64_t next) = 0;
  /// No connection stands to this peer, and one is wanted.
  virtual bool lacks(worker_number peer) = 0;
  /// No connection to this peer can be made.
  virtual void give_up(worker_number peer, const std::string& why) = 0;

 private:
  const protocol::frame_kind greeting_;
  const fence at_;
  const worker_number me_;
  const std::string secret_;
};

}  // namespace volley::actors
