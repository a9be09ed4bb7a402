#include "runtime/post_history.hpp"

#include <algorithm>

#include "models/core/math.hpp"

namespace volley::runtime {
namespace {

double decay(step_t steps, double resolution_ms, double tau_ms) {
  return models::exp(-(static_cast<double>(steps) * resolution_ms) / tau_ms);
}

}  // namespace

std::uint32_t post_history::add_lines(std::uint32_t cells) {
  const auto first = static_cast<std::uint32_t>(counts_.size());
  open_.resize(first + cells);
  counts_.resize(first + cells);
  stamps_.resize(std::size_t{first + cells} * capacity_);
  K_.resize(std::size_t{first + cells} * capacity_);
  return first;
}

void post_history::cut(std::uint32_t first) {
  open_.resize(first);
  counts_.resize(first);
  stamps_.resize(std::size_t{first} * capacity_);
  K_.resize(std::size_t{first} * capacity_);
}

void post_history::append(std::uint32_t line, step_t stamp, double tau_minus_ms, double resolution_ms) {
  if (counts_[line] == capacity_) widen();
  const std::size_t at = std::size_t{line} * capacity_ + counts_[line];
  K_[at] = counts_[line] == 0 ? 1.0 : K_[at - 1] * decay(stamp - stamps_[at - 1], resolution_ms, tau_minus_ms) + 1.0;
  stamps_[at] = stamp;
  if (++counts_[line] > capacity_ / 2) crowded_ = true;
}

std::span<const step_t> post_history::between(std::uint32_t line, step_t after, step_t upto) const {
  const step_t* first = stamps_.data() + std::size_t{line} * capacity_;
  const step_t* last = first + counts_[line];
  // Lines are short and the window lies at their end.
  while (last != first && last[-1] > upto) --last;
  const step_t* begin = last;
  while (begin != first && begin[-1] > after) --begin;
  return {begin, last};
}

double post_history::K_minus(std::uint32_t line, step_t at, double tau_minus_ms, double resolution_ms) const {
  const std::size_t first = std::size_t{line} * capacity_;
  for (std::size_t i = first + counts_[line]; i-- > first;)
    if (stamps_[i] < at) return K_[i] * decay(at - stamps_[i], resolution_ms, tau_minus_ms);
  return 0.0;
}

void post_history::prune(step_t oldest) {
  for (std::size_t line = 0; line < counts_.size(); ++line) {
    const std::size_t first = line * capacity_;
    std::uint32_t drop = 0;
    while (drop + 1 < counts_[line] && stamps_[first + drop + 1] < oldest) ++drop;
    if (drop == 0) continue;
    counts_[line] -= drop;
    std::copy_n(stamps_.begin() + static_cast<std::ptrdiff_t>(first + drop), counts_[line], stamps_.begin() + static_cast<std::ptrdiff_t>(first));
    std::copy_n(K_.begin() + static_cast<std::ptrdiff_t>(first + drop), counts_[line], K_.begin() + static_cast<std::ptrdiff_t>(first));
  }
  crowded_ = false;
}

void post_history::widen() {
  const std::uint32_t wider = capacity_ * 2;
  std::vector<step_t> stamps(counts_.size() * wider);
  std::vector<double> K(counts_.size() * wider);
  for (std::size_t line = 0; line < counts_.size(); ++line) {
    std::copy_n(stamps_.begin() + static_cast<std::ptrdiff_t>(line * capacity_), counts_[line], stamps.begin() + static_cast<std::ptrdiff_t>(line * wider));
    std::copy_n(K_.begin() + static_cast<std::ptrdiff_t>(line * capacity_), counts_[line], K.begin() + static_cast<std::ptrdiff_t>(line * wider));
  }
  stamps_.swap(stamps);
  K_.swap(K);
  capacity_ = wider;
}

std::uint64_t post_history::bytes() const {
  return open_.capacity() + counts_.capacity() * sizeof(std::uint32_t) + stamps_.capacity() * sizeof(step_t) +
         K_.capacity() * sizeof(double);
}

}  // namespace volley::runtime
