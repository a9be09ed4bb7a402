#include "actors/image_post.hpp"

#include <algorithm>

#include "actors/byte_body.hpp"
#include "protocol/malformed.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/cluster/membership.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

// What goes before the bytes of an image, behind the number of its own.
struct label {
  cluster::cut_name cut;
  std::uint32_t vp = 0;
  std::uint64_t left_out = 0;
  cluster::cut_name base;
  std::vector<std::uint64_t> sizes;  // of the state, then of the pieces of events
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut, vp, left_out, base, sizes); }
};

protocol::body packed(const cluster::parcel& what) {
  label of{what.cut, what.vp, what.left_out, what.base, {}};
  std::vector<std::span<const std::byte>> parts{{}, *what.content->state};
  for (const auto& piece : what.content->events) parts.emplace_back(*piece);
  for (const auto& part : std::span(parts).subspan(1)) of.sizes.push_back(part.size());
  const auto bytes = runtime::bytes_of(of);
  parts.front() = bytes;
  const std::uint64_t size = bytes.size();
  return byte_body(std::as_bytes(std::span(&size, 1)), parts);
}

// Throws protocol::malformed or std::invalid_argument.
cluster::parcel unpacked(std::span<const std::byte> message) {
  const auto cut = [&message](std::uint64_t size) {
    if (size > message.size()) throw protocol::malformed("an image that is shorter than it says");
    const auto part = message.first(size);
    message = message.subspan(size);
    return part;
  };
  std::uint64_t size = 0;
  std::ranges::copy(cut(sizeof size), std::as_writable_bytes(std::span(&size, 1)).begin());
  const auto of = runtime::object_of<label>(cut(size));
  std::vector<runtime::shared_bytes> parts;
  for (const auto bytes : of.sizes) {
    const auto part = cut(bytes);
    parts.push_back(std::make_shared<const std::vector<std::byte>>(part.begin(), part.end()));
  }
  if (parts.empty() || !message.empty()) throw protocol::malformed("an image that is longer than it says");
  const auto state = parts.front();
  parts.erase(parts.begin());
  const runtime::shard_image all{state, std::move(parts)};
  return {of.cut, of.vp, std::make_shared<const runtime::shard_image>(all), of.left_out, of.base};
}

}  // namespace

image_post::image_post(fence at, worker_number me, std::string secret, image_listener to, dial how)
    : link_end(protocol::frame_kind::image_link, at, me, std::move(secret)),
      dial_(std::move(how)),
      listener_(std::move(to)) {}

void image_post::bring(const address& peer, const cluster::parcel& what) {
  auto message = packed(what);
  const std::lock_guard guard(mutex_);
  if (!open_) return;
  const auto [found, is_new] = ways_.try_emplace(peer.number);
  auto& way = found->second;
  if (way.link)
    way.link->send(at(), message);
  else
    way.waiting.push_back(std::move(message));
  if (is_new) dial_(shared_from_this(), peer);
}

void image_post::close() {
  const std::lock_guard guard(mutex_);
  open_ = false;
  listener_ = {};
  for (auto& link : std::exchange(links_, {}))
    if (const auto alive = link.lock()) alive->end();
  ways_.clear();
}

bool image_post::is_open() {
  const std::lock_guard guard(mutex_);
  return open_;
}

bool image_post::lacks(worker_number peer) {
  const std::lock_guard guard(mutex_);
  const auto way = ways_.find(peer);
  return way != ways_.end() && !way->second.link;
}

// Whichever side has made it, it carries images both ways.
void image_post::attach(worker_number peer, wire connection, std::uint64_t) {
  const auto self = weak_from_this();
  const auto arrived = [self](std::span<const std::byte> message) {
    if (const auto mine = self.lock()) mine->take(message);
  };
  const auto closed = [self, peer](const std::string&) {
    if (const auto mine = self.lock()) mine->drop(peer);
  };
  const auto link = std::make_shared<worker_link>(
      std::move(connection), worker_link::manner{protocol::frame_kind::image, protocol::frame_kind::image, arrived,
                                                 closed, cluster::heartbeat_limits().dead_after});
  {
    const std::lock_guard guard(mutex_);
    if (!open_) return;
    std::erase_if(links_, [](const auto& one) { return one.expired(); });
    links_.push_back(link);
    if (const auto way = ways_.find(peer); way != ways_.end() && !way->second.link) {
      way->second.link = link;
      for (const auto& message : std::exchange(way->second.waiting, {})) link->send(at(), message);
    }
  }
  link->start();
}

void image_post::give_up(worker_number peer, const std::string& why) {
  const std::lock_guard guard(mutex_);
  const auto way = ways_.find(peer);
  if (way == ways_.end() || way->second.link) return;
  ways_.erase(way);
  listener_.unreachable(peer, why);
}

void image_post::take(std::span<const std::byte> message) {
  auto what = unpacked(message);
  const std::lock_guard guard(mutex_);
  if (open_) listener_.arrived(std::move(what));
}

// What it still had to carry is not known.
void image_post::drop(worker_number peer) {
  const std::lock_guard guard(mutex_);
  const auto way = ways_.find(peer);
  if (way == ways_.end() || !way->second.link) return;
  ways_.erase(way);
  if (open_) listener_.lost(peer);
}

}  // namespace volley::actors
