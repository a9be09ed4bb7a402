#include "runtime/calendar.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace volley::runtime {
namespace {

constexpr std::size_t prefetch_from = 64;  // shorter segments are not worth a prefetch
constexpr std::size_t line_bytes = 64;

template <class Slot>
void add_constant(const Slot* slots, std::uint32_t n, double amount, double* plane) {
  for (std::uint32_t i = 0; i < n; ++i) plane[slots[i]] += amount;
}

template <class Slot>
void add_weighted(const Slot* slots, const double* weights, std::uint32_t n, double factor, double* plane) {
  for (std::uint32_t i = 0; i < n; ++i) plane[slots[i]] += weights[i] * factor;
}

template <class Slot>
void add_by_sign(const Slot* slots, const double* weights, std::uint32_t n, double factor, const input_row& row) {
  double* const planes[2] = {row.positive, row.negative};
  for (std::uint32_t i = 0; i < n; ++i) {
    const double amount = weights[i] * factor;
    planes[amount < 0][slots[i]] += amount;
  }
}

template <class Slot>
void add_run(const run& r, const Slot* slots, const connection_store& store, double factor, const input_row& row) {
  const Slot* first = slots + r.begin;
  const auto n = static_cast<std::uint32_t>(r.count);
  switch (r.input()) {
    case input_form::count:
      add_constant(first, n, factor, row.positive);
      return;
    case input_form::current:
      if (r.varied) add_weighted(first, store.weights() + r.weight, n, factor, row.current);
      else add_constant(first, n, store.shared_weight(r.weight) * factor, row.current);
      return;
    case input_form::sum:
      if (r.varied) add_weighted(first, store.weights() + r.weight, n, factor, row.positive);
      else add_constant(first, n, store.shared_weight(r.weight) * factor, row.positive);
      return;
    case input_form::by_sign:
      if (r.varied) {
        add_by_sign(first, store.weights() + r.weight, n, factor, row);
      } else {
        const double amount = store.shared_weight(r.weight) * factor;
        add_constant(first, n, amount, amount < 0 ? row.negative : row.positive);
      }
      return;
  }
}

void prefetch_segment(const due_run& d, const connection_store& store) {
  const auto& r = d.segment;
  if (r.count < prefetch_from) return;
  const auto walk = [](const void* first, std::size_t bytes) {
    const char* line = static_cast<const char*>(first);
    for (std::size_t at = 0; at < bytes; at += line_bytes) __builtin_prefetch(line + at);
  };
  const auto& slots = store.slots();
  if (slots.wide()) walk(slots.wide_data() + r.begin, r.count * sizeof(std::uint32_t));
  else walk(slots.narrow_data() + r.begin, r.count * sizeof(std::uint16_t));
  if (r.varied) walk(store.weights() + r.weight, r.count * sizeof(double));
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

/// Walks the runs of a day.
class calendar::place {
 public:
  explicit place(const block* at) : at_(at) {}
  bool at_end() const { return at_ == nullptr; }
  const due_run& operator*() const { return at_->items[item_]; }
  void advance() {
    if (++item_ < at_->size) return;
    at_ = at_->next;
    item_ = 0;
  }

 private:
  const block* at_;
  std::uint32_t item_ = 0;
};

void deliver(const run& r, const connection_store& store, double factor, const input_row& row) {
  if (store.slots().wide()) add_run(r, store.slots().wide_data(), store, factor, row);
  else add_run(r, store.slots().narrow_data(), store, factor, row);
}

void calendar::deliver(step_t step, std::span<const connection_store* const> stores, const input_row& row) {
  list& day = queue_[static_cast<std::size_t>(step) & mask_];
  constexpr int distance = 2;
  place ahead(day.first);
  for (int i = 0; i < distance && !ahead.at_end(); ++i) ahead.advance();
  for (place at(day.first); !at.at_end(); at.advance()) {
    if (!ahead.at_end()) {
      prefetch_segment(*ahead, *stores[(*ahead).segment.delay_steps]);
      ahead.advance();
    }
    const due_run& due = *at;
    runtime::deliver(due.segment, *stores[due.segment.delay_steps], due.factor, row);
  }
  release(day);
}

}  // namespace volley::runtime
