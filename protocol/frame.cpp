#include "protocol/frame.hpp"

#include <concepts>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "protocol/crc32c.hpp"

namespace volley::protocol {
namespace {

constexpr std::uint32_t magic = 0x594c4c56;  // "VLLY"
constexpr std::size_t checked_bytes = header_bytes - sizeof(std::uint32_t);

/// Appends integers to a header, lowest byte first on any machine.
class header_writer {
 public:
  explicit header_writer(encoded_header& out) : out_(out) {}
  template <std::unsigned_integral Integer> void put(Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) out_[at_++] = static_cast<std::byte>(value >> (8 * i));
  }

 private:
  encoded_header& out_;
  std::size_t at_ = 0;
};

class header_reader {
 public:
  explicit header_reader(std::span<const std::byte, header_bytes> in) : in_(in) {}
  template <std::unsigned_integral Integer> Integer take() {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
      value = static_cast<Integer>(value | static_cast<Integer>(std::to_integer<Integer>(in_[at_++]) << (8 * i)));
    return value;
  }

 private:
  std::span<const std::byte, header_bytes> in_;
  std::size_t at_ = 0;
};

void check_kind(std::uint8_t kind) {
  if (kind < std::uint8_t(frame_kind::hello) || kind > std::uint8_t(frame_kind::image))
    throw malformed("frame of unknown kind " + std::to_string(kind));
}

header take_header(header_reader& in) {
  if (in.take<std::uint32_t>() != magic) throw malformed("no frame: wrong magic number");
  if (const auto peer = in.take<std::uint16_t>(); peer != version)
    throw malformed("the peer speaks protocol version " + std::to_string(peer) + ", this build " +
                    std::to_string(version));
  const auto kind = in.take<std::uint8_t>();
  check_kind(kind);
  header head;
  head.kind = static_cast<frame_kind>(kind);
  head.flags = in.take<std::uint8_t>();
  if (head.flags != 0 && head.kind != frame_kind::batch) throw malformed("frame with unknown flags");
  for (auto* field : {&head.cluster, &head.kernel, &head.epoch, &head.session, &head.sequence, &head.position})
    *field = in.take<std::uint64_t>();
  for (auto* field : {&head.source, &head.destination, &head.incarnation}) *field = in.take<std::uint32_t>();
  return head;
}

}  // namespace

encoded_header encode_header(const frame& f) {
  const auto body = f.body_bytes();
  if (body.size() / sizeof(word) > 0xffffffff) throw std::length_error("a frame's body has less than 2^32 words");
  encoded_header bytes;
  header_writer out(bytes);
  const header& head = f.head();
  out.put(magic);
  out.put(version);
  out.put(static_cast<std::uint8_t>(head.kind));
  out.put(head.flags);
  for (auto field : {head.cluster, head.kernel, head.epoch, head.session, head.sequence, head.position}) out.put(field);
  for (auto field : {head.source, head.destination, head.incarnation}) out.put(field);
  out.put(crc32c(body));
  out.put(static_cast<std::uint32_t>(body.size() / sizeof(word)));
  out.put(crc32c(std::span(bytes).first<checked_bytes>()));
  return bytes;
}

announced_frame decode_header(std::span<const std::byte, header_bytes> bytes, std::size_t limit_words) {
  header_reader in(bytes);
  announced_frame announced;
  announced.head = take_header(in);
  announced.body_crc = in.take<std::uint32_t>();
  announced.body_words = in.take<std::uint32_t>();
  if (in.take<std::uint32_t>() != crc32c(bytes.first<checked_bytes>())) throw malformed("damaged frame header");
  if (announced.body_words > limit_words)
    throw malformed("a frame of " + std::to_string(announced.body_words) + " words; at most " +
                    std::to_string(limit_words) + " are accepted");
  return announced;
}

frame assemble(const announced_frame& announced, words content) {
  if (content.size() != announced.body_words) throw malformed("frame body of another length than announced");
  if (crc32c(content.bytes()) != announced.body_crc) throw malformed("damaged frame body");
  if (content.size() == 0) return frame(announced.head);
  return frame(announced.head, std::make_shared<const words>(std::move(content)));
}

frame decode_frame(std::span<const std::byte> bytes, std::size_t limit_words) {
  if (bytes.size() < header_bytes) throw malformed("cut frame header");
  const auto announced = decode_header(bytes.first<header_bytes>(), limit_words);
  const auto rest = bytes.subspan(header_bytes);
  if (rest.size() != announced.body_words * sizeof(word)) throw malformed("cut frame body");
  auto content = words::of_size(announced.body_words);
  if (!rest.empty()) std::memcpy(content.view().data(), rest.data(), rest.size());
  return assemble(announced, std::move(content));
}

}  // namespace volley::protocol
