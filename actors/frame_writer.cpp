#include "actors/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace volley::actors {

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
    const auto of_head = std::min(written_, first.head.size());
    const auto sent =
        to_.write(std::span(first.head).subspan(of_head), first.content.body_bytes().subspan(written_ - of_head));
    if (sent.next == protocol::transfer::wait::forever) {
      broken_ = true;
      return waiting_.clear();
    }
    if (sent.next != protocol::transfer::wait::nothing) return;
    written_ += sent.bytes;
    if (written_ < first.size()) continue;
    waiting_.pop_front();
    written_ = 0;
    if (!waiting_.empty()) bytes_behind_ -= waiting_.front().size();
  }
}

}  // namespace volley::actors
