// What a recorder holds on one VP: events as columns, in the order they were recorded; and how the shares of all VPs
// become one.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/time.hpp"

namespace volley::runtime {

struct event_log {
  std::vector<step_t> stamps;
  std::vector<std::uint32_t> senders;
  std::vector<std::vector<double>> values;               ///< by quantity (multimeter), or the weights (weight_recorder)
  std::vector<std::uint32_t> targets, receptors, ports;  ///< weight_recorder only

  std::size_t size() const { return stamps.size(); }
  void clear();
  void append(const event_log& more);
  template <class Snapshot> void snapshot(Snapshot& s) { s(stamps, senders, values, targets, receptors, ports); }
};

/// Visits the events of several VPs in one order: by (stamp, sender, target, port), otherwise as recorded.
class event_merge {
 public:
  explicit event_merge(std::vector<const event_log*> parts);
  std::size_t size() const { return size_; }
  /// Calls visit(log, position in it) for every event.
  template <class Visit> void for_each(Visit&& visit) {
    for (std::size_t left = size_; left > 0; --left) {
      std::size_t first = 0;
      while (parts_[first].done()) ++first;
      for (std::size_t i = first + 1; i < parts_.size(); ++i)
        if (!parts_[i].done() && before(parts_[i], parts_[first])) first = i;
      visit(*parts_[first].log, parts_[first].position());
      ++parts_[first].next;
    }
  }

 private:
  struct part {
    const event_log* log;
    std::vector<std::uint32_t> order;  ///< empty: as recorded
    std::size_t next = 0;
    bool done() const { return next == log->size(); }
    std::size_t position() const { return order.empty() ? next : order[next]; }
  };
  static bool before(const part& a, const part& b);

  std::vector<part> parts_;
  std::size_t size_ = 0;
};

}  // namespace volley::runtime
