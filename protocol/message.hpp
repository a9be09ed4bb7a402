// Messages: Cap'n Proto structs as flat, shared bodies of frames. Writing yields one segment; reading is bounded in
// every dimension and ends in `malformed` whatever the bytes are.
#pragma once
#include <capnp/message.h>
#include <capnp/orphan.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "protocol/malformed.hpp"
#include "protocol/words.hpp"

namespace volley::protocol {

static_assert(std::endian::native == std::endian::little, "columns cross the wire as they lie in memory");

/// Builds one message: `initRoot<...>()`, fill, `finish()`. What does not fit ends in kj::Exception; see write_message.
class message_builder final : public capnp::MessageBuilder {
 public:
  /// `expected_words`: room for what is copied into the message. A good guess saves a copy, a bad one costs nothing
  /// else.
  explicit message_builder(std::size_t expected_words = 126);
  ~message_builder() noexcept(false) override = default;

  kj::ArrayPtr<capnp::word> allocateSegment(unsigned minimum_words) override;

  /// The message as one segment behind its segment table. The builder must not be used afterwards.
  body finish();

 private:
  std::size_t total_words();

  std::size_t expected_words_;
  std::vector<words> segments_;  // the first begins with the word of the segment table
};

/// A column that the message refers to instead of copying it: it must outlive `finish()`, which copies it once, in
/// bulk. Short or unaligned columns are copied now.
template <class Number>
capnp::Orphan<capnp::Data> column_orphan(capnp::Orphanage orphanage, std::span<const Number> numbers) {
  const capnp::Data::Reader bytes(reinterpret_cast<const kj::byte*>(numbers.data()), numbers.size_bytes());
  const bool whole_words =
      bytes.size() % sizeof(word) == 0 && std::bit_cast<std::uintptr_t>(bytes.begin()) % sizeof(word) == 0;
  constexpr std::size_t worth_referring_bytes = 4096;
  if (whole_words && bytes.size() >= worth_referring_bytes) return orphanage.referenceExternalData(bytes);
  return orphanage.newOrphanCopy(bytes);
}

/// The numbers of a Data field, in place: valid as long as the body. Throws malformed for half numbers.
template <class Number> std::span<const Number> column(capnp::Data::Reader data) {
  if (data.size() == 0) return {};
  if (data.size() % sizeof(Number) != 0) throw malformed("a column of " + std::to_string(data.size()) + " bytes");
  if (std::bit_cast<std::uintptr_t>(data.begin()) % alignof(Number) != 0) throw malformed("an unaligned column");
  return {reinterpret_cast<const Number*>(data.begin()), data.size() / sizeof(Number)};
}

/// The message whose root `fill(Root::Builder)` fills in. Throws oversized.
template <class Root, class Fill> body write_message(Fill&& fill, std::size_t expected_words = 126) {
  try {
    message_builder message(expected_words);
    std::forward<Fill>(fill)(message.initRoot<Root>());
    return message.finish();
  } catch (const kj::Exception& fault) {
    throw oversized(fault.getDescription().cStr());
  }
}

/// Checks the segment table of a message: at most 16 segments, and the body holds exactly them. Throws malformed.
void check_segments(std::span<const word> message);

/// Limits for a message of this size.
capnp::ReaderOptions reader_options(std::size_t body_words);

/// Calls `read(Root::Reader)` and returns its result. Readers must not outlive the call; spans from `column` live as
/// long as the body. Every fault in the bytes, found now or while `read` walks them, is thrown as malformed; other
/// exceptions of `read` pass.
template <class Root, class Read> decltype(auto) read_message(const body& content, Read&& read) {
  if (!content) throw malformed("a frame without the body its kind needs");
  const auto message = content->view();
  check_segments(message);
  try {
    capnp::FlatArrayMessageReader reader(
        kj::arrayPtr(reinterpret_cast<const capnp::word*>(message.data()), message.size()),
        reader_options(message.size()));
    return std::forward<Read>(read)(reader.getRoot<Root>());
  } catch (const kj::Exception& fault) {
    throw malformed(fault.getDescription().cStr());
  }
}

}  // namespace volley::protocol
