// The supervisor's door for workers: who knows the token of workers and is of the same build comes in.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/audit_log.hpp"
#include "actors/backoff.hpp"
#include "actors/fleet.hpp"
#include "actors/worker_link.hpp"

namespace volley::actors {

class admission;

struct worker_door_options {
  boost::asio::ip::address address = boost::asio::ip::address_v4::loopback();
  std::uint16_t port = 0;                         ///< 0: any free one
  std::shared_ptr<protocol::tls_identity> tls{};  ///< null: nothing is encrypted
  std::string token;
  std::uint64_t epoch = 1;
  runtime::cluster::worker_card own;
  std::chrono::milliseconds greeting_within{5'000};
  std::size_t most_strangers = 64;
  backoff_limits refusals;
  audit_log* audit = nullptr;  ///< null: nobody reads who came. REQUIRES: outlives the door
};

/// Thread safety: of the thread that runs the context.
class worker_door {
 public:
  /// Listens when it returns. REQUIRES: `workers` outlives what the context runs.
  worker_door(boost::asio::io_context& context, fleet& workers, worker_door_options options);
  ~worker_door();

  /// Lets workers in from now on.
  void open() { accept(); }
  void shut();
  std::uint16_t port() const { return port_; }

 private:
  friend admission;

  void accept();
  void admit(wire connection, runtime::cluster::worker_number who, const runtime::cluster::worker_card& card);
  std::chrono::milliseconds refusal_after(const std::string& address, const std::string& why);

  boost::asio::io_context& context_;
  fleet& workers_;
  const worker_door_options options_;
  boost::asio::ip::tcp::acceptor door_;
  boost::asio::steady_timer pause_;  // of accepting, when descriptors run out
  std::uint16_t port_ = 0;
  backoff backoff_;
  std::uint32_t last_number_ = 0;
  std::list<std::weak_ptr<admission>> strangers_;
};

}  // namespace volley::actors
