// Memory that several networks share: each has what it asked for, first come, first served.
#pragma once
#include <memory>
#include <mutex>
#include <utility>

namespace volley::runtime {

/// Thread safety: any thread.
class memory_pool {
  friend class memory_share;
  std::mutex mutex_;  // guards what all have taken
  double taken_ = 0;
};

/// One network's part, which goes back with it. Thread safety: as the pool.
class memory_share {
 public:
  explicit memory_share(std::shared_ptr<memory_pool> of) : of_(std::move(of)) {}
  ~memory_share() { settle(0); }
  memory_share(const memory_share&) = delete;
  memory_share& operator=(const memory_share&) = delete;

  /// The network is to take so many bytes in all, and has them from now on where that is no more than what is returned:
  /// the most that it could have, since all may take `limit`. What it has does not shrink.
  double claim(double bytes, double limit);
  /// It takes so many bytes: what it claimed beyond is free again.
  void settle(double bytes);
  double taken_by_others() const;

 private:
  const std::shared_ptr<memory_pool> of_;
  double mine_ = 0;
};

}  // namespace volley::runtime
