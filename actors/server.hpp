// `volley serve`: a kernel that clients reach through a Unix socket and, on request, through TCP on the loopback.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/connection.hpp"
#include "actors/host.hpp"
#include "actors/owned_path.hpp"
#include "actors/reception.hpp"
#include "actors/rooted_record_files.hpp"

namespace volley::actors {

struct tcp_options {
  std::string address = "127.0.0.1";  ///< a loopback address
  std::uint16_t port = 0;             ///< 0: any free one
  std::filesystem::path token_file;
};

struct server_options {
  std::filesystem::path socket_path;
  std::optional<tcp_options> tcp;
  std::filesystem::path data_root = ".";  ///< files of recorders lie below it
  std::int64_t vps = 1;                    ///< total_num_virtual_procs of a fresh kernel
  std::uint64_t memory_limit = runtime::no_memory_limit;  ///< bytes that the network may take
  connection_limits limits;
  std::size_t most_strangers = 64;  ///< connections without a valid greeting; the oldest makes room
  std::size_t most_sessions = 32;
};

class server final : private reception {
 public:
  /// Listens when it returns. Throws std::runtime_error when another server does, the folder of the socket is not there,
  /// or an address is not the loopback's.
  explicit server(const server_options& options);
  /// Socket and token file are gone afterwards.
  ~server() = default;

  /// Serves until stop() or SIGINT or SIGTERM; then ends the running job, tells clients goodbye and returns.
  void run();
  /// From any thread.
  void stop();

  /// Zero without TCP.
  std::uint16_t tcp_port() const { return tcp_port_; }

 private:
  using unix_acceptor = boost::asio::local::stream_protocol::acceptor;
  using tcp_acceptor = boost::asio::ip::tcp::acceptor;

  void listen_on_unix_socket();
  void listen_on_tcp(const tcp_options& where);
  template <class Acceptor> void accept(Acceptor& door);
  void receive(connection::socket accepted, connection::admission admits);
  connection::admission admission_of(const unix_acceptor&, int descriptor) const;
  connection::admission admission_of(const tcp_acceptor&, int descriptor) const;
  session_actor open_session(const std::shared_ptr<connection>& client) override;
  void closed(const connection& who) override;
  void shut_down();

  const server_options options_;
  std::string token_;
  std::uint16_t tcp_port_ = 0;
  owned_path socket_file_, token_file_;
  std::list<std::weak_ptr<connection>> strangers_, clients_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  boost::asio::steady_timer pause_{context_};  // of accepting, when descriptors run out
  unix_acceptor unix_door_{context_};
  tcp_acceptor tcp_door_{context_};
  rooted_record_files files_;
  std::optional<host> host_;
};

}  // namespace volley::actors
