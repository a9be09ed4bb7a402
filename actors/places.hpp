// Where doors are: addresses with ports, as operators write them.
#pragma once
#include <cstdint>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace volley::actors {

struct place {
  std::string host;  ///< a name or an address
  std::uint16_t port = 0;
};

/// Of HOST:PORT or [IPV6]:PORT. Throws std::runtime_error that names `option`.
place parse_place(const std::string& option, const std::string& text);

/// All that a name stands for, one at least. Throws std::runtime_error.
std::vector<boost::asio::ip::tcp::endpoint> resolved(const place& where);
/// The first of them.
boost::asio::ip::address resolved(const std::string& host);

/// Throws std::runtime_error for an address that other machines reach, unless connections are encrypted or `insecure`
/// was spelled out.
void require_protection(const boost::asio::ip::address& where, bool encrypted, bool insecure);

/// Throws boost::system::system_error.
void listen_at(boost::asio::ip::tcp::acceptor& door, const boost::asio::ip::address& where, std::uint16_t port);

}  // namespace volley::actors
