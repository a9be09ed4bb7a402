#include "actors/tcp_links.hpp"

#include <algorithm>
#include <cstring>

#include "protocol/limits.hpp"

namespace volley::actors {

namespace {

namespace cluster = runtime::cluster;

// A frame of batches: 1 GiB.
constexpr std::size_t frame_limit_words = (std::size_t{1} << 30) / protocol::bytes_per_word;

}  // namespace

tcp_links::tcp_links(fence at, worker_number me, const cluster::told::place& what,
                     std::shared_ptr<link_listener> listener, surroundings around)
    : link_end(protocol::frame_kind::link, at, me, what.secret),
      around_(std::move(around)),
      listener_(std::move(listener)) {
  for (const auto& p : what.peers)
    if (p.number != me) peers_.emplace_back(p, at);
}

tcp_links::peer* tcp_links::find(worker_number number) {
  const auto found = std::ranges::find(peers_, number, &peer::number);
  return found == peers_.end() ? nullptr : &*found;
}

// ---- making them

bool tcp_links::is_open() {
  const std::lock_guard guard(input_);
  return listener_ != nullptr;
}

std::optional<std::uint64_t> tcp_links::next_of(worker_number number) {
  auto* const p = find(number);
  if (p == nullptr) return std::nullopt;
  const std::lock_guard guard(p->output);
  return p->frames.next();
}

void tcp_links::attach(worker_number number, wire connection, std::uint64_t next) {
  const std::lock_guard guard(input_);
  auto* const p = find(number);
  if (p == nullptr || !listener_) return;
  if (p->connection) {
    // A greeting of long ago, said again, does not put out the peer.
    if (const std::lock_guard output(p->output); !p->frames.has_from(next)) return;
    detach(*p);
  }
  connection.send_at_once();
  {
    const std::lock_guard output(p->output);
    const auto again = p->frames.connect(next);
    if (!again) return listener_->link_broke(number, "it lacks frames that are gone");
    p->connection = std::move(connection);
    p->writer.emplace(p->connection->bytes());
    for (const auto& f : *again) p->writer->send(f);
  }
  ++p->connections;
  p->attached = clock::now();
  if (++standing_ == peers_.size()) listener_->links_stand();
  watch(*p);
}

bool tcp_links::lacks(worker_number number) {
  const std::lock_guard guard(input_);
  const auto* const p = find(number);
  return p != nullptr && listener_ && !p->connection;
}

void tcp_links::give_up(worker_number number, const std::string& why) {
  const std::lock_guard guard(input_);
  const auto* const p = find(number);
  if (p == nullptr || !listener_ || p->connection) return;
  if (!p->broken_since || clock::now() - *p->broken_since >= mended_within) listener_->link_broke(number, why);
}

void tcp_links::close() {
  {
    const std::lock_guard guard(input_);
    active_ = false;
    listener_.reset();
    for (auto& p : peers_)
      if (p.connection) detach(p);
  }
  around_.closed(*this);
}

void tcp_links::break_off(peer& one, const std::string& why) {
  const auto now = clock::now();
  if (!one.broken_since || now - one.attached > mended_within) one.broken_since = now;
  detach(one);
  if (now - *one.broken_since < mended_within)
    around_.mend(shared_from_this(), one.where, one.attached, why);
  else
    listener_->link_broke(one.number(), why);
}

void tcp_links::detach(peer& one) {
  {
    const std::lock_guard output(one.output);
    one.frames.disconnect();
    one.writer.reset();
    one.connection.reset();
  }
  one.awaits_input = one.awaits_room = false;
  one.filled = 0;
  one.announced.reset();
  one.body.reset();
  --standing_;
}

// ---- out

void tcp_links::put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) {
  protocol::header head;
  head.kind = protocol::frame_kind::batch;
  head.flags = asked;
  head.epoch = at().epoch;
  head.incarnation = at().placement;
  head.position = interval;
  head.source = me().index();
  const protocol::frame f(head, back_to_back(batches));
  for (auto& p : peers_) {
    const std::lock_guard output(p.output);
    ++p.sent;
    p.sent_bytes += protocol::header_bytes + f.body_bytes().size();
    if (p.frames.put_out(interval, f) && p.writer) p.writer->send(f);
  }
}

// True while something is left.
bool tcp_links::flush(peer& to) {
  const std::lock_guard output(to.output);
  if (to.writer && to.writer->blocked()) to.writer->resume();
  return to.writer && to.writer->blocked();
}

// ---- in

// What was read at rest is looked at now: no socket tells of it any more.
void tcp_links::resume() {
  const std::lock_guard guard(input_);
  active_.store(true, std::memory_order_release);
  poll_all();
  watch_all();
}

// Nobody takes a frame any more when this returns. What a peer still lacks of ours goes out.
void tcp_links::rest() {
  const std::lock_guard guard(input_);
  active_.store(false, std::memory_order_release);
  watch_all();
}

bool tcp_links::poll() {
  if (!active_.load(std::memory_order_acquire)) return false;
  const std::unique_lock guard(input_, std::try_to_lock);
  return guard && active_.load(std::memory_order_acquire) && poll_all();
}

bool tcp_links::poll_all() {
  bool any = false;
  for (auto& p : peers_) {
    if (!p.connection || !listener_) continue;
    flush(p);
    any = receive(p) || any;
  }
  return any;
}

// All frames that are here: a peer that is ahead may have sent two.
bool tcp_links::receive(peer& from) {
  bool any = false;
  try {
    while (from.connection) {
      if (parse(from)) {
        complete(from);
        any = true;
        if (from.filled == 0 && !from.connection->bytes().is_secure()) break;  // another look costs a system call
      } else if (read_some(from)) {
        any = true;
      } else {
        break;
      }
    }
  } catch (const std::exception& fault) {
    break_off(from, fault.what());
  }
  return any;
}

// Into the buffer, or the rest of a body to where it belongs. False: nothing has come.
bool tcp_links::read_some(peer& from) {
  std::span<std::byte> to = std::span(from.buffer).subspan(from.filled);
  if (from.body) to = std::as_writable_bytes(from.body->view()).subspan(from.body_filled);
  const auto got = from.connection->bytes().read(to);
  (from.body ? from.body_filled : from.filled) += got.bytes;
  if (got.next == protocol::transfer::wait::forever) break_off(from, got.why);
  return got.bytes > 0;
}

// True when a whole frame is here.
bool tcp_links::parse(peer& from) {
  if (!from.announced) {
    if (from.filled < protocol::header_bytes) return false;
    from.announced = protocol::decode_header(std::span(from.buffer).first<protocol::header_bytes>(), frame_limit_words);
    from.body = protocol::words::of_size(from.announced->body_words);
    const auto bytes = std::as_writable_bytes(from.body->view());
    const auto rest = std::span(from.buffer).subspan(protocol::header_bytes, from.filled - protocol::header_bytes);
    from.body_filled = std::min(bytes.size(), rest.size());
    if (from.body_filled > 0) std::memcpy(bytes.data(), rest.data(), from.body_filled);
    from.filled = rest.size() - from.body_filled;
    std::memmove(from.buffer.data(), rest.data() + from.body_filled, from.filled);
  }
  return from.body_filled == from.body->size() * sizeof(protocol::word);
}

void tcp_links::complete(peer& from) {
  const auto head = from.announced->head;
  const auto f = protocol::assemble(*from.announced, std::move(*from.body));
  from.announced.reset();
  from.body.reset();
  if (head.kind != protocol::frame_kind::batch || head.source != from.number().index())
    throw protocol::malformed("a frame that no peer sends");
  cluster::frame_fate fate;
  {
    const std::lock_guard output(from.output);
    fate = from.frames.arrive({head.epoch, head.incarnation}, head.position);
  }
  if (fate == cluster::frame_fate::ahead) throw protocol::malformed("a frame is missing");
  if (fate != cluster::frame_fate::taken) return;
  listener_->take_frame(from.number(), head.position, head.flags, f.body());
  from.broken_since.reset();
}

void tcp_links::watch() {
  const std::lock_guard guard(input_);
  if (active_.load(std::memory_order_acquire)) watch_all();
}

void tcp_links::watch_all() {
  for (auto& p : peers_)
    if (p.connection) watch(p);
}

bool tcp_links::has_room(const peer& from) {
  if (from.body) return from.body_filled < from.body->size() * sizeof(protocol::word);
  return from.filled < from.buffer.size();
}

// Also while no run is on: a peer may still wait for the last frame, which needs room, or another connection. What
// comes then is not looked at.
void tcp_links::watch(peer& one) {
  const bool active = active_.load(std::memory_order_acquire);
  if ((active || has_room(one)) && !std::exchange(one.awaits_input, true))
    await(one, wire::socket::wait_read, &peer::awaits_input);
  if (flush(one) && !std::exchange(one.awaits_room, true)) await(one, wire::socket::wait_write, &peer::awaits_room);
}

void tcp_links::await(peer& one, wire::socket::wait_type what, bool peer::*flag) {
  const auto woken = [self = shared_from_this(), &one, flag, which = one.connections](auto failure) {
    const std::lock_guard guard(self->input_);
    if (which != one.connections) return;  // it is another connection's
    one.*flag = false;
    if (failure) return;
    const bool active = self->active_.load(std::memory_order_acquire);
    if (active)
      self->poll_all();
    else if (self->listener_ && one.connection && has_room(one))
      self->read_some(one);
    // Who looks watches again before it sleeps.
    if (!active || self->around_.lookers.load(std::memory_order_acquire) == 0) self->watch_all();
  };
  one.connection->async_wait(what, woken);
}

frame_counts tcp_links::counts() {
  frame_counts all;
  for (auto& p : peers_) {
    const std::lock_guard output(p.output);
    all += {p.frames.stale(), p.frames.repeated(), p.sent, p.sent_bytes};
  }
  return all;
}

}  // namespace volley::actors
