#include "actors/frame_writer.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <utility>

namespace volley::actors {

namespace {

// The parts of [head, body] from byte `done` on.
std::array<iovec, 2> rest_of(std::span<const std::byte> head, std::span<const std::byte> body, std::size_t done) {
  const std::size_t of_head = done < head.size() ? done : head.size();
  const auto piece = [](std::span<const std::byte> bytes) {
    return iovec{const_cast<std::byte*>(bytes.data()), bytes.size()};
  };
  return {piece(head.subspan(of_head)), piece(body.subspan(done - of_head))};
}

}  // namespace

void frame_writer::send(protocol::frame f) {
  if (broken_) return;
  auto head = protocol::encode_header(f);
  waiting_.push_back({std::move(f), head});
  if (waiting_.size() > 1)
    bytes_behind_ += waiting_.back().size();
  else
    write();
}

void frame_writer::resume() { write(); }

void frame_writer::write() {
  while (!waiting_.empty()) {
    const entry& first = waiting_.front();
    auto parts = rest_of(first.head, first.content.body_bytes(), written_);
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) {
      broken_ = true;
      return waiting_.clear();
    }
    written_ += static_cast<std::size_t>(sent);
    if (written_ < first.size()) continue;
    waiting_.pop_front();
    written_ = 0;
    if (!waiting_.empty()) bytes_behind_ -= waiting_.front().size();
  }
}

}  // namespace volley::actors
