// Bytes as the body of a frame, which is counted in words: their number, then they.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "protocol/malformed.hpp"
#include "protocol/words.hpp"

namespace volley::actors {

/// `more`: behind them, one after the other.
inline protocol::body byte_body(std::span<const std::byte> bytes,
                                std::span<const std::span<const std::byte>> more = {}) {
  constexpr auto word_bytes = sizeof(protocol::word);
  auto size = bytes.size();
  for (const auto& part : more) size += part.size();
  auto all = protocol::words::of_size(1 + (size + word_bytes - 1) / word_bytes);
  all.view().back() = 0;  // the padding
  all.view().front() = size;
  auto to = std::ranges::copy(bytes, std::as_writable_bytes(all.view().subspan(1)).begin()).out;
  for (const auto& part : more) to = std::ranges::copy(part, to).out;
  return std::make_shared<const protocol::words>(std::move(all));
}

/// In place. Throws protocol::malformed.
inline std::span<const std::byte> bytes_in(const protocol::body& body) {
  if (!body || body->size() == 0) throw protocol::malformed("a frame without its bytes");
  const auto size = body->view().front();
  const auto all = body->bytes().subspan(sizeof(protocol::word));
  if (size > all.size() || all.size() - size >= sizeof(protocol::word))
    throw protocol::malformed("a frame with another number of bytes than it says");
  return all.first(size);
}

}  // namespace volley::actors
