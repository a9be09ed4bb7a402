// What the VPs of a network were told since they were empty, as far as it must be told again when some are lost.
//
// An image holds what orders have changed, but not what there is: orders that make nodes, connections and stores are
// kept for ever, all others and the runs until a cut behind them is committed.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <variant>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/shard/order.hpp"

namespace volley::runtime::cluster {

class order_log {
 public:
  using order_ref = std::shared_ptr<const order>;
  struct stretch {
    step_t from = 0, to = 0, interval_steps = 1;
  };
  /// VPs take their images of the committed cut.
  struct load {};
  using step = std::variant<order_ref, load, stretch>;

  /// All VPs have obeyed. Questions are not kept.
  void add(order_ref what);
  /// A run begins. It is to be told again as any other, also while it is on.
  void begin(const stretch& what);
  /// It has come this far.
  void end(step_t at);

  /// Where the last run stands.
  std::uint64_t mark() const { return dropped_ + recent_.size() - 1; }
  /// A cut is committed that was made in the run at `mark`, before step `at`.
  void commit(std::uint64_t mark, step_t at);

  /// From empty shards to where the network is, or is about to be.
  std::deque<step> way_back() const;
  std::size_t size() const { return lasting_.size() + recent_.size(); }

 private:
  std::vector<order_ref> lasting_;
  std::deque<step> recent_;    // since the committed cut
  std::uint64_t dropped_ = 0;  // before recent_
  bool has_images_ = false;    // a cut was committed
};

}  // namespace volley::runtime::cluster
