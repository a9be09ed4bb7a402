#include "runtime/delivery/calendar.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/delivery/input_forms.hpp"

namespace volley::runtime {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::uint32_t chunk = 32;  // connections between two prefetches: a line of narrow slots

/// Brings a segment into the cache line by line, while another one is delivered: all lines at once would wait for each
/// other.
class upcoming_lines {
 public:
  upcoming_lines() = default;
  upcoming_lines(const segment& r, const connection_store& store) {
    const auto& slots = store.slots();
    if (slots.wide())
      slots_ = {slots.wide_data() + r.begin, r.count};
    else
      slots_ = {slots.narrow_data() + r.begin, r.count};
    if (r.varied) weights_ = {store.weights() + r.weight, r.count};
  }
  /// The lines of one chunk.
  void next() {
    slots_.next();
    weights_.next();
  }
  /// What is left: this segment is longer than the one that was delivered.
  void rest() {
    while (slots_.left() || weights_.left()) next();
  }

 private:
  class column {
   public:
    column() = default;
    template <class T> column(const T* first, std::uint64_t n)
        : at_(reinterpret_cast<const char*>(first)),
          end_(at_ + n * sizeof(T)),
          lines_(chunk * sizeof(T) / line_bytes) {}
    bool left() const { return at_ < end_; }
    void next() {
      for (std::size_t i = 0; i < lines_ && left(); ++i, at_ += line_bytes) __builtin_prefetch(at_);
    }

   private:
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    std::size_t lines_ = 0;
  };
  column slots_, weights_;
};

/// Calls add(i) for i below n, in order, and prefetches between chunks.
template <class Add> void in_chunks(std::uint32_t n, upcoming_lines& upcoming, Add&& add) {
  std::uint32_t i = 0;
  for (; i + chunk <= n; i += chunk) {
    upcoming.next();
    for (std::uint32_t j = i; j < i + chunk; ++j) add(j);
  }
  for (; i < n; ++i) add(i);
}

template <class F, class Slot> void add_segment(const segment& r, const Slot* all_slots, const connection_store& store,
                                                double factor, const input_row& row, upcoming_lines& upcoming) {
  const Slot* const slots = all_slots + r.begin;
  const std::uint32_t n = r.count;
  const auto [positive, negative] = F::planes(row);
  if constexpr (models::facts_of(F::name).counts) {
    for (std::uint32_t i = 0; i < n; ++i)
      add_amount<F>({positive, negative}, slots[i], store.weight(r, i) * factor, factor);
    return;
  }
  if (!F::weighs || !r.varied) {
    const double amount = F::weighs ? store.shared_weight(r.weight) * factor : factor;
    double* const plane = splits<F> && amount < 0 ? negative : positive;
    // Equal amounts may come in any order: neighbours, which are often the same slot, are kept apart.
    std::uint32_t i = 0;
    for (; i + chunk <= n; i += chunk) {
      upcoming.next();
      for (std::uint32_t j = i; j < i + chunk / 2; ++j) {
        plane[slots[j]] += amount;
        plane[slots[j + chunk / 2]] += amount;
      }
    }
    for (; i < n; ++i) plane[slots[i]] += amount;
    return;
  }
  const double* const weights = store.weights() + r.weight;
  if constexpr (splits<F>) {
    double* const planes[2] = {positive, negative};
    in_chunks(n, upcoming, [&](std::uint32_t i) {
      const double amount = weights[i] * factor;
      planes[amount < 0][slots[i]] += amount;
    });
  } else {
    in_chunks(n, upcoming, [=, plane = positive](std::uint32_t i) { plane[slots[i]] += weights[i] * factor; });
  }
}

void deliver_segment(const segment& r, const connection_store& store, double factor, const input_row& row,
                     upcoming_lines& upcoming) {
  with_form(r.input(), [&](auto form) {
    using F = decltype(form);
    if (store.slots().wide())
      add_segment<F>(r, store.slots().wide_data(), store, factor, row, upcoming);
    else
      add_segment<F>(r, store.slots().narrow_data(), store, factor, row, upcoming);
  });
}

}  // namespace

void calendar::prepare(std::uint32_t max_delay_steps) {
  const std::size_t size = std::bit_ceil(std::size_t{max_delay_steps} + 1);
  if (size == queue_.size()) return;
  // Delays are frozen with the first interval, and before it nothing is queued.
  queue_.resize(size);
  mask_ = size - 1;
}

bool calendar::empty() const {
  return std::ranges::all_of(queue_, [](const list& day) { return day.first == nullptr; });
}

void calendar::extend(list& day) {
  if (free_ == nullptr) free_ = blocks_.emplace_back(std::make_unique<block>()).get();
  block* const taken = std::exchange(free_, free_->next);
  taken->next = nullptr;
  taken->size = 0;
  (day.last == nullptr ? day.first : day.last->next) = taken;
  day.last = taken;
}

void calendar::release(list& day) {
  if (day.first == nullptr) return;
  day.last->next = std::exchange(free_, day.first);
  day = {};
}

std::vector<std::vector<segment>> calendar::items() const {
  std::vector<std::vector<segment>> days(queue_.size());
  for (std::size_t i = 0; i < days.size(); ++i)
    for (const block* b = queue_[i].first; b != nullptr; b = b->next)
      days[i].insert(days[i].end(), b->items, b->items + b->size);
  return days;
}

void calendar::replace(const std::vector<std::vector<segment>>& days) {
  for (std::size_t i = 0; i < days.size(); ++i) {
    release(queue_[i]);
    for (const segment& item : days[i]) {
      append(queue_[i], item);
      if (item.count == 0) queue_[i].factor = factor_of(item);
    }
  }
}

/// Walks the segments of a day.
class calendar::place {
 public:
  explicit place(const block* at) : at_(at) { read_marks(); }
  bool at_end() const { return at_ == nullptr; }
  const segment& operator*() const { return at_->items[item_]; }
  double factor() const { return factor_; }
  void advance() {
    step();
    read_marks();
  }

 private:
  void step() {
    if (++item_ < at_->size) return;
    at_ = at_->next;
    item_ = 0;
  }
  void read_marks() {
    for (; at_ != nullptr && at_->items[item_].count == 0; step()) factor_ = factor_of(at_->items[item_]);
  }

  const block* at_;
  std::uint32_t item_ = 0;
  double factor_ = 1;
};

void deliver(const segment& r, const connection_store& store, double factor, const input_row& row) {
  upcoming_lines nothing;
  deliver_segment(r, store, factor, row, nothing);
}

void calendar::add(step_t step, table_view<store_ordinal, const connection_store* const> stores,
                   const input_row& row) const {
  const list& day = queue_[static_cast<std::size_t>(step) & mask_];
  constexpr int distance = 4;
  place ahead(day.first);
  for (int i = 0; i < distance && !ahead.at_end(); ++i) ahead.advance();
  for (place at(day.first); !at.at_end(); at.advance()) {
    upcoming_lines upcoming;
    if (!ahead.at_end()) {
      upcoming = {*ahead, *stores[store_of(*ahead)]};
      ahead.advance();
    }
    deliver_segment(*at, *stores[store_of(*at)], at.factor(), row, upcoming);
    upcoming.rest();
  }
}

}  // namespace volley::runtime
