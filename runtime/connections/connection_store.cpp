#include "runtime/connections/connection_store.hpp"

#include <algorithm>
#include <bit>

namespace volley::runtime {
namespace {

std::uint64_t hash_of(const std::vector<double>& values) {
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
  if (wide_) grow_one(wide_slots_);
  else grow_one(narrow_slots_);
}

void slot_column::read(std::uint64_t begin, std::span<std::uint32_t> out) const {
  if (wide_) std::copy_n(wide_slots_.data() + begin, out.size(), out.begin());
  else std::copy_n(narrow_slots_.data() + begin, out.size(), out.begin());
}

void slot_column::write(std::uint64_t begin, std::span<const std::uint32_t> slots) {
  for (std::size_t i = 0; i < slots.size(); ++i) set(begin + i, slots[i]);
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
  collect_pages(runs_);
}

std::uint64_t connection_store::bytes() const {
  std::uint64_t sets = 0;
  for (const auto& set : parameter_sets_) sets += set.capacity() * sizeof(double);
  return rows_.bytes() + runs_.capacity() * sizeof(run) + slots_.bytes() +
         weights_.size() * sizeof(double) + run_cohorts_.capacity() * sizeof(std::uint32_t) +
         cohorts_.capacity() * sizeof(cohort) + traces_.capacity() * sizeof(double) + sets;
}

std::uint64_t connection_store::shared_weight_index(double weight) {
  const auto bits = std::bit_cast<std::uint64_t>(weight);
  const auto known = shared_index_.find(bits);
  if (known != shared_index_.end()) return known->second;
  shared_weights_.push_back(weight);  // first: an entry without its weight would be found again
  return shared_index_.emplace(bits, shared_weights_.size() - 1).first->second;
}

std::uint32_t connection_store::add_parameter_set(std::vector<double> values) {
  const auto hash = hash_of(values);
  const auto [begin, end] = known_sets_.equal_range(hash);
  for (auto known = begin; known != end; ++known)
    if (parameter_sets_[known->second] == values) return known->second;
  parameter_sets_.push_back(std::move(values));
  const auto index = static_cast<std::uint32_t>(parameter_sets_.size() - 1);
  known_sets_.emplace(hash, index);
  return index;
}

void connection_store::set_parameter_sets(std::uint32_t member, double value) {
  for (auto& set : parameter_sets_) set[member] = value;
  edited_ |= !parameter_sets_.empty();
  index_values();
}

// What is found by its value.
void connection_store::index_values() {
  known_sets_.clear();
  for (std::uint32_t i = 0; i < parameter_sets_.size(); ++i) known_sets_.emplace(hash_of(parameter_sets_[i]), i);
  shared_index_.clear();
  for (std::uint64_t i = 0; i < shared_weights_.size(); ++i) shared_index_.emplace(std::bit_cast<std::uint64_t>(shared_weights_[i]), i);
}

std::uint32_t connection_store::new_cohort(step_t born, std::uint32_t parameters) {
  const auto& set = parameter_sets_[parameters];
  traces_.resize(cohorts_.size() * n_traces_);  // what a failed attempt may have left
  traces_.insert(traces_.end(), set.end() - n_traces_, set.end());
  cohorts_.push_back({born, 0, parameters});
  return static_cast<std::uint32_t>(cohorts_.size() - 1);
}

std::uint32_t connection_store::clone_cohort(std::uint32_t index) {
  traces_.resize(cohorts_.size() * n_traces_);
  for (std::uint32_t i = 0; i < n_traces_; ++i) traces_.push_back(double(traces_[std::uint64_t{index} * n_traces_ + i]));
  cohorts_.push_back(cohort(cohorts_[index]));
  return static_cast<std::uint32_t>(cohorts_.size() - 1);
}

void connection_store::row_writer::append(const run& r, std::uint32_t cohort) {
  if (size_ % runs_in_a_part == 0) parts_.emplace_back().reserve(runs_in_a_part);
  parts_.back().push_back(r);
  if (store_.plastic_) run_cohorts_.push_back(cohort);
  ++size_;
}

void connection_store::row_writer::take_old_row(std::uint64_t source) {
  members_.clear();
  const auto [begin, end] = store_.rows_[source];
  for (auto i = begin; i < end; ++i) members_.push_back({store_.runs_[i], store_.plastic_ ? store_.run_cohorts_[i] : 0});
}

void connection_store::row_writer::copy_rows(std::uint64_t until) {
  for (; next_ < until; ++next_) {
    take_old_row(next_);
    if (members_.empty()) continue;
    rows_.add(next_, size_);
    for (const auto& m : members_) append(m.r, m.cohort);
  }
}

std::uint32_t connection_store::row_writer::cohort_for(const placed_run& added) {
  if (!store_.plastic_) return 0;
  // Connections that were born together with equal parameters share their traces.
  const auto twin = std::find_if(members_.begin(), members_.end(), [&](const member& m) {
    const auto& c = store_.cohorts_[m.cohort];
    return c.born == added.born && c.parameters == added.parameters && c.last_spike == 0;
  });
  return twin != members_.end() ? twin->cohort : store_.new_cohort(added.born, added.parameters);
}

void connection_store::row_writer::add(std::uint64_t source, std::span<const placed_run> runs) {
  copy_rows(source);
  take_old_row(source);
  for (const auto& added : runs) members_.push_back({added.r, cohort_for(added)});
  const auto before = [](const member& a, const member& b) {
    return a.r.delay_steps != b.r.delay_steps ? a.r.delay_steps < b.r.delay_steps : a.r.form < b.r.form;
  };
  if (!std::is_sorted(members_.begin(), members_.end(), before)) std::stable_sort(members_.begin(), members_.end(), before);
  rows_.add(next_++, size_);
  for (const auto& m : members_) append(m.r, m.cohort);
}

void connection_store::row_writer::finish() {
  copy_rows(std::max(next_, store_.source_limit()));
  rows_.finish(size_);
  pool<run> runs;
  runs.reserve(size_);  // the last thing that can fail
  pool<run>().swap(store_.runs_);
  for (auto& part : parts_) {
    runs.insert(runs.end(), part.begin(), part.end());
    pool<run>().swap(part);
  }
  store_.runs_.swap(runs);
  store_.run_cohorts_.swap(run_cohorts_);
  std::swap(store_.rows_, rows_);
  store_.recount();
}

void connection_store::replace(const std::vector<edited_row>& rows) {
  pool<run> runs;
  runs.reserve(runs_.size());
  std::vector<std::uint32_t> run_cohorts;
  row_index index;
  auto edited = rows.begin();
  rows_.for_each([&](std::uint64_t source) {
    const auto begin = runs.size();
    if (edited != rows.end() && edited->source == source) {
      runs.insert(runs.end(), edited->runs.begin(), edited->runs.end());
      run_cohorts.insert(run_cohorts.end(), edited->cohorts.begin(), edited->cohorts.end());
      ++edited;
    } else {
      const auto [first, last] = rows_[source];
      for (auto i = first; i < last; ++i) {
        runs.push_back(runs_[i]);
        if (plastic_) run_cohorts.push_back(run_cohorts_[i]);
      }
    }
    if (runs.size() != begin) index.add(source, begin);
  });
  index.finish(runs.size());
  runs_.swap(runs);
  run_cohorts_.swap(run_cohorts);
  std::swap(rows_, index);
  edited_ = true;
  recount();
}

void connection_store::recount() {
  connections_ = 0;
  for (const auto& r : runs_) connections_ += r.count;
}

}  // namespace volley::runtime
