// What a recorder holds on one VP: events as columns, in the order they were recorded; and how the shares of all VPs
// become one.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "runtime/base/time.hpp"

namespace volley::runtime {

struct event_log {
  std::vector<step_t> stamps;
  std::vector<std::uint32_t> senders;
  std::vector<std::vector<double>> values;               ///< by quantity (multimeter), or the weights (weight_recorder)
  std::vector<std::uint32_t> targets, receptors, ports;  ///< weight_recorder only
  std::vector<double> offsets_ms;                        ///< how long before its stamp each was; empty: 0

  std::size_t size() const { return stamps.size(); }
  /// What its events take, without room to spare: the same wherever they are.
  std::uint64_t bytes_used() const;
  double offset_ms(std::size_t i) const { return offsets_ms.empty() ? 0.0 : offsets_ms[i]; }
  double time_ms(std::size_t i, const time_grid& time) const { return time.to_ms(stamps[i]) - offset_ms(i); }
  void clear();
  void append(const event_log& more);
  /// One event of another log.
  void append(const event_log& from, std::size_t i);
  /// There is a value for each event in each column, or none at all.
  bool fits_together() const;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(stamps, senders, values, targets, receptors, ports, offsets_ms);
    if constexpr (Snapshot::loads)
      if (!fits_together()) s.refuse();
  }
  /// The image of a log that has the events from `first` on alone.
  template <class Writer> void save_from(Writer& s, std::size_t first) const {
    s.tail(stamps, first);
    s.tail(senders, first);
    s(std::uint64_t{values.size()});
    for (const auto& column : values) s.tail(column, first);
    for (const auto* column : {&targets, &receptors, &ports}) s.tail(*column, first);
    s.tail(offsets_ms, first);
  }
};

/// Some of the events: those later than a step, and of these the first so many, with all that have the last one's
/// stamp.
struct event_window {
  step_t after = std::numeric_limits<step_t>::min();
  std::size_t most = std::numeric_limits<std::size_t>::max();
};

/// Visits the events of several VPs in one order: by (time, sender, target, port), otherwise as recorded.
class event_merge {
 public:
  explicit event_merge(const std::vector<const event_log*>& parts, const event_window& window = {});
  std::size_t size() const { return size_; }
  /// Calls visit(log, position in it) for every event, once.
  template <class Visit> void for_each(Visit&& visit) {
    for (std::size_t left = size_; left > 0; --left) {
      part& next = earliest();
      visit(*next.log, next.position());
      ++next.done;
    }
  }

 private:
  struct part {
    const event_log* log;
    std::size_t first;                 ///< position of the first event, where they are in order
    std::vector<std::uint32_t> order;  ///< their positions; empty: as recorded
    std::size_t size, done = 0;
    std::size_t position() const { return order.empty() ? first + done : order[done]; }
  };
  static part part_of(const event_log& log, step_t after);
  static bool before(const part& a, const part& b);
  /// REQUIRES: some part has more events.
  part& earliest();
  void keep_first(std::size_t most);

  std::vector<part> parts_;
  std::size_t size_ = 0;
};

}  // namespace volley::runtime
