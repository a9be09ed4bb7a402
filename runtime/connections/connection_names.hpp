// What tells apart the connections that one source has with one target. They are numbered in the order of their making
// (multapse numbers, `port` for users); a number stays with its connection, and nobody gets it again. Mostly the order
// of the row tells the number. What it does not tell is held here, row by row: numbers after a delay changed or a
// neighbour went, and the calls that made connections between nodes that were connected before.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace volley::runtime {

/// A connection among those of its source in one store.
struct connection_name {
  std::uint32_t target;
  std::uint32_t number;
  std::uint32_t call;  ///< ordinal of the call that made it; 0: the one that first connected the two
                       ///< (runtime/kernel/creation_order.hpp)
  bool operator==(const connection_name&) const = default;
};

/// Numbers below `next` were given to connections with `target`, some of which are gone.
struct used_numbers {
  std::uint32_t target, next;
  bool operator==(const used_numbers&) const = default;
};

class connection_names {
 public:
  /// Of one source. Both columns ascend by target; connections with one target come in the order of the row.
  struct row {
    std::vector<connection_name> told;
    std::vector<used_numbers> used;  ///< where it is more than one past the largest number in use
    bool empty() const { return told.empty() && used.empty(); }
    template <class Snapshot> void snapshot(Snapshot& s) { s(told, used); }
  };

  using rows = std::map<std::uint64_t, row>;

  bool empty() const { return rows_.empty(); }
  /// Null: the order of the row tells all.
  const row* find(std::uint64_t source) const {
    const auto at = rows_.find(source);
    return at == rows_.end() ? nullptr : &at->second;
  }
  /// Replaces rows; an empty one takes away what was told of its source. Leaves nothing in `changed`.
  void put(rows& changed) noexcept;

  std::uint64_t bytes() const;
  template <class Snapshot> void snapshot(Snapshot& s) { s(rows_); }

 private:
  rows rows_;
};

/// What is told of connections with `target`; nothing: the n-th of them in the row has number n.
std::span<const connection_name> told_of(const connection_names::row* row, std::uint32_t target);
/// The first number that no connection with `target` ever had, where `live` of them are in the row.
std::uint32_t next_number(const connection_names::row* row, std::uint32_t target, std::uint32_t live);

/// Replaces in `row` all that is told of some targets by `names`: connections with these targets as they are from now
/// on, in ascending order of targets and those of one target in the order of the row. `next`: of each target,
/// ascending; targets that lost all connections are among them.
void rename(connection_names::row& row, std::span<const connection_name> names, std::span<const used_numbers> next);

}  // namespace volley::runtime
