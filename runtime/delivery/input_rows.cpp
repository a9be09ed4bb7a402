#include "runtime/delivery/input_rows.hpp"

#include <algorithm>

namespace volley::runtime {
namespace {

// Rows at a distance of a multiple of 4096 bytes would share cache sets and stall loads behind stores.
std::size_t padded_stride(std::size_t doubles) {
  const std::size_t line = (doubles + 7) / 8 * 8;
  return line * sizeof(double) % 4096 == 0 ? line + 8 : line;
}

void copy_plane(const double* from, double* to, std::size_t n) {
  if (from != nullptr && to != nullptr) std::copy_n(from, n, to);
}

}  // namespace

void input_rows::reshape(pool<double>& rows, std::size_t n, const row_shape& to, std::size_t stride) const {
  pool<double> wider(n * stride);
  std::fill(wider.begin(), wider.end(), 0.0);
  const std::size_t kept = stride_ == 0 ? 0 : std::min(n, rows.size() / stride_);
  for (std::size_t i = 0; i < kept; ++i) {
    const auto old = at(rows.data() + i * stride_);
    double* row = wider.data() + i * stride;
    copy_plane(old.positive, row, shape_.slots);
    if (to.splits_by_sign) copy_plane(old.negative, row + to.negative_at(), shape_.slots);
    copy_plane(old.current, row + to.current_at(), shape_.current_slots);
  }
  rows.swap(wider);
}

void input_rows::prepare(const row_shape& shape, std::uint32_t interval_steps) {
  const std::size_t stride = padded_stride(shape.size());
  if (shape == shape_ && interval_steps == interval_steps_) return;
  reshape(rows_, interval_steps, shape, stride);
  if (arrivals_ != 0) reshape(arrived_, arrivals_, shape, stride);
  for (auto& [due, row] : spilled_) reshape(row, 1, shape, stride);
  shape_ = shape;
  stride_ = stride;
  interval_steps_ = interval_steps;
}

void input_rows::open_arrivals(std::uint32_t max_delay_steps) {
  // An arrival is due in [from, from + max_delay), where `from` is the interval's begin.
  const std::uint32_t needed = std::max(max_delay_steps, interval_steps_);
  if (needed == arrivals_) return;
  // Delay extrema are frozen before the first interval: a ring that holds sums never changes its length.
  arrived_.resize(std::size_t{needed} * stride_);
  std::fill(arrived_.begin(), arrived_.end(), 0.0);
  arrivals_ = needed;
}

void input_rows::begin_interval(step_t from) {
  while (!spilled_.empty() && spilled_.begin()->first < from + interval_steps_) {
    const auto& [due, sums] = *spilled_.begin();
    std::copy_n(sums.begin(), shape_.size(),
                rows_.begin() + static_cast<std::ptrdiff_t>((due - from) * static_cast<step_t>(stride_)));
    spilled_.erase(spilled_.begin());
  }
}

input_row input_rows::spilled(step_t due) {
  auto& row = spilled_[due];
  if (row.empty()) {
    row.resize(stride_);
    std::fill(row.begin(), row.end(), 0.0);
  }
  return at(row.data());
}

input_row input_rows::copy(const double* row, pool<double>& to) const {
  to.assign(row, row + stride_);
  return at(to.data());
}

input_row input_rows::copy_of_spilled(step_t due, pool<double>& to) const {
  if (const auto known = spilled_.find(due); known != spilled_.end()) return copy(known->second.data(), to);
  to.assign(stride_, 0.0);
  return at(to.data());
}

double input_rows::bytes_of(double slots, double current_slots, bool splits_by_sign, step_t interval_steps,
                            step_t max_delay) {
  const double stride = slots * (splits_by_sign ? 2 : 1) + current_slots;
  const auto arrivals = max_delay == 0 ? 0 : max_delay + interval_steps;  // as shard/delivery asks for
  return stride * static_cast<double>(interval_steps + arrivals) * sizeof(double);
}

std::uint64_t input_rows::bytes() const {
  return (rows_.capacity() + arrived_.capacity() + spilled_.size() * stride_) * sizeof(double);
}

}  // namespace volley::runtime
