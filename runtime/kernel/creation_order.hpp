// In which order calls made the connections of one synapse model, as far as the rows on the VPs do not tell it.
//
// GetConnections lists the connections of a source call by call, and within a call by target. Most calls connect nodes
// that no call had connected before: then the two ends of a connection tell which call made it, and nothing is kept for
// each. Other calls have to mark their connections (projection::told_call), which makes multapse numbers follow the
// calls too.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/rules/projection.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// A set of ids as disjoint intervals. Sets of many single ids are taken for the whole of their span.
class id_spans {
 public:
  id_spans() = default;
  explicit id_spans(const node_set& nodes);
  void add(std::uint64_t first, std::uint64_t last);
  void add(const id_spans& more);
  bool contains(std::uint64_t id) const;
  bool overlaps(const id_spans& other) const;
  template <class Visit> void for_each(Visit&& visit) const {
    for (const auto& [first, last] : intervals_) visit(first, last);
  }
  bool operator==(const id_spans&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(intervals_); }

 private:
  std::map<std::uint64_t, std::uint64_t> intervals_;  // first -> last
};

/// What a call connects.
struct call_ends {
  id_spans sources, targets;
  std::vector<source_reach> reaches;  ///< of all sources, ascending; exact or too much

  /// Sources to targets as a rule may connect them.
  call_ends(const node_set& sources, const node_set& targets);
  /// Pairs given one by one.
  call_ends(const node_set& sources, const node_set& targets, std::vector<source_reach> exact);
};

class creation_order {
 public:
  /// False: the call may connect some that are connected already, and has to mark its connections.
  bool tells(const call_ends& ends) const { return place_of(ends) != place::told; }
  /// The call was made. Ordinals grow.
  void add(const call_ends& ends, std::uint32_t ordinal);
  /// The call that made an unmarked connection.
  std::uint32_t call_of(std::uint64_t source, std::uint64_t target) const;
  /// True when a list of unmarked connections in the order of their targets is in that of their calls.
  bool is_by_target() const { return chains_.size() <= 1; }
  template <class Snapshot> void snapshot(Snapshot& s) { s(chains_); }

 private:
  /// The largest target of each source.
  class high_marks {
   public:
    bool are_below(const source_reach& next) const;
    void raise(const source_reach& to);
    template <class Snapshot> void snapshot(Snapshot& s) { s(stretches_); }

   private:
    struct stretch {
      std::uint64_t last, highest;
    };
    void cut_at(std::uint64_t source);
    std::map<std::uint64_t, stretch> stretches_;  // by first source; disjoint
  };
  /// Calls one after the other that made the connections of each source in the order of their targets.
  struct chain {
    std::uint32_t ordinal;
    id_spans sources, targets;  ///< of all, though not each with each
    high_marks marks;
    template <class Snapshot> void snapshot(Snapshot& s) { s(ordinal, sources, targets, marks); }
  };
  enum class place { in_last_chain, in_new_chain, told };
  place place_of(const call_ends& ends) const;

  std::vector<chain> chains_;
};

}  // namespace volley::runtime
