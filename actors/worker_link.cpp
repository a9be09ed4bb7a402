#include "actors/worker_link.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>

#include "actors/byte_body.hpp"
#include "protocol/limits.hpp"
#include "runtime/cluster/membership.hpp"
#include "runtime/cluster/message.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace cluster = runtime::cluster;
using boost::system::error_code;

namespace {

constexpr std::size_t part_bytes = std::size_t{64} << 10;
constexpr std::chrono::seconds goodbye_within{1};
constexpr auto period = cluster::heartbeat_limits().period;

}  // namespace

worker_link::worker_link(wire connection, manner how)
    : connection_(std::move(connection)),
      how_(std::move(how)),
      beat_(connection_.get_executor()),
      last_words_(connection_.get_executor()),
      last_heard_(clock::now()),
      writer_(connection_.bytes()) {
  connection_.send_at_once();
}

void worker_link::start() {
  read_head();
  beat();
}

// ---- in

std::size_t worker_link::heard(std::size_t left) {
  last_heard_.store(clock::now(), std::memory_order_relaxed);
  return std::min(left, part_bytes);
}

void worker_link::read_head() {
  asio::async_read(connection_, asio::buffer(head_), [self = shared_from_this()](error_code failure, std::size_t) {
    if (failure) return self->drop(self->connection_.why(failure));
    self->heard(0);
    try {
      self->announced_ = protocol::decode_header(self->head_, protocol::reply_limit_words);
      self->body_ = protocol::words::of_size(self->announced_->body_words);
    } catch (const std::exception& fault) {
      return self->drop(fault.what());
    }
    self->read_body();
  });
}

void worker_link::read_body() {
  const auto bytes = std::as_writable_bytes(body_->view());
  asio::async_read(
      connection_, asio::buffer(bytes.data(), bytes.size()),
      [self = shared_from_this(), size = bytes.size()](const error_code& failure, std::size_t got) {
        return failure ? 0 : self->heard(size - got);
      },
      [self = shared_from_this()](error_code failure, std::size_t) {
        if (failure) return self->drop(self->connection_.why(failure));
        try {
          self->take(protocol::assemble(*self->announced_, std::move(*self->body_)));
        } catch (const std::exception& fault) {
          return self->drop(fault.what());
        }
        if (self->open_) self->read_head();
      });
}

void worker_link::take(const protocol::frame& f) {
  if (f.head().kind == protocol::frame_kind::alive) return;
  if (f.head().kind != how_.takes) throw protocol::malformed("a frame of a kind that belongs elsewhere");
  how_.arrived(bytes_in(f.body()));
}

// ---- out

void worker_link::beat() {
  if (!open_) return;
  const auto now = clock::now();
  // After a sleep of this process what the peer sent may still wait to be read: it has another period.
  if (now - last_beat_ > 3 * period && last_beat_ != clock::time_point())
    last_heard_ = std::max(last_heard(), now - how_.silence_allowed + period);
  last_beat_ = now;
  if (now - last_heard() > how_.silence_allowed) return drop("it was silent for too long");
  protocol::header head;
  head.kind = protocol::frame_kind::alive;
  put(protocol::frame(head));
  beat_.expires_at(now + period);
  beat_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->beat();
  });
}

void worker_link::send(cluster::fence at, const protocol::body& message) {
  protocol::header head;
  head.kind = how_.sends;
  head.epoch = at.epoch;
  head.incarnation = at.placement;
  put(protocol::frame(head, message));
}

void worker_link::put(protocol::frame f) {
  const std::lock_guard guard(output_);
  if (closed_ || closing_) return;
  const bool was_blocked = writer_.blocked();
  if (was_blocked && f.head().kind == protocol::frame_kind::alive) return;  // what is on its way shows it
  writer_.send(std::move(f));
  if (writer_.broken())
    asio::post(connection_.get_executor(), [self = shared_from_this()] { self->drop("its connection ended"); });
  else if (!was_blocked && writer_.blocked())
    asio::post(connection_.get_executor(), [self = shared_from_this()] { self->await_writable(); });
}

void worker_link::await_writable() {
  if (!open_) return;
  connection_.async_wait(wire::socket::wait_write, [self = shared_from_this()](error_code failure) {
    if (failure || !self->open_) return;
    bool more, done;
    {
      const std::lock_guard guard(self->output_);
      self->writer_.resume();
      more = self->writer_.blocked();
      done = self->writer_.broken() || (self->closing_ && !more);
    }
    if (done)
      self->drop("its connection ended");
    else if (more)
      self->await_writable();
  });
}

void worker_link::put_out(const std::string& why) {
  send({}, byte_body(cluster::encoded(cluster::order_message{{}, cluster::told::leave{why}})));
  end();
}

void worker_link::end() {
  asio::post(connection_.get_executor(), [self = shared_from_this()] { self->close(); });
}

void worker_link::close() {
  {
    const std::lock_guard guard(output_);
    if (closed_) return;
    closing_ = true;
    if (writer_.blocked() && !writer_.broken()) {
      last_words_.expires_after(goodbye_within);
      return last_words_.async_wait([self = shared_from_this()](error_code) { self->drop("it was put out"); });
    }
  }
  drop("it was put out");
}

void worker_link::drop(const std::string& why) {
  if (!std::exchange(open_, false)) return;
  {
    const std::lock_guard guard(output_);
    closed_ = true;
    connection_.close();
  }
  beat_.cancel();
  last_words_.cancel();
  const auto closed = std::exchange(how_.closed, nullptr);
  how_.arrived = nullptr;  // it may hold what outlives nothing else
  closed(why);
}

}  // namespace volley::actors
