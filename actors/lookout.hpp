// Looks at the lanes once a beat, on the thread with the sockets, for VPs that stand still in a slice.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/lanes.hpp"
#include "caf/actor_system.hpp"
#include "runtime/cluster/membership.hpp"
#include "runtime/cluster/slice_watch.hpp"

namespace volley::actors {

class lookout {
 public:
  using told = std::function<void(std::size_t lane, const runtime::slice_place&)>;

  /// `found` is called again and again for as long as one stands still.
  lookout(boost::asio::io_context& context, caf::actor_system& lanes, std::chrono::milliseconds stuck_after, told found)
      : next_(context), lanes_(lanes), watch_(stuck_after, period), found_(std::move(found)) {}

  void look() {
    const auto places = slices_on_lanes(lanes_);
    if (const auto at = watch_.look(std::chrono::steady_clock::now(), places))
      found_(static_cast<std::size_t>(std::ranges::find(places, at) - places.begin()), *at);
    next_.expires_after(period);
    // A wait that is over cannot be cancelled any more, and is told when this may be gone.
    next_.async_wait([this, is_there = std::weak_ptr(is_there_)](boost::system::error_code ended) {
      if (!ended && !is_there.expired()) look();
    });
  }

 private:
  static constexpr auto period = runtime::cluster::heartbeat_limits().period;
  boost::asio::steady_timer next_;
  caf::actor_system& lanes_;
  runtime::cluster::slice_watch watch_;
  const told found_;
  const std::shared_ptr<const bool> is_there_ = std::make_shared<const bool>(true);
};

}  // namespace volley::actors
