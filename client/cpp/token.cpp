#include "client/cpp/token.hpp"

#include <string_view>

#include "client/cpp/error.hpp"

namespace volley::client {
namespace {

constexpr std::size_t digits = 64;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[noreturn]] void throw_no_token() {
  throw error("builtins.ValueError", "the token is not one: expected 64 hexadecimal digits");
}

unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  throw_no_token();
}

}  // namespace

std::string token_bytes(const std::string& text) {
  const auto hex = trimmed(text);
  if (hex.empty()) return {};
  if (hex.size() != digits) throw_no_token();
  std::string bytes;
  for (std::size_t i = 0; i < digits; i += 2) bytes += static_cast<char>(digit_of(hex[i]) << 4 | digit_of(hex[i + 1]));
  return bytes;
}

}  // namespace volley::client
