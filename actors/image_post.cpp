#include "actors/image_post.hpp"

#include <algorithm>

#include "actors/byte_body.hpp"
#include "protocol/malformed.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/cluster/membership.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

// What goes before the bytes of an image, behind the number of its own: whose it is; and the sizes of its parts, of the
// state first.
using label = std::pair<cluster::parcel, std::vector<std::uint64_t>>;

protocol::body packed(const cluster::parcel& what) {
  std::vector<std::uint64_t> sizes{what.content->state->size()};
  for (const auto& piece : what.content->events) sizes.push_back(piece->size());
  const auto name = runtime::bytes_of(label(what, std::move(sizes)));
  const std::uint64_t size = name.size();
  std::vector<std::span<const std::byte>> parts{name, *what.content->state};
  for (const auto& piece : what.content->events) parts.emplace_back(*piece);
  return byte_body(std::as_bytes(std::span(&size, 1)), parts);
}

// Throws protocol::malformed or std::invalid_argument.
cluster::parcel unpacked(std::span<const std::byte> message) {
  const auto next = [&message](std::uint64_t size) {
    if (size > message.size()) throw protocol::malformed("an image that is shorter than it says");
    const auto part = message.first(size);
    message = message.subspan(size);
    return part;
  };
  const auto copied = [&next](std::uint64_t size) {
    const auto part = next(size);
    return std::make_shared<const std::vector<std::byte>>(part.begin(), part.end());
  };
  std::uint64_t size = 0;
  std::ranges::copy(next(sizeof size), std::as_writable_bytes(std::span(&size, 1)).begin());
  auto [what, sizes] = runtime::object_of<label>(next(size));
  if (sizes.empty()) throw protocol::malformed("an image without its state");
  runtime::shard_image all{copied(sizes.front()), {}};
  for (const auto of_piece : std::span(sizes).subspan(1)) all.events.push_back(copied(of_piece));
  if (!message.empty()) throw protocol::malformed("an image that is longer than it says");
  what.content = std::make_shared<const runtime::shard_image>(std::move(all));
  return what;
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
