#include "client/cpp/channel.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "client/cpp/embedded_channel.hpp"
#include "client/cpp/error.hpp"
#include "client/cpp/socket_channel.hpp"

namespace volley::client {
namespace {

constexpr std::string_view unix_prefix = "unix:", tcp_prefix = "tcp:", tls_prefix = "tls:",
                           dry_run_address = "dry-run:";

std::unique_ptr<channel> open_tcp(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon < tcp_prefix.size())
    throw error("builtins.ValueError", "address \"" + address + "\": a TCP address is tcp:HOST:PORT or tls:HOST:PORT");
  const auto host = address.substr(tcp_prefix.size(), colon - tcp_prefix.size()), port = address.substr(colon + 1);
  if (address.starts_with(tcp_prefix)) return socket_channel::connect_tcp(host, port);
  const char* const trusted = std::getenv("VOLLEY_TLS_CA");
  return socket_channel::connect_tls(host, port, trusted ? trusted : "");
}

/// As VOLLEY_VPS says; without it, the kernel's own default.
actors::embedded_options options_from_environment() {
  actors::embedded_options options;
  const char* text = std::getenv("VOLLEY_VPS");
  if (!text) return options;
  const std::string_view digits(text);
  const auto [end, failure] = std::from_chars(digits.begin(), digits.end(), options.vps);
  if (failure != std::errc() || end != digits.end() || options.vps < 1)
    throw error("builtins.ValueError",
                "VOLLEY_VPS is \"" + std::string(digits) + "\": expected a number of virtual processes");
  return options;
}

std::unique_ptr<channel> open_embedded(bool dry_run, std::uint64_t first_generation) {
  auto options = options_from_environment();
  options.dry_run = dry_run;
  options.first_generation = first_generation;
  if (dry_run) options.lanes = 1;  // there is nothing to compute
  try {
    return std::make_unique<embedded_channel>(options);
  } catch (const std::invalid_argument& wrong) {
    throw error("builtins.ValueError", wrong.what());
  } catch (const std::runtime_error& unreachable) {
    throw error("KernelException", unreachable.what());
  }
}

void refuse_ranks(const std::string& address) {
  if (actors::is_one_of_several_ranks())
    throw error("KernelException", "address \"" + address +
                                       "\": each of several ranks has a kernel of its own, and none in a server; with "
                                       "VOLLEY_MPI=off processes know of no other, and each may be a client");
}

}  // namespace

std::unique_ptr<channel> open_channel(const std::string& address, std::uint64_t first_generation,
                                      const std::string& kernel) {
  if (address.empty() || address == dry_run_address) {
    if (!kernel.empty())
      throw error("builtins.ValueError",
                  "kernel \"" + kernel + "\": the one inside this process has no name; VOLLEY_ADDRESS names a server");
    return open_embedded(!address.empty(), first_generation);
  }
  refuse_ranks(address);
  if (address.starts_with(unix_prefix)) return socket_channel::connect_unix(address.substr(unix_prefix.size()));
  if (address.starts_with(tcp_prefix) || address.starts_with(tls_prefix)) return open_tcp(address);
  throw error("builtins.ValueError", "address \"" + address + "\": expected unix:PATH, tcp:HOST:PORT or tls:HOST:PORT");
}

}  // namespace volley::client
