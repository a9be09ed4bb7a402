#include "client/cpp/channel.hpp"

#include <string_view>

#include "client/cpp/error.hpp"
#include "client/cpp/socket_channel.hpp"

namespace volley::client {
namespace {

constexpr std::string_view unix_prefix = "unix:", tcp_prefix = "tcp:";

std::unique_ptr<channel> open_tcp(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon < tcp_prefix.size())
    throw error("builtins.ValueError", "address \"" + address + "\": a TCP address is tcp:HOST:PORT");
  return socket_channel::connect_tcp(address.substr(tcp_prefix.size(), colon - tcp_prefix.size()), address.substr(colon + 1));
}

}  // namespace

std::unique_ptr<channel> open_channel(const std::string& address) {
  if (address.starts_with(unix_prefix)) return socket_channel::connect_unix(address.substr(unix_prefix.size()));
  if (address.starts_with(tcp_prefix)) return open_tcp(address);
  throw error("builtins.ValueError", "address \"" + address + "\": expected unix:PATH or tcp:HOST:PORT");
}

}  // namespace volley::client
