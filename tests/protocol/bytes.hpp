// Frames and messages as bytes and hexadecimal text, for tests that compare or damage them.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crc32c.hpp"
#include "protocol/frame.hpp"

namespace volley::protocol {

inline body body_of(std::span<const word> content) {
  auto copy = words::of_size(content.size());
  std::ranges::copy(content, copy.view().begin());
  return std::make_shared<const words>(std::move(copy));
}

inline body body_of(std::initializer_list<word> content) { return body_of(std::span(content.begin(), content.size())); }

/// Header and body as they go over a socket.
inline std::vector<std::byte> encode(const frame& f) {
  const auto head = encode_header(f);
  std::vector<std::byte> bytes(head.size() + f.body_bytes().size());
  std::ranges::copy(f.body_bytes(), std::ranges::copy(head, bytes.begin()).out);
  return bytes;
}

/// Renews the checksum of a header after a change, as a hostile peer would.
inline void seal(encoded_header& head) {
  const auto crc = crc32c(std::span(head).first(header_bytes - 4));
  std::memcpy(head.data() + header_bytes - 4, &crc, 4);
}

inline std::string to_hex(std::span<const std::byte> bytes) {
  std::string hex;
  for (std::byte b : bytes) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", std::to_integer<unsigned>(b));
    hex += pair;
  }
  return hex;
}

/// The body written as hexadecimal text; blanks are skipped.
inline body from_hex(std::string_view hex) {
  std::string digits;
  for (char c : hex)
    if (c != ' ' && c != '\n') digits += c;
  auto content = words::zeroed(digits.size() / 16);
  for (std::size_t i = 0; i < digits.size() / 2; ++i)
    reinterpret_cast<unsigned char*>(content.view().data())[i] =
        static_cast<unsigned char>(std::stoi(digits.substr(2 * i, 2), nullptr, 16));
  return std::make_shared<const words>(std::move(content));
}

}  // namespace volley::protocol
