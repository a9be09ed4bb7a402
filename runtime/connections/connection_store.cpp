#include "runtime/connections/connection_store.hpp"

#include <algorithm>
#include <bit>

#include "runtime/base/contract.hpp"
#include "runtime/base/digest.hpp"

namespace volley::runtime {
namespace {

std::uint64_t hash_of(std::span<const double> values) {
  std::uint64_t hash = 0;
  for (const double v : values) hash = (hash ^ std::bit_cast<std::uint64_t>(v)) * 0x9e3779b97f4a7c15 + (hash >> 32);
  return hash;
}

}  // namespace

void slot_column::grow(std::uint64_t size, std::uint64_t slot_limit) {
  if (!wide_ && slot_limit > 0x10000) {
    wide_slots_.resize(narrow_slots_.size());
    std::copy(narrow_slots_.begin(), narrow_slots_.end(), wide_slots_.begin());
    pool<std::uint16_t>().swap(narrow_slots_);
    wide_ = true;
  }
  const auto grow_one = [size](auto& slots) {
    const auto begin = slots.size();
    slots.reserve(size);  // exact: doubling would cost twice the memory of the largest part of the network
    slots.resize(size);
    bring_pages(slots, begin, size);
  };
  if (wide_)
    grow_one(wide_slots_);
  else
    grow_one(narrow_slots_);
}

void slot_column::make_room(std::uint64_t more) {
  if (wide_)
    runtime::make_room(wide_slots_, more);
  else
    runtime::make_room(narrow_slots_, more);
}

std::uint64_t slot_column::extend(std::uint64_t more) {
  const auto begin = size();
  if (wide_)
    wide_slots_.resize(begin + more);
  else
    narrow_slots_.resize(begin + more);
  return begin;
}

void slot_column::read(std::uint64_t begin, std::span<std::uint32_t> out) const {
  if (wide_)
    std::copy_n(wide_slots_.data() + begin, out.size(), out.begin());
  else
    std::copy_n(narrow_slots_.data() + begin, out.size(), out.begin());
}

void slot_column::write(std::uint64_t begin, std::span<const std::uint32_t> slots) {
  for (std::size_t i = 0; i < slots.size(); ++i) set(begin + i, input_slot(slots[i]));
}

std::uint64_t slot_column::bytes() const {
  return narrow_slots_.capacity() * sizeof(std::uint16_t) + wide_slots_.capacity() * sizeof(std::uint32_t);
}

void slot_column::settle() {
  collect_pages(narrow_slots_);
  collect_pages(wide_slots_);
}

void connection_store::settle() {
  slots_.settle();
  collect_pages(weights_);
  collect_pages(variables_);
  collect_pages(segments_);
  known_sets_.clear();
}

std::uint64_t connection_store::bytes() const {
  // Of what is reserved beyond the end of these columns, pages were never touched.
  const auto doubles = weights_.size() + variables_.size() + traces_.size() + parameter_sets_.size();
  return rows_.bytes() + segments_.capacity() * sizeof(segment) + slots_.bytes() + doubles * sizeof(double) +
         segment_cohorts_.capacity() * sizeof(std::uint32_t) + cohorts_.size() * sizeof(cohort) + names_.bytes();
}

std::uint64_t connection_store::shared_weight_index(double weight) {
  const auto bits = std::bit_cast<std::uint64_t>(weight);
  const auto known = shared_index_.find(bits);
  if (known != shared_index_.end()) return known->second;
  shared_weights_.push_back(weight);  // first: an entry without its weight would be found again
  return shared_index_.emplace(bits, shared_weights_.size() - 1).first->second;
}

std::uint32_t connection_store::add_parameter_set(std::span<const double> values) {
  if (n_sets_ == 0) set_size_ = values.size();
  expects(values.size() == set_size_, "parameter sets of a store have one size");
  const auto hash_of_set = [this](std::uint32_t set) { return hash_of(parameter_set(set)); };
  while (known_sets_.size() < n_sets_) known_sets_.add(known_sets_.size(), hash_of_set);
  const auto known = known_sets_.find(
      hash_of(values), [&](std::uint32_t set) { return std::ranges::equal(parameter_set(set), values); });
  if (known != set_index::none) return known;
  parameter_sets_.resize(n_sets_ * set_size_);  // without what a failed attempt may have left
  parameter_sets_.insert(parameter_sets_.end(), values.begin(), values.end());
  known_sets_.add(n_sets_++, hash_of_set);
  return n_sets_ - 1;
}

void connection_store::set_parameter_sets(std::uint32_t member, double value) {
  for (std::uint64_t set = 0; set < n_sets_; ++set) parameter_sets_[set * set_size_ + member] = value;
  edited_ |= n_sets_ != 0;
  index_values();
}

void connection_store::reserve_cohorts(std::uint64_t cohorts, std::uint64_t sets, std::uint64_t set_size) {
  cohorts_.reserve(cohorts_.size() + cohorts);
  traces_.reserve((cohorts_.size() + cohorts) * n_traces_);
  parameter_sets_.reserve((n_sets_ + sets) * set_size);
}

// What is found by its value.
void connection_store::index_values() {
  known_sets_.clear();
  shared_index_.clear();
  for (std::uint64_t i = 0; i < shared_weights_.size(); ++i)
    shared_index_.emplace(std::bit_cast<std::uint64_t>(shared_weights_[i]), i);
}

std::uint32_t connection_store::new_cohort(step_t born, std::uint32_t parameters) {
  const auto set = parameter_set(parameters);
  traces_.resize(cohorts_.size() * n_traces_);  // what a failed attempt may have left
  traces_.insert(traces_.end(), set.end() - n_traces_, set.end());
  cohorts_.push_back({born, 0, parameters});
  return static_cast<std::uint32_t>(cohorts_.size() - 1);
}

void connection_store::recount() {
  connections_ = row_segments_ = row_weights_ = 0;
  for_each_segment([this](const segment& r) {
    connections_ += r.count;
    if (r.varied) row_weights_ += r.count;
    ++row_segments_;
  });
  swept_cohorts_ = cohorts_.size();
  swept_sets_ = n_sets_;
  swept_shared_weights_ = shared_weights_.size();
}

std::uint64_t connection_store::rows_digest() const {
  digest sum;
  rows_.for_each([&](std::uint64_t source) {
    sum.add(source);
    const auto all = row(source);
    sum.add(all.data(), all.size());
    for (const segment& r : all)
      for (std::uint64_t i = 0; i < r.count; ++i) sum.add(slot(r, i).index());
  });
  sum.add(shared_weights_.data(), shared_weights_.size());
  sum.add(segment_cohorts_.data(), segment_cohorts_.size());
  if (!plastic_) sum.add(weights_.data(), weights_.size());
  return sum.value();
}

}  // namespace volley::runtime
