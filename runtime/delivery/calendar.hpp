// The queue of due segments: an arriving spike puts the segments of its source on the step at which they act, and each
// step walks what is due into the rows of the current interval, which stay in the cache.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/delivery/input_rows.hpp"

namespace volley::runtime {

class calendar {
 public:
  /// Room for delays up to `max_delay_steps` seen from an interval's begin. Keeps what is queued.
  void prepare(std::uint32_t max_delay_steps);

  /// Puts `r` of store `store` on step `due`. `factor` is the spike's multiplicity, times the weight a generator gave
  /// the spike. Calls come in canonical order: (emission step, source id, store, rank). REQUIRES: the segment has
  /// connections.
  void push(step_t due, segment r, store_ordinal store, double factor) {
    r.delay_steps = store.index();
    list& day = queue_[static_cast<std::size_t>(due) & mask_];
    if (factor != day.factor) {
      append(day, mark_of(factor));
      day.factor = factor;
    }
    append(day, r);
  }

  /// Adds what is due at `step` to `row` in the order of the calls, prefetching the segments that follow.
  void add(step_t step, table_view<store_ordinal, const connection_store* const> stores, const input_row& row) const;
  /// The same, and forgets it.
  void deliver(step_t step, table_view<store_ordinal, const connection_store* const> stores, const input_row& row) {
    add(step, stores, row);
    release(queue_[static_cast<std::size_t>(step) & mask_]);
  }

  template <class Snapshot> void snapshot(Snapshot& s) {
    auto days = items();
    s.fixed(days);
    if constexpr (Snapshot::loads) replace(days);
  }

  bool empty(step_t step) const { return queue_[static_cast<std::size_t>(step) & mask_].first == nullptr; }
  bool empty() const;
  std::uint64_t bytes() const { return blocks_.size() * sizeof(block) + queue_.capacity() * sizeof(list); }

 private:
  /// All days share blocks, so that a burst of spikes takes its memory once. The delay bits of a segment hold the
  /// ordinal of its store. A segment without connections is a mark: its second word is the factor of those behind it.
  struct block {
    static constexpr std::uint32_t capacity = 255;  // fills a page
    block* next = nullptr;
    std::uint32_t size = 0;
    segment items[capacity];
  };
  static_assert(sizeof(block) == 4096);
  struct list {
    block* first = nullptr;
    block* last = nullptr;
    double factor = 1;  ///< of the last item
  };
  class place;

  static store_ordinal store_of(const segment& queued) { return store_ordinal(queued.delay_steps); }
  static segment mark_of(double factor) {
    return std::bit_cast<segment>(std::array{std::uint64_t{0}, std::bit_cast<std::uint64_t>(factor)});
  }
  void append(list& day, const segment& item) {
    if (day.last == nullptr || day.last->size == block::capacity) extend(day);
    day.last->items[day.last->size++] = item;
  }
  std::vector<std::vector<segment>> items() const;
  void replace(const std::vector<std::vector<segment>>& days);
  static double factor_of(const segment& mark) {
    return std::bit_cast<double>(std::bit_cast<std::array<std::uint64_t, 2>>(mark)[1]);
  }
  void extend(list& day);
  void release(list& day);

  std::size_t mask_ = 0;
  std::vector<list> queue_{1};
  std::vector<std::unique_ptr<block>> blocks_;
  block* free_ = nullptr;
};

/// Adds one segment to `row`.
void deliver(const segment& r, const connection_store& store, double factor, const input_row& row);

}  // namespace volley::runtime
