#include "actors/places.hpp"

#include <charconv>
#include <stdexcept>

#include <boost/asio/io_context.hpp>

namespace volley::actors {

place parse_place(const std::string& option, const std::string& text) {
  const auto wrong = [&](const char* why) { return std::runtime_error(option + " " + text + ": " + why); };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) throw wrong("expected HOST:PORT");
  place found{text.substr(0, colon)};
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data() + colon + 1, end, found.port);
  if (failure != std::errc() || stop != end) throw wrong("the port is a number up to 65535");
  if (found.host.front() == '[' && found.host.back() == ']') found.host = found.host.substr(1, found.host.size() - 2);
  return found;
}

std::vector<boost::asio::ip::tcp::endpoint> resolved(const place& where) {
  boost::asio::io_context context;
  boost::system::error_code failure;
  const auto found = boost::asio::ip::tcp::resolver(context).resolve(where.host, std::to_string(where.port), failure);
  if (failure || found.empty()) throw std::runtime_error("there is no host " + where.host + ": " + failure.message());
  return {found.begin(), found.end()};
}

boost::asio::ip::address resolved(const std::string& host) { return resolved(place{host}).front().address(); }

void require_protection(const boost::asio::ip::address& where, bool encrypted, bool insecure) {
  if (where.is_loopback() || encrypted || insecure) return;
  throw std::runtime_error("other machines reach the address " + where.to_string() +
                           ": it needs TLS (--tls-certificate, --tls-key; workers --tls-ca, too), or --insecure");
}

void listen_at(boost::asio::ip::tcp::acceptor& door, const boost::asio::ip::address& where, std::uint16_t port) {
  door.open(where.is_v4() ? boost::asio::ip::tcp::v4() : boost::asio::ip::tcp::v6());
  door.set_option(boost::asio::ip::tcp::acceptor::reuse_address(true));
  door.bind({where, port});
  door.listen();
}

}  // namespace volley::actors
