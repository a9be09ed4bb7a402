// Frames on their way into a stream socket that does not block: each goes out at once as far as the socket takes it, so
// that an answer needs no other thread; the rest waits here.
#pragma once
#include <cstddef>
#include <deque>

#include "protocol/byte_stream.hpp"
#include "protocol/frame.hpp"

namespace volley::actors {

/// Thread safety: none of its own.
class frame_writer {
 public:
  /// REQUIRES: `to` outlives it.
  explicit frame_writer(protocol::byte_stream& to) : to_(to) {}

  /// Queues a frame and writes what the socket takes.
  void send(protocol::frame f);
  /// Goes on: the socket takes bytes again.
  void resume();

  /// Frames or parts of them wait for the socket.
  bool blocked() const { return !waiting_.empty() && !broken_; }
  /// The peer is gone: nothing will be sent any more.
  bool broken() const { return broken_; }
  /// Bytes of frames behind the one that is being written.
  std::size_t bytes_behind() const { return bytes_behind_; }

 private:
  struct entry {
    protocol::frame content;
    protocol::encoded_header head;
    std::size_t size() const { return head.size() + content.body_bytes().size(); }
  };

  void write();

  protocol::byte_stream& to_;
  std::deque<entry> waiting_;
  std::size_t written_ = 0;  // of the first entry
  std::size_t bytes_behind_ = 0;
  bool broken_ = false;
};

}  // namespace volley::actors
