// Reads rows of a connection store as users see them: connections with their targets and multapse numbers.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/target_lookup.hpp"

namespace volley::runtime {

/// A connection of the row at hand.
struct row_entry {
  std::uint32_t segment;  ///< position in the row
  std::uint32_t at;       ///< position in the segment
  connection_name name;
};

/// One that somebody looks for.
struct sought_connection {
  static constexpr std::uint32_t any = ~std::uint32_t{0};
  std::uint32_t target;
  std::uint32_t number;  ///< or any: the smallest that is meant
  auto operator<=>(const sought_connection&) const = default;
};

class row_reader {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  row_reader(const connection_store& store, const target_lookup& targets) : store_(store), targets_(targets) {}

  /// From now on only connections with these targets are read, and others that are named so.
  void want(std::uint64_t target) { mark(target, 1); }
  void want_no_more(std::uint64_t target) { mark(target, 0); }

  /// The connections of `source` with wanted targets, or all of them, in the order of the row. Valid until the next
  /// call.
  std::span<const row_entry> read_wanted(std::uint64_t source) { return read(source, true); }
  std::span<const row_entry> read_all(std::uint64_t source) { return read(source, false); }
  /// Positions in what was read, by (target, number).
  std::span<const std::uint32_t> by_name() const { return by_name_; }

  /// Reads the connections of `source` with the targets that are sought, and finds each: its position in what was read,
  /// or none. `meant`: the segments that any connection of a target may be in; null: all. REQUIRES: `sought` ascends;
  /// no target is wanted.
  std::span<const row_entry> find(std::uint64_t source, std::span<const sought_connection> sought,
                                  std::span<std::uint32_t> found,
                                  const std::function<bool(std::uint32_t segment)>& meant = nullptr);

 private:
  void mark(std::uint64_t target, std::uint8_t value);
  std::span<const row_entry> read(std::uint64_t source, bool wanted_only);
  template <class Slot> void collect(std::uint32_t segment_at, const segment& r, const Slot* slots, bool wanted_only);
  void name_entries(std::uint64_t source);
  void name_group(const connection_names::row* told, std::span<std::uint32_t> group);

  const connection_store& store_;
  const target_lookup& targets_;
  std::vector<std::uint8_t> wanted_[2];  // by slot: for spikes, for currents
  std::vector<row_entry> entries_;
  std::vector<std::uint32_t> by_name_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace volley::runtime
