// The frames that two workers exchange, over connections that may break: each interval's frame is taken once and in
// its order, whatever is sent twice, late, or by a life that is over.
//
// A peer sends frame k + 1 only after it has our frame k: so what it may still lack is in our last two frames.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/base/contract.hpp"
#include "runtime/cluster/worker.hpp"

namespace volley::runtime::cluster {

/// What becomes of a frame that has come.
enum class frame_fate : std::uint8_t {
  taken,     ///< it is the next one
  stale,     ///< of another epoch or placement: dropped
  repeated,  ///< it was here before: dropped
  ahead      ///< one is missing in between: the connection is worth nothing
};

/// One peer's side. Frame is a handle, cheap to copy. Thread safety: none.
template <class Frame> class peer_frames {
 public:
  static constexpr std::size_t kept_frames = 2;

  explicit peer_frames(fence here, std::uint64_t next_interval = 0)
      : here_(here), next_out_(next_interval), next_in_(next_interval) {}

  // ---- out

  /// Our frame of the next interval. True: send it now; false: it is kept until the peer says what it has.
  bool put_out(std::uint64_t interval, Frame f) {
    expects(interval == next_out_, "frames go out in the order of their intervals");
    ++next_out_;
    kept_.push_back(std::move(f));
    if (kept_.size() > kept_frames) kept_.pop_front();
    return is_up_;
  }
  /// A connection stands, and the peer lacks frames from `next` on: these are sent before any other. Nothing: it lacks
  /// what is not kept any more, so it is no peer of this run.
  std::optional<std::vector<Frame>> connect(std::uint64_t next) {
    if (!has_from(next)) return std::nullopt;
    is_up_ = true;
    return std::vector<Frame>(kept_.end() - static_cast<std::ptrdiff_t>(next_out_ - next), kept_.end());
  }
  /// What a peer lacks that has all before `next` is kept.
  bool has_from(std::uint64_t next) const { return next <= next_out_ && next_out_ - next <= kept_.size(); }
  void disconnect() { is_up_ = false; }
  bool is_up() const { return is_up_; }

  // ---- in

  /// What we lack, to be said when a connection stands: frames from this interval on.
  std::uint64_t next() const { return next_in_; }

  frame_fate arrive(fence at, std::uint64_t interval) {
    if (at != here_) return ++stale_, frame_fate::stale;
    if (interval < next_in_) return ++repeated_, frame_fate::repeated;
    if (interval > next_in_) return frame_fate::ahead;
    ++next_in_;
    return frame_fate::taken;
  }

  std::uint64_t stale() const { return stale_; }
  std::uint64_t repeated() const { return repeated_; }

 private:
  const fence here_;
  std::uint64_t next_out_, next_in_;
  std::deque<Frame> kept_;  ///< the last of those before next_out_
  bool is_up_ = false;
  std::uint64_t stale_ = 0, repeated_ = 0;
};

}  // namespace volley::runtime::cluster
