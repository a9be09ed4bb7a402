#include "actors/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>

#include "actors/convert.hpp"
#include "caf/send.hpp"
#include "protocol/limits.hpp"
#include "protocol/malformed.hpp"

namespace volley::actors {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A session is not idle between the two, however long the server takes.
bool is_question(protocol::frame_kind kind) {
  using enum protocol::frame_kind;
  return kind == hello || kind == request || kind == page_request;
}
bool is_answer(protocol::frame_kind kind) {
  using enum protocol::frame_kind;
  return kind == welcome || kind == reply || kind == page;
}

// One sentence for every reason: it tells an attacker nothing.
constexpr const char* refusal = "the server refuses this client: its greeting or its token is not right";

}  // namespace

connection::connection(wire accepted, reception& server, const peer& who, const connection_limits& limits)
    : wire_(std::move(accepted)),
      server_(server),
      peer_(who),
      limits_(limits),
      deadline_(wire_.get_executor()),
      stall_(wire_.get_executor()),
      pause_(wire_.get_executor()),
      idle_(wire_.get_executor()),
      pace_(limits.requests_per_s, limits.requests_at_once),
      writer_(wire_.bytes()) {}

template <class Then> void connection::after(timer& which, timer::duration delay, Then then) {
  which.expires_after(delay);
  which.async_wait([self = shared_from_this(), then](error_code cancelled) {
    if (!cancelled && self->open_) then();
  });
}

void connection::start() {
  after(deadline_, limits_.greeting_within, [this] { refuse(); });
  wire_.async_shake_hands([self = shared_from_this()](const std::string& why) {
    if (!self->open_) return;
    why.empty() ? self->read_frame() : self->refuse(why);
  });
}

// ---- in

void connection::read_frame() {
  asio::async_read(wire_, asio::buffer(head_), [self = shared_from_this()](error_code failure, std::size_t) {
    if (failure || !self->open_) return self->drop();
    try {
      const auto limit = self->session_ ? protocol::request_limit_words : protocol::hello_limit_words;
      self->announced_ = protocol::decode_header(self->head_, limit);
      self->body_ = protocol::words::of_size(self->announced_->body_words);
    } catch (const std::exception&) {
      return self->fault();
    }
    self->read_body();
  });
}

void connection::read_body() {
  const auto bytes = std::as_writable_bytes(body_->view());
  if (session_) {
    const auto for_its_size = std::chrono::seconds(bytes.size() / limits_.least_bytes_per_s);
    after(deadline_, limits_.frame_within + for_its_size, [this] { drop(); });
  }
  asio::async_read(wire_, asio::buffer(bytes.data(), bytes.size()),
                   [self = shared_from_this()](error_code failure, std::size_t) {
                     if (failure || !self->open_) return self->drop();
                     self->complete();
                   });
}

void connection::complete() {
  protocol::frame arrived;
  try {
    arrived = protocol::assemble(*announced_, std::move(*body_));
  } catch (const protocol::malformed&) {
    return fault();
  }
  if (!session_) return admit(arrived);
  deadline_.cancel();
  take(arrived);
}

void connection::take(const protocol::frame& f) {
  bool pause = false;
  if (is_question(f.head().kind)) {
    const std::lock_guard guard(output_);
    pause = reading_paused_ = ++in_flight_ >= limits_.requests_in_flight;
  }
  caf::anon_send(session_, frame_arrived{f});
  if (!pause) read_next();
}

// The next frame, as soon as the client's pace allows.
void connection::read_next() {
  const auto now = pace::clock::now();
  {
    const std::lock_guard guard(output_);
    last_activity_ = now;
  }
  const auto wait = pace_.count(now);
  if (wait == wait.zero()) return read_frame();
  after(pause_, wait, [this] { read_frame(); });
}

void connection::await_end_of_idleness(timer::duration left) {
  after(idle_, left, [this] {
    timer::duration rest;
    {
      const std::lock_guard guard(output_);
      const auto idle = in_flight_ > 0 ? timer::duration::zero() : pace::clock::now() - last_activity_;
      rest = limits_.idle_for - idle;
    }
    if (rest <= rest.zero())
      drop();
    else
      await_end_of_idleness(rest);
  });
}

// ---- who is it

void connection::admit(const protocol::frame& first) {
  if (refused_) return;
  std::optional<role> may;
  actors::greeting hello;
  try {
    if (first.head().kind == protocol::frame_kind::hello) {
      hello = decode_greeting(first.body());
      may = server_.role_of(peer_, hello.token);
    }
  } catch (const protocol::malformed&) {
  }
  if (!may) return refuse();
  deadline_.cancel();
  try {
    session_ = server_.open_session(shared_from_this(), *may, hello);
  } catch (const std::exception& why) {
    send(protocol::frame({.kind = protocol::frame_kind::refused}, encode_refusal(why.what())));
    return close();
  }
  await_end_of_idleness(limits_.idle_for);
  take(first);
}

void connection::refuse(const std::string& why) {
  if (std::exchange(refused_, true)) return;
  after(deadline_, server_.refusal_after(peer_, why), [this] {
    send(protocol::frame({.kind = protocol::frame_kind::refused}, encode_refusal(refusal)));
    close();
  });
}

void connection::fault() { session_ ? drop() : refuse(); }

// ---- out

void connection::send(protocol::frame f) {
  const std::lock_guard guard(output_);
  if (closed_) return;
  const bool was_blocked = writer_.blocked();
  if (was_blocked && f.head().kind == protocol::frame_kind::event) return;  // news of a job are not worth waiting for
  if (is_answer(f.head().kind) && in_flight_ > 0) {
    --in_flight_;
    last_activity_ = pace::clock::now();
    if (std::exchange(reading_paused_, false))
      asio::post(wire_.get_executor(), [self = shared_from_this()] {
        if (self->open_) self->read_next();
      });
  }
  writer_.send(std::move(f));
  if (writer_.broken() || writer_.bytes_behind() > limits_.output_bytes)
    asio::post(wire_.get_executor(), [self = shared_from_this()] { self->drop(); });
  else if (!was_blocked && writer_.blocked())
    asio::post(wire_.get_executor(), [self = shared_from_this()] { self->await_writable(); });
}

void connection::close() {
  const std::lock_guard guard(output_);
  if (std::exchange(closing_, true) || writer_.blocked()) return;
  asio::post(wire_.get_executor(), [self = shared_from_this()] { self->drop(); });
}

void connection::await_writable() {
  if (!open_) return;
  after(stall_, limits_.stalled_after, [this] { drop(); });
  wire_.async_wait(wire::socket::wait_write, [self = shared_from_this()](error_code failure) {
    if (!failure && self->open_) self->write_on();
  });
}

void connection::write_on() {
  bool more, done;
  {
    const std::lock_guard guard(output_);
    writer_.resume();
    more = writer_.blocked();
    done = writer_.broken() || (closing_ && !more);
  }
  stall_.cancel();
  if (done)
    drop();
  else if (more)
    await_writable();
}

void connection::drop() {
  if (!std::exchange(open_, false)) return;
  {
    const std::lock_guard guard(output_);
    closed_ = true;
    wire_.close();
  }
  deadline_.cancel();
  stall_.cancel();
  pause_.cancel();
  idle_.cancel();
  if (session_) caf::anon_send(std::exchange(session_, {}), connection_closed{});
  server_.closed(*this);
}

}  // namespace volley::actors
