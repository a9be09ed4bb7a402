// Where a worker meets the others: it listens for those with a higher number, dials those with a lower one, and checks
// that both know the secret of the placement.
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "actors/lanes.hpp"
#include "actors/tcp_links.hpp"

namespace volley::actors {

class half_link;

/// Thread safety: any thread may call. Connections are made by the thread that runs the context.
class link_door final : public link_maker, public idle_work {
 public:
  /// Listens at any free port of a loopback address when it returns. REQUIRES: outlives its links.
  link_door(boost::asio::io_context& context, const std::string& address);
  ~link_door() override;

  std::uint16_t port() const { return port_; }
  /// By the context's thread, before it ends.
  void shut();

  std::shared_ptr<links> open(runtime::cluster::fence at, runtime::cluster::worker_number me,
                              const runtime::cluster::told::place& what,
                              std::shared_ptr<link_listener> listener) override;
  dropped_frames dropped() const override;

  bool look() override;
  void about_to_sleep() override;

 private:
  friend half_link;

  void accept();
  void dial(const std::shared_ptr<tcp_links>& from, const runtime::cluster::told::place& what);
  std::shared_ptr<tcp_links> links_of(runtime::cluster::fence at) const;
  void wait_for_links(const std::shared_ptr<half_link>& who);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::acceptor door_;
  std::uint16_t port_ = 0;
  std::list<std::weak_ptr<half_link>> waiting_;  // peers of a placement that is not known here yet
  mutable std::mutex current_;                   // guards the following
  std::shared_ptr<tcp_links> links_;
  dropped_frames dropped_before_;
};

}  // namespace volley::actors
