#include "actors/image_post.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "actors/byte_body.hpp"
#include "protocol/malformed.hpp"
#include "runtime/cluster/membership.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

// What goes before an image: of which cut and VP it is.
using label = std::array<std::uint64_t, 4>;

protocol::body packed(const cluster::cut_name& cut, std::uint32_t vp, const std::vector<std::byte>& content) {
  const label of{cut.placement, cut.run, static_cast<std::uint64_t>(cut.step), vp};
  return byte_body(std::as_bytes(std::span(of)), content);
}

}  // namespace

image_post::image_post(fence at, worker_number me, std::string secret, image_listener to, dial how)
    : link_end(protocol::frame_kind::image_link, at, me, std::move(secret)),
      dial_(std::move(how)),
      listener_(std::move(to)) {}

void image_post::bring(const address& peer, const cut_name& cut, std::uint32_t vp, const image& content) {
  auto message = packed(cut, vp, *content);
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
  label of;
  if (message.size() < sizeof of) throw protocol::malformed("an image without its name");
  std::memcpy(of.data(), message.data(), sizeof of);
  const auto content = message.subspan(sizeof of);
  const cluster::cut_name cut{static_cast<std::uint32_t>(of[0]), of[1], static_cast<runtime::step_t>(of[2])};
  auto bytes = std::make_shared<const std::vector<std::byte>>(content.begin(), content.end());
  const std::lock_guard guard(mutex_);
  if (open_) listener_.arrived(cut, static_cast<std::uint32_t>(of[3]), std::move(bytes));
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
