#include "protocol/message.hpp"

#include <algorithm>
#include <memory>

#include "protocol/limits.hpp"

namespace volley::protocol {

message_builder::message_builder(std::size_t expected_words) : expected_words_(expected_words) {}

kj::ArrayPtr<capnp::word> message_builder::allocateSegment(unsigned minimum_words) {
  const std::size_t table_words = segments_.empty() ? 1 : 0;
  const std::size_t count = std::max<std::size_t>(minimum_words, expected_words_);
  auto& segment = segments_.emplace_back(words::zeroed(table_words + count));
  expected_words_ = 2 * count;  // should more be needed, let it be rare
  return kj::arrayPtr(reinterpret_cast<capnp::word*>(segment.view().data() + table_words), count);
}

std::size_t message_builder::total_words() {
  std::size_t total = 0;
  for (auto segment : getSegmentsForOutput()) total += segment.size();
  return total;
}

body message_builder::finish() {
  const auto segments = getSegmentsForOutput();
  if (segments.size() > 1) {
    message_builder flat(total_words());
    flat.getRoot<capnp::AnyPointer>().set(getRoot<capnp::AnyPointer>().asReader());
    return flat.finish();
  }
  if (segments_.empty()) allocateSegment(1);
  const std::size_t used = std::max<std::size_t>(segments.size() == 1 ? segments[0].size() : 0, 1);
  words& message = segments_.front();
  message.shrink(1 + used);
  message.view()[0] = static_cast<word>(used) << 32;  // segments - 1 = 0, then the words of the first
  return std::make_shared<const words>(std::move(message));
}

void check_segments(std::span<const word> message) {
  if (message.empty()) throw malformed("an empty message");
  const auto half = [&](std::size_t i) { return static_cast<std::uint32_t>(message[i / 2] >> (32 * (i % 2))); };
  const std::size_t segments = std::size_t{half(0)} + 1;
  if (segments > segment_limit) throw malformed("a message of " + std::to_string(segments) + " segments");
  const std::size_t table_words = segments / 2 + 1;
  if (table_words > message.size()) throw malformed("a cut segment table");
  std::size_t total = table_words;
  for (std::size_t i = 1; i <= segments; ++i) total += half(i);
  if (total != message.size()) throw malformed("a segment table that does not fit its message");
}

capnp::ReaderOptions reader_options(std::size_t body_words) {
  return {.traversalLimitInWords = traversal_limit_words(body_words), .nestingLimit = nesting_limit};
}

}  // namespace volley::protocol
