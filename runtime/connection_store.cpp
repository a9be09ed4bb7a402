#include "runtime/connection_store.hpp"

#include <algorithm>
#include <bit>

namespace volley::runtime {

void slot_column::grow(std::uint64_t size, std::uint64_t slot_limit) {
  if (!wide_ && slot_limit > 0x10000) {
    wide_slots_.resize(narrow_slots_.size());
    std::copy(narrow_slots_.begin(), narrow_slots_.end(), wide_slots_.begin());
    pool<std::uint16_t>().swap(narrow_slots_);
    wide_ = true;
  }
  // Exact: doubling would cost twice the memory of the largest part of the network.
  if (wide_) {
    wide_slots_.reserve(size);
    wide_slots_.resize(size);
  } else {
    narrow_slots_.reserve(size);
    narrow_slots_.resize(size);
  }
}

std::uint64_t slot_column::bytes() const {
  return narrow_slots_.capacity() * sizeof(std::uint16_t) + wide_slots_.capacity() * sizeof(std::uint32_t);
}

std::uint64_t connection_store::bytes() const {
  std::uint64_t sets = 0;
  for (const auto& set : parameter_sets_) sets += set.capacity() * sizeof(double);
  return first_run_.capacity() * sizeof(std::uint64_t) + runs_.capacity() * sizeof(run) + slots_.bytes() +
         weights_.capacity() * sizeof(double) + run_cohorts_.capacity() * sizeof(std::uint32_t) +
         cohorts_.capacity() * sizeof(cohort) + traces_.capacity() * sizeof(double) + sets;
}

std::uint64_t connection_store::shared_weight_index(double weight) {
  const auto [entry, added] = shared_index_.try_emplace(std::bit_cast<std::uint64_t>(weight), shared_weights_.size());
  if (added) shared_weights_.push_back(weight);
  return entry->second;
}

std::uint32_t connection_store::add_parameter_set(std::vector<double> values) {
  const auto known = std::find(parameter_sets_.begin(), parameter_sets_.end(), values);
  if (known != parameter_sets_.end()) return static_cast<std::uint32_t>(known - parameter_sets_.begin());
  parameter_sets_.push_back(std::move(values));
  return static_cast<std::uint32_t>(parameter_sets_.size() - 1);
}

std::uint32_t connection_store::new_cohort(step_t born, std::uint32_t parameters) {
  cohorts_.push_back({born, 0, parameters});
  const auto& set = parameter_sets_[parameters];
  traces_.insert(traces_.end(), set.end() - n_traces_, set.end());
  return static_cast<std::uint32_t>(cohorts_.size() - 1);
}

std::uint32_t connection_store::clone_cohort(std::uint32_t index) {
  cohorts_.push_back(cohort(cohorts_[index]));
  for (std::uint32_t i = 0; i < n_traces_; ++i) traces_.push_back(double(traces_[std::uint64_t{index} * n_traces_ + i]));
  return static_cast<std::uint32_t>(cohorts_.size() - 1);
}

void connection_store::insert(std::vector<placed_run> added) {
  if (added.empty()) return;
  std::stable_sort(added.begin(), added.end(),
                   [](const placed_run& a, const placed_run& b) { return a.source < b.source; });
  const std::uint64_t limit = std::max<std::uint64_t>(source_limit(), added.back().source + 1);

  pool<run> runs;
  runs.reserve(runs_.size() + added.size());
  std::vector<std::uint32_t> run_cohorts;
  if (plastic_) run_cohorts.reserve(runs_.size() + added.size());
  std::vector<std::uint64_t> first_run(limit + 1);

  struct member {
    run r;
    std::uint32_t cohort;
  };
  std::vector<member> members;
  auto next = added.begin();
  for (std::uint64_t source = 0; source < limit; ++source) {
    first_run[source] = runs.size();
    members.clear();
    if (source < source_limit()) {
      for (auto i = first_run_[source]; i < first_run_[source + 1]; ++i)
        members.push_back({runs_[i], plastic_ ? run_cohorts_[i] : 0});
    }
    const auto old = members.size();
    for (; next != added.end() && next->source == source; ++next) {
      std::uint32_t mine = 0;
      if (plastic_) {
        // Connections that were born together with equal parameters share their traces.
        const auto twin = std::find_if(members.begin(), members.end(), [&](const member& m) {
          const auto& c = cohorts_[m.cohort];
          return c.born == next->born && c.parameters == next->parameters && c.last_spike == 0;
        });
        mine = twin != members.end() ? twin->cohort : new_cohort(next->born, next->parameters);
      }
      members.push_back({next->r, mine});
    }
    if (members.size() != old) {
      std::stable_sort(members.begin(), members.end(), [](const member& a, const member& b) {
        return a.r.delay_steps != b.r.delay_steps ? a.r.delay_steps < b.r.delay_steps : a.r.form < b.r.form;
      });
    }
    for (const auto& m : members) {
      runs.push_back(m.r);
      if (plastic_) run_cohorts.push_back(m.cohort);
    }
  }
  first_run[limit] = runs.size();
  runs.shrink_to_fit();
  runs_.swap(runs);
  run_cohorts_.swap(run_cohorts);
  first_run_.swap(first_run);
  recount();
}

void connection_store::replace(const std::vector<edited_row>& rows) {
  pool<run> runs;
  runs.reserve(runs_.size());
  std::vector<std::uint32_t> run_cohorts;
  std::vector<std::uint64_t> first_run(first_run_.size());
  auto edited = rows.begin();
  for (std::uint64_t source = 0; source < source_limit(); ++source) {
    first_run[source] = runs.size();
    if (edited != rows.end() && edited->source == source) {
      runs.insert(runs.end(), edited->runs.begin(), edited->runs.end());
      run_cohorts.insert(run_cohorts.end(), edited->cohorts.begin(), edited->cohorts.end());
      ++edited;
      continue;
    }
    for (auto i = first_run_[source]; i < first_run_[source + 1]; ++i) {
      runs.push_back(runs_[i]);
      if (plastic_) run_cohorts.push_back(run_cohorts_[i]);
    }
  }
  if (!first_run.empty()) first_run.back() = runs.size();
  runs_.swap(runs);
  run_cohorts_.swap(run_cohorts);
  first_run_.swap(first_run);
  recount();
}

void connection_store::recount() {
  connections_ = 0;
  for (const auto& r : runs_) connections_ += r.count;
}

}  // namespace volley::runtime
