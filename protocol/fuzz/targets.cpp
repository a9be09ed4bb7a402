#include "protocol/fuzz/targets.hpp"

#include <capnp/dynamic.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "protocol/api.capnp.h"
#include "protocol/crc32c.hpp"
#include "protocol/frame.hpp"
#include "protocol/fuzz/require.hpp"
#include "protocol/fuzz/walk.hpp"
#include "protocol/limits.hpp"
#include "protocol/message.hpp"
#include "protocol/spikes.capnp.h"
#include "protocol/values.capnp.h"

namespace volley::protocol::fuzz {
namespace {

body whole_words(std::span<const std::byte> bytes) {
  auto content = words::zeroed(bytes.size() / sizeof(word));
  if (content.size() > 0) std::memcpy(content.view().data(), bytes.data(), content.size() * sizeof(word));
  return std::make_shared<const words>(std::move(content));
}

/// A small message must not ask for much work: reads are bounded by the traversal limit, at most 64 entries to a word.
void require_bounded(std::uint64_t visited, const body& content) {
  require(visited <= 64 * traversal_limit_words(content->size()));
}

template <class Root> void walk_as(const body& content) try {
  std::uint64_t visited = 0;
  read_message<Root>(content, [&](typename Root::Reader root) {
    volatile std::uint64_t kept = walk(capnp::toDynamic(root), visited);
    (void)kept;
  });
  require_bounded(visited, content);
} catch (const malformed&) {
  // refused, as it should be
}

std::optional<frame> accepted(std::span<const std::byte> bytes) {
  try {
    return decode_frame(bytes, request_limit_words);
  } catch (const malformed&) {
    return std::nullopt;
  }
}

/// What is accepted is exactly what we would have sent.
void require_same_bytes(const frame& f, std::span<const std::byte> bytes) {
  require(std::ranges::equal(encode_header(f), bytes.first<header_bytes>()));
  require(std::ranges::equal(f.body_bytes(), bytes.subspan(header_bytes)));
}

void put_crc(std::span<std::byte> where, std::uint32_t crc) { std::memcpy(where.data(), &crc, sizeof crc); }

std::vector<std::byte> with_right_checksums(std::span<const std::byte> bytes) {
  constexpr std::size_t body_crc_at = 68, header_crc_at = 76;
  std::vector<std::byte> sealed(bytes.begin(), bytes.end());
  const std::span all(sealed);
  put_crc(all.subspan(body_crc_at, 4), crc32c(all.subspan(header_bytes)));
  put_crc(all.subspan(header_crc_at, 4), crc32c(all.first(header_crc_at)));
  return sealed;
}

}  // namespace

void frame_target(std::span<const std::byte> bytes) {
  if (const auto f = accepted(bytes)) require_same_bytes(*f, bytes);
  if (bytes.size() < header_bytes) return;
  const auto sealed = with_right_checksums(bytes);
  const auto f = accepted(sealed);
  if (!f) return;
  require_same_bytes(*f, sealed);
  if (f->body()) walk_as<Request>(f->body());
}

void request_target(std::span<const std::byte> bytes) {
  const auto content = whole_words(bytes);
  walk_as<Hello>(content);
  walk_as<Welcome>(content);
  walk_as<Request>(content);
  walk_as<Reply>(content);
  walk_as<Event>(content);
  walk_as<Error>(content);
}

void value_target(std::span<const std::byte> bytes) { walk_as<Value>(whole_words(bytes)); }

void batch_target(std::span<const std::byte> bytes) { walk_as<SpikeBatch>(whole_words(bytes)); }

}  // namespace volley::protocol::fuzz
