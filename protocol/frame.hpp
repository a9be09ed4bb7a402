// A frame: what travels between a client and a kernel, and between workers. A fixed little-endian header of 80 bytes,
// then one Cap'n Proto message. Inside a process the same object travels by pointer, without header bytes or checksum;
// over a socket the header and the shared body go out in one gather write.
//
//   offset  0 u32 magic "VLLY"   4 u16 version     6 u8 kind        7 u8 flags (0, but of batches)
//           8 u64 cluster       16 u64 kernel     24 u64 epoch     32 u64 session
//          40 u64 sequence      48 u64 position   56 u32 source    60 u32 destination
//          64 u32 incarnation   68 u32 CRC32C of the body          72 u32 words of the body
//          76 u32 CRC32C of the bytes before it
//
// The header has its own checksum, which covers the body's: a damaged length is found before anything is allocated.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "protocol/malformed.hpp"
#include "protocol/words.hpp"

namespace volley::protocol {

inline constexpr std::uint16_t version = 1;
inline constexpr std::size_t header_bytes = 80;

enum class frame_kind : std::uint8_t {
  hello = 1,         ///< client's first: body api.Hello
  welcome = 2,       ///< answer to hello: body api.Welcome
  refused = 3,       ///< answer to hello, then the connection closes: body api.Error, the same for every reason
  request = 4,       ///< body api.Request; `sequence` is chosen by the client and grows
  reply = 5,         ///< body api.Reply; `sequence` of its request
  event = 6,         ///< of a running job: body api.Event; `sequence` of the job's request
  goodbye = 7,       ///< the sender closes in order: no body, or api.Error: the kernel is gone, its server is not
  batch = 8,         ///< of a worker: the messages spikes.SpikeBatch of its VPs; `flags` are what it asks for
  page_request = 9,  ///< of a client: more of its last reply, from word `position` on; numbered as requests are
  page = 10,         ///< that part of the reply's message; `sequence` of the page request
  // Between a supervisor and its workers.
  challenge = 11,     ///< to whoever dials: body four random words
  worker_hello = 12,  ///< answer to a challenge: body cluster.WorkerHello
  admitted = 13,      ///< answer to worker_hello: body cluster.Admitted
  order = 14,         ///< body bytes (runtime/cluster/message.hpp)
  report = 15,        ///< of a worker: body bytes, as of an order
  alive = 16,         ///< the sender is there: no body
  link = 17,          ///< first of both sides between workers: body a proof; `position` is the next interval it lacks
  image_link = 18,    ///< the same, of a connection for images
  image = 19,         ///< of a VP, for another worker: body bytes (actors/image_post.cpp)
};

struct header {
  frame_kind kind = frame_kind::request;
  std::uint8_t flags = 0;
  std::uint64_t cluster = 0;
  std::uint64_t kernel = 0;
  std::uint64_t epoch = 0;
  std::uint64_t session = 0;
  std::uint64_t sequence = 0;
  std::uint64_t position = 0;     ///< a batch's interval; a page's first word
  std::uint32_t source = 0;       ///< a worker
  std::uint32_t destination = 0;  ///< a worker
  std::uint32_t incarnation = 0;  ///< version of the placement of VPs
  bool operator==(const header&) const = default;
};

class frame {
 public:
  frame() = default;
  explicit frame(const header& head, protocol::body content = nullptr) : head_(head), body_(std::move(content)) {}

  const header& head() const { return head_; }
  /// Null when the frame has none.
  const protocol::body& body() const { return body_; }
  std::span<const std::byte> body_bytes() const { return body_ ? body_->bytes() : std::span<const std::byte>(); }

 private:
  header head_;
  protocol::body body_;
};

/// What the first 80 bytes say: the header and what is needed to receive the body.
struct announced_frame {
  header head;
  std::uint32_t body_words = 0;
  std::uint32_t body_crc = 0;
};

using encoded_header = std::array<std::byte, header_bytes>;

/// The bytes to send before `f.body_bytes()`. REQUIRES: a body of less than 2^32 words.
encoded_header encode_header(const frame& f);

/// Checks magic, version, checksum, kind, flags and that the body has at most `limit_words`. Throws malformed.
announced_frame decode_header(std::span<const std::byte, header_bytes> bytes, std::size_t limit_words);

/// Joins a header with the body that followed it; checks size and checksum. Throws malformed.
frame assemble(const announced_frame& announced, words content);

/// A whole frame from one block of bytes that holds nothing else. Copies the body. Throws malformed.
frame decode_frame(std::span<const std::byte> bytes, std::size_t limit_words);

}  // namespace volley::protocol
