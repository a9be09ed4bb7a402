// A way between two sockets that a test can cut: whoever connects to it is connected to a port.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace volley::actors {

/// Thread safety: of the thread that runs the context, but for the constructor and port().
class relay {
 public:
  using tcp = boost::asio::ip::tcp;

  relay(boost::asio::io_context& context, std::uint16_t to)
      : context_(context),
        to_(boost::asio::ip::address_v4::loopback(), to),
        door_(context, {boost::asio::ip::address_v4::loopback(), 0}) {
    accept();
  }
  std::uint16_t port() const { return door_.local_endpoint().port(); }

  /// Both ends of each connection see a reset.
  void cut() {
    ++cuts_;
    for (const auto& w : ways_) w->reset();
    ways_.clear();
  }
  /// Nobody gets through any more.
  void shut() {
    boost::system::error_code ignored;
    door_.close(ignored);
    cut();
  }
  /// The next so many bytes to the port have a bit turned over, one each.
  void damage(std::size_t bytes) { to_damage_ = bytes; }
  std::size_t connections() const { return connections_; }
  std::size_t cuts() const { return cuts_; }

 private:
  struct way : std::enable_shared_from_this<way> {
    way(tcp::socket a, boost::asio::io_context& context, relay& in)
        : ends{std::move(a), tcp::socket(context)}, of(in) {}
    void pump(int from) {
      ends[from].async_read_some(boost::asio::buffer(bytes[from]),
                                 [self = shared_from_this(), from](auto failure, std::size_t got) {
                                   if (failure) return self->reset();
                                   self->pass_on(from, got);
                                 });
    }
    void pass_on(int from, std::size_t count) {
      if (from == 0 && of.to_damage_ > 0) {
        --of.to_damage_;
        bytes[0][count / 2] ^= std::byte{16};
      }
      boost::asio::async_write(
          ends[1 - from], boost::asio::buffer(bytes[from], count),
          [self = shared_from_this(), from](auto failure, std::size_t) { failure ? self->reset() : self->pump(from); });
    }
    void reset() {
      boost::system::error_code ignored;
      for (auto& end : ends) {
        end.set_option(boost::asio::socket_base::linger(true, 0), ignored);
        end.close(ignored);
      }
    }
    std::array<tcp::socket, 2> ends;
    std::array<std::array<std::byte, 4096>, 2> bytes;
    relay& of;
  };

  void accept() {
    door_.async_accept([this](auto failure, tcp::socket accepted) {
      if (failure) return;
      ++connections_;
      const auto w = std::make_shared<way>(std::move(accepted), context_, *this);
      ways_.push_back(w);
      w->ends[1].async_connect(to_, [w](auto failed) {
        if (failed) return w->reset();
        w->pump(0);
        w->pump(1);
      });
      accept();
    });
  }

  boost::asio::io_context& context_;
  const tcp::endpoint to_;
  tcp::acceptor door_;
  std::list<std::shared_ptr<way>> ways_;
  std::size_t to_damage_ = 0, connections_ = 0, cuts_ = 0;
};

}  // namespace volley::actors
