// Where a worker meets the others: it listens for those with a higher number, dials those with a lower one, and checks
// that both know the secret of the placement. Connections that break are made again in the same way.
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/image_post.hpp"
#include "actors/lanes.hpp"
#include "actors/tcp_links.hpp"

namespace volley::actors {

class half_link;

/// Thread safety: any thread may call. Connections are made by the thread that runs the context.
class link_door final : public link_maker, public idle_work {
 public:
  /// Listens at any free port when it returns. `tls`: of this process, null: nothing is encrypted.
  /// REQUIRES: outlives its links.
  link_door(boost::asio::io_context& context, const boost::asio::ip::address& address,
            std::shared_ptr<protocol::tls_identity> tls = nullptr);
  ~link_door() override;

  std::uint16_t port() const { return port_; }
  /// By the context's thread, before it ends.
  void shut();

  std::shared_ptr<links> open(runtime::cluster::fence at, runtime::cluster::worker_number me,
                              const runtime::cluster::told::place& what,
                              std::shared_ptr<link_listener> listener) override;
  std::shared_ptr<image_carrier> open_for_images(runtime::cluster::fence at, runtime::cluster::worker_number me,
                                                 const std::string& secret, image_listener listener) override;
  frame_counts counts() const override;

  bool look() override;
  std::optional<std::chrono::nanoseconds> about_to_sleep() override;

 private:
  friend half_link;

  using time_point = tcp_links::clock::time_point;

  void accept();
  void meet_strangers();
  void dial_all(const std::shared_ptr<tcp_links>& from, const std::vector<tcp_links::address>& peers);
  /// `why`: what has become of the attempt before, if there was one.
  void dial(const std::shared_ptr<link_end>& from, const tcp_links::address& to, time_point until, time_point answer_by,
            const std::string& why);
  void mend(const std::shared_ptr<tcp_links>& which, const tcp_links::address& peer, time_point stood,
            const std::string& why);
  void forget(tcp_links& closed);
  std::shared_ptr<link_end> end_of(protocol::frame_kind greeting, runtime::cluster::fence at) const;

  boost::asio::io_context& context_;
  const std::shared_ptr<protocol::tls_identity> tls_;
  boost::asio::ip::tcp::acceptor door_;
  boost::asio::steady_timer pause_;  // of accepting, when descriptors run out
  std::uint16_t port_ = 0;
  std::list<std::weak_ptr<half_link>> strangers_, dialled_;  // on their way
  std::list<std::weak_ptr<boost::asio::steady_timer>> mending_;
  mutable std::mutex current_;                     // guards the following
  std::vector<std::shared_ptr<tcp_links>> links_;  // that are open: those of a kernel's placement each
  std::vector<std::weak_ptr<image_post>> posts_;   // the same
  frame_counts counts_before_;
};

}  // namespace volley::actors
