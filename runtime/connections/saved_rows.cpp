#include "runtime/connections/saved_rows.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "runtime/base/halves.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t unnumbered = ~std::uint32_t{0};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

/// Numbers things by their first mention.
class numbering {
 public:
  /// Calls made() for one that is new.
  template <class Made> std::uint32_t of(std::uint32_t thing, Made&& made) {
    const auto [at, fresh] = numbers_.emplace(thing, static_cast<std::uint32_t>(numbers_.size()));
    if (fresh) made();
    return at->second;
  }

 private:
  std::map<std::uint32_t, std::uint32_t> numbers_;
};

/// Takes rows of one store out of it.
class row_saver {
 public:
  row_saver(const connection_store& store, const target_lookup& targets) : store_(store), targets_(targets) {}

  void add(std::uint64_t source) {
    const auto row = store_.row(source);
    to_.sources.push_back(low_half(source));
    to_.row_segments.push_back(static_cast<std::uint32_t>(row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (store_.has_cohorts()) to_.cohorts.push_back(cohort(store_.cohort_index(store_.first_segment(source) + i)));
      add(row[i]);
    }
    if (const auto* told = store_.names().find(source)) to_.names[source] = *told;
  }
  saved_rows take() { return std::move(to_); }

 private:
  void add(const segment& r) {
    const bool currents = r.is_current();
    to_.counts.push_back(static_cast<std::uint32_t>(r.count));
    to_.delays.push_back(static_cast<std::uint32_t>(r.delay_steps));
    const auto first = receptor(r, 0);
    bool many = false;
    for (std::uint64_t i = 0; i < r.count; ++i) {
      to_.targets.push_back(low_half(targets_.id(store_.slot(r, i), currents)));
      const double* const variables = store_.variables_at(r.begin + i);
      to_.variables.insert(to_.variables.end(), variables, variables + store_.n_variables());
      many |= receptor(r, i) != first;
    }
    for (std::uint64_t i = 0; i < (many ? r.count : 1); ++i) to_.receptors.push_back(receptor(r, i));
    for (std::uint64_t i = 0; i < (r.varied ? r.count : 1); ++i) to_.weights.push_back(store_.weight(r, i));
    to_.marks.push_back(static_cast<std::uint8_t>((r.varied ? saved_rows::varied : 0) |
                                                  (currents ? saved_rows::currents : 0) |
                                                  (many ? saved_rows::many_receptors : 0)));
  }
  std::uint32_t receptor(const segment& r, std::uint64_t i) const {
    const auto owner = targets_.slots(r.is_current()).owner(store_.slot(r, i));
    return targets_.blocks()[owner.block].channels[owner.receptor].receptor;
  }
  std::uint32_t cohort(std::uint32_t index) {
    return cohorts_.of(index, [&] {
      const auto& c = store_.cohort_at(index);
      to_.born.push_back(c.born);
      to_.last_spikes.push_back(c.last_spike);
      to_.last_offsets_ms.push_back(c.last_offset_ms);
      to_.sets.push_back(sets_.of(c.parameters, [&] {
        const auto set = store_.parameter_set(c.parameters);
        to_.parameter_sets.emplace_back(set.begin(), set.end());
      }));
      to_.traces.insert(to_.traces.end(), store_.traces_at(index), store_.traces_at(index) + store_.n_traces());
    });
  }

  const connection_store& store_;
  const target_lookup& targets_;
  saved_rows to_;
  numbering cohorts_, sets_;
};

}  // namespace

bool saved_rows::fits_together() const {
  const auto sum = [](const auto& column) { return std::reduce(column.begin(), column.end(), std::uint64_t{0}); };
  const auto below = [](const auto& column, std::size_t limit) {
    return std::ranges::all_of(column, [limit](auto x) { return x < limit; });
  };
  const auto segments = counts.size();
  if (row_segments.size() != sources.size() || sum(row_segments) != segments || delays.size() != segments ||
      marks.size() != segments || (!cohorts.empty() && cohorts.size() != segments) || sum(counts) != targets.size())
    return false;
  std::uint64_t n_receptors = 0, n_weights = 0;
  for (std::size_t i = 0; i < segments; ++i) {
    if (counts[i] == 0 || marks[i] > all_marks || delays[i] < 1 || delays[i] > max_delay_steps) return false;
    n_receptors += marks[i] & many_receptors ? counts[i] : 1;
    n_weights += marks[i] & varied ? counts[i] : 1;
  }
  return receptors.size() == n_receptors && weights.size() == n_weights &&
         std::ranges::adjacent_find(sources, std::greater_equal()) == sources.end() && below(cohorts, born.size()) &&
         last_spikes.size() == born.size() && last_offsets_ms.size() == born.size() && sets.size() == born.size() &&
         below(sets, parameter_sets.size());
}

saved_rows rows_of(const connection_store& store, const target_lookup& targets, std::uint64_t first,
                   std::uint64_t last) {
  row_saver saver(store, targets);
  const auto is_told = [&](std::uint64_t source) {  // numbers of connections that are gone are given to no others
    return !store.names().empty() && store.names().find(source) != nullptr;
  };
  for (auto source = first; source <= last && source < store.source_limit(); ++source)
    if (!store.row(source).empty() || is_told(source)) saver.add(source);
  return saver.take();
}

connection_store::row_loader::row_loader(connection_store& store, std::size_t set_size, const target_lookup& targets,
                                         const layout& place)
    : store_(store), set_size_(set_size), targets_(targets), place_(place) {
  store_.slots_.grow(0, targets_.slot_limit());
}

void connection_store::row_loader::add(std::span<const saved_rows> of_all) {
  std::vector<cursor> at(of_all.size());
  for (std::size_t i = 0; i < of_all.size(); ++i) {
    const auto& from = of_all[i];
    const bool fits =
        from.cohorts.size() == (store_.has_cohorts_ ? from.counts.size() : 0) &&
        from.traces.size() == from.born.size() * store_.n_traces_ &&
        from.variables.size() == from.targets.size() * store_.n_variables_ &&
        std::ranges::all_of(from.parameter_sets, [this](const auto& set) { return set.size() == set_size_; });
    if (!fits) snapshot_reader::refuse();
    at[i].cohorts.assign(from.born.size(), unnumbered);
  }
  auto names = names_in(of_all);
  for (;;) {
    constexpr auto none = std::numeric_limits<std::uint64_t>::max();
    auto source = none;
    for (std::size_t i = 0; i < of_all.size(); ++i)
      if (at[i].row < of_all[i].sources.size()) source = std::min<std::uint64_t>(source, of_all[i].sources[at[i].row]);
    if (source == none) break;
    if (source < next_) snapshot_reader::refuse();
    loose_.clear();
    for (auto& cohorts : cohorts_) cohorts.clear();
    for (std::size_t i = 0; i < of_all.size(); ++i) {
      if (at[i].row == of_all[i].sources.size() || of_all[i].sources[at[i].row] != source) continue;
      for (auto left = of_all[i].row_segments[at[i].row++]; left > 0; --left) take_segment(of_all[i], at[i]);
    }
    if (!loose_.empty() || names.contains(source)) put_row(source);
    next_ = source + 1;
  }
  store_.put_names(names);
}

void connection_store::row_loader::take_segment(const saved_rows& from, cursor& at) {
  const auto k = at.segment++;
  const auto count = from.counts[k];
  const bool varied = from.marks[k] & saved_rows::varied, currents = from.marks[k] & saved_rows::currents,
             many = from.marks[k] & saved_rows::many_receptors;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto target = from.targets[at.connection + i];
    if (!place_.holds(target)) continue;
    const auto slot = slot_of(target, from.receptors[at.receptor + (many ? i : 0)], currents);
    const auto form = targets_.form(slot, currents);
    const bool keeps_times = models::facts_of(form).keeps_times;
    loose_.push_back({slot.index(), from.delays[k], static_cast<std::uint32_t>(form),
                      store_.has_cohorts_ ? cohort_for(from, from.cohorts[k], keeps_times, at) : 0,
                      from.weights[at.weight + (varied ? i : 0)], varied,
                      from.variables.data() + (at.connection + i) * store_.n_variables_});
  }
  at.connection += count;
  at.receptor += many ? count : 1;
  at.weight += varied ? count : 1;
}

input_slot connection_store::row_loader::slot_of(std::uint32_t target, std::uint32_t receptor, bool currents) const {
  if (const auto block = targets_.block_of(target))
    for (const auto& c : targets_.blocks()[*block].channels)
      if (c.receptor == receptor && c.currents == currents && !c.makes_entry)
        return c.first_slot + targets_.blocks()[*block].ids.cell(target);
  snapshot_reader::refuse();
}

// Each VP had a cohort of its own for connections that were born together. Where all is equal, it is one.
std::uint32_t connection_store::row_loader::cohort_for(const saved_rows& from, std::uint32_t number, bool keeps_times,
                                                       cursor& at) {
  auto& known = at.cohorts[number];
  if (known != unnumbered) return known;
  const double* const traces = from.traces.data() + std::size_t{number} * store_.n_traces_;
  const auto set = store_.add_parameter_set(from.parameter_sets[from.sets[number]]);
  const auto twin = cohorts_[keeps_times].find(set, [&](std::uint32_t index) {
    const auto& c = store_.cohorts_[index];
    return c.born == from.born[number] && c.last_spike == from.last_spikes[number] &&
           c.last_offset_ms == from.last_offsets_ms[number] && c.parameters == set &&
           std::equal(traces, traces + store_.n_traces_, store_.traces_at(index), same_bits);
  });
  if (twin != set_index::none) return known = twin;
  known = store_.new_cohort(from.born[number], set);
  store_.cohorts_[known].spiked({from.last_spikes[number], from.last_offsets_ms[number]});
  store_.set_cohort(known, set, {traces, store_.n_traces_});
  cohorts_[keeps_times].add(known, [this](std::uint32_t index) { return store_.cohorts_[index].parameters; });
  return known;
}

void connection_store::row_loader::put_row(std::uint64_t source) {
  const auto before = [](const auto& a, const auto& b) {
    return std::tie(a.delay, a.form) < std::tie(b.delay, b.form);
  };
  if (!std::is_sorted(loose_.begin(), loose_.end(), before)) std::stable_sort(loose_.begin(), loose_.end(), before);
  const auto alike = [](const auto& a, const auto& b) {
    return a.delay == b.delay && a.form == b.form && a.cohort == b.cohort && a.varied == b.varied &&
           (a.varied || same_bits(a.weight, b.weight));
  };
  const auto first_segment = store_.segments_.size();
  store_.slots_.make_room(loose_.size());
  auto slot = store_.slots_.extend(loose_.size());
  runtime::make_room(store_.variables_, loose_.size() * store_.n_variables_);
  for (std::size_t begin = 0, end = 0; begin < loose_.size(); begin = end) {
    const auto& first = loose_[begin];
    for (end = begin + 1; end < loose_.size() && end - begin < segment::max_count && alike(loose_[end], first);) ++end;
    segment r{};
    r.begin = slot;
    r.count = end - begin;
    r.delay_steps = first.delay;
    r.form = first.form;
    r.varied = first.varied;
    r.weight = first.varied ? store_.weights_.size() : store_.shared_weight_index(first.weight);
    if (first.varied) runtime::make_room(store_.weights_, end - begin);
    for (auto i = begin; i < end; ++i) {
      store_.slots_.set(slot++, input_slot(loose_[i].slot));
      store_.variables_.insert(store_.variables_.end(), loose_[i].variables, loose_[i].variables + store_.n_variables_);
      if (first.varied) store_.weights_.push_back(double(loose_[i].weight));
    }
    runtime::make_room(store_.segments_, 1);
    store_.segments_.push_back(r);
    if (!store_.has_cohorts_) continue;
    runtime::make_room(store_.segment_cohorts_, 1);
    store_.segment_cohorts_.push_back(std::uint32_t{first.cohort});
  }
  store_.rows_.add(source, first_segment, store_.segments_.size() - first_segment);
}

connection_names::rows connection_store::row_loader::names_in(std::span<const saved_rows> of_all) const {
  connection_names::rows mine;
  const auto take = [this](const auto& all, auto& some) {
    std::ranges::copy_if(all, std::back_inserter(some), [this](const auto& one) { return place_.holds(one.target); });
    std::ranges::stable_sort(some, {}, [](const auto& one) { return one.target; });
  };
  for (const auto& from : of_all)
    for (const auto& [source, row] : from.names) {
      take(row.told, mine[source].told);
      take(row.used, mine[source].used);
    }
  std::erase_if(mine, [](const auto& one) { return one.second.empty(); });
  return mine;
}

void connection_store::row_loader::finish() {
  store_.rows_.finish();
  store_.edited_ = true;
  store_.recount();
  store_.settle();
}

}  // namespace volley::runtime
