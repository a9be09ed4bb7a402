// A growing set of ids, kept as intervals, which neighbours become part of.
#pragma once
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>

#include "runtime/base/contract.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class id_intervals {
 public:
  /// Some id that is in both; none where they are apart.
  std::optional<std::uint64_t> shared_with(const node_set& nodes) const {
    for (const auto& r : nodes.ranges) {
      if (r.step == 1) {
        if (const auto id = shared_with(r.first, r.last)) return id;
      } else {
        for (auto id = r.first; id <= r.last; id += r.step)
          if (shared_with(id, id)) return id;
      }
    }
    return {};
  }

  /// REQUIRES: none of `nodes` is in the set.
  void add(const node_set& nodes) {
    for (const auto& r : nodes.ranges) {
      if (r.step == 1)
        add(r.first, r.last);
      else
        for (auto id = r.first; id <= r.last; id += r.step) add(id, id);
    }
  }

  template <class Snapshot> void snapshot(Snapshot& s) { s(last_by_first_); }

 private:
  std::optional<std::uint64_t> shared_with(std::uint64_t first, std::uint64_t last) const {
    const auto after = last_by_first_.upper_bound(last);
    if (after == last_by_first_.begin() || std::prev(after)->second < first) return {};
    return std::prev(after)->second < last ? std::prev(after)->second : last;
  }
  void add(std::uint64_t first, std::uint64_t last) {
    expects(!shared_with(first, last), "nodes are added to a set once");
    auto after = last_by_first_.upper_bound(first);
    if (after != last_by_first_.begin() && std::prev(after)->second + 1 == first) first = std::prev(after)->first;
    if (after != last_by_first_.end() && after->first == last + 1) {
      last = after->second;
      last_by_first_.erase(after);
    }
    last_by_first_[first] = last;
  }

  std::map<std::uint64_t, std::uint64_t> last_by_first_;
};

}  // namespace volley::runtime
