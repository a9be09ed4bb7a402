// Rows of a connection store that change where they lie, and the sweeping of what they left behind.
#include <algorithm>
#include <new>

#include "runtime/base/contract.hpp"
#include "runtime/connections/connection_store.hpp"

namespace volley::runtime {
namespace {

// Sweeping reads all of a column: what was left behind since the last time pays for it.
constexpr std::uint64_t worth_little = 4096;

bool worth_sweeping(std::uint64_t size, std::uint64_t in_use) { return size - in_use > in_use / 2 + worth_little; }

bool has_grown_much(std::size_t size, std::size_t when_swept) { return size > 2 * when_swept + worth_little / 4; }

/// Numbers the entries in use anew, in their order; others get none.
constexpr std::uint32_t unused = ~std::uint32_t{0};
void number_in_order(std::vector<std::uint32_t>& numbers) {
  std::uint32_t next = 0;
  for (auto& number : numbers)
    if (number != unused) number = next++;
}

}  // namespace

void connection_store::stretch::add(std::uint64_t from, std::uint64_t count) {
  if (size == 0) begin = from;
  whole = whole && from == begin + size;
  size += count;
}

connection_store::row_places connection_store::places_of(std::uint64_t source) const {
  row_places places;
  for (const segment& r : row(source)) {
    places.slots.add(r.begin, r.count);
    if (r.varied) places.weights.add(r.weight, r.count);
  }
  return places;
}

connection_store::column_room connection_store::room_for(std::uint64_t source, const row_content& content) const {
  const auto old = places_of(source);
  column_room room;
  if (!old.slots.fits(content.slots.size())) room.slots = content.slots.size();
  if (!old.weights.fits(content.weights.size())) room.weights = content.weights.size();
  if (content.segments.size() > row(source).size()) room.segments = content.segments.size();
  return room;
}

void connection_store::make_room(const column_room& room) {
  slots_.make_room(room.slots);
  runtime::make_room(variables_, room.slots * n_variables_);
  runtime::make_room(weights_, room.weights);
  runtime::make_room(segments_, room.segments);
  if (!has_cohorts_) return;
  runtime::make_room(segment_cohorts_, room.segments);
  runtime::make_room(cohorts_, room.cohorts);
  runtime::make_room(traces_, room.cohorts * n_traces_);
}

void connection_store::put_row(std::uint64_t source, const row_content& content) {
  const auto old = places_of(source);
  const auto [old_begin, old_end] = rows_[source];
  expects(old_begin != old_end, "a row that is replaced is there");
  for (auto i = old_begin; i < old_end; ++i)
    if (segments_[i].varied) row_weights_ -= segments_[i].count;

  const auto slots = old.slots.fits(content.slots.size()) ? old.slots.begin : slots_.extend(content.slots.size());
  slots_.write(slots, content.slots);
  variables_.resize(slots_.size() * n_variables_);
  std::ranges::copy(content.variables, variables_at(slots));
  auto weights = old.weights.begin;
  if (!old.weights.fits(content.weights.size())) {
    weights = weights_.size();
    weights_.resize(weights + content.weights.size());
  }
  std::ranges::copy(content.weights, weights_.begin() + static_cast<std::ptrdiff_t>(weights));

  auto begin = old_begin;
  if (content.segments.size() > old_end - old_begin) {
    begin = segments_.size();
    segments_.resize(begin + content.segments.size());
    if (has_cohorts_) segment_cohorts_.resize(segments_.size());
  }
  for (std::size_t i = 0; i < content.segments.size(); ++i) {
    segment r = content.segments[i];
    r.begin += slots;
    if (r.varied) r.weight += weights;
    segments_[begin + i] = r;
    if (has_cohorts_) segment_cohorts_[begin + i] = content.cohorts[i];
  }
  rows_.move(source, begin, content.segments.size());
  connections_ += content.slots.size() - old.slots.size;
  row_segments_ += content.segments.size() - (old_end - old_begin);
  row_weights_ += content.weights.size();
}

void connection_store::promote(std::uint64_t index) {
  segment& r = segments_[index];
  const double weight = shared_weights_[r.weight];
  const auto first = weights_.size();
  weights_.resize(first + r.count, weight);
  r.varied = 1;
  r.weight = first;
  row_weights_ += r.count;
}

void connection_store::set_cohort(std::uint32_t index, std::uint32_t parameters, std::span<const double> traces) {
  cohorts_[index].parameters = parameters;
  std::ranges::copy(traces, traces_.begin() + static_cast<std::ptrdiff_t>(std::uint64_t{index} * n_traces_));
}

void connection_store::clone_cohort(std::uint32_t index) {
  traces_.resize(cohorts_.size() * n_traces_);  // what a failed attempt may have left
  for (std::uint32_t i = 0; i < n_traces_; ++i)
    traces_.push_back(double(traces_[std::uint64_t{index} * n_traces_ + i]));
  cohorts_.push_back(cohort(cohorts_[index]));
}

void connection_store::end_edit() try {
  edited_ = true;
  if (worth_sweeping(slots_.size(), connections_)) sweep_slots();
  if (worth_sweeping(weights_.size(), row_weights_)) sweep_weights();
  if (worth_sweeping(segments_.size(), row_segments_)) sweep_segments();
  if (has_grown_much(cohorts_.size(), swept_cohorts_)) sweep_cohorts();
  if (has_grown_much(n_sets_, swept_sets_)) sweep_parameter_sets();
  if (has_grown_much(shared_weights_.size(), swept_shared_weights_)) sweep_shared_weights();
} catch (const std::bad_alloc&) {
  // The edit is done. Columns that could not be swept are as good as before, and the next edit tries again.
}

void connection_store::sweep_slots() {
  slot_column swept;
  swept.grow(connections_, slots_.wide() ? std::uint64_t{1} << 32 : 0);
  pool<double> swept_variables;
  swept_variables.reserve(connections_ * n_variables_);
  std::uint64_t next = 0;
  for_each_segment([&](segment& r) {
    for (std::uint64_t i = 0; i < r.count; ++i) swept.set(next + i, slots_[r.begin + i]);
    const double* const variables = variables_at(r.begin);
    swept_variables.insert(swept_variables.end(), variables, variables + r.count * n_variables_);
    r.begin = next;
    next += r.count;
  });
  std::swap(slots_, swept);
  variables_.swap(swept_variables);
  slots_.settle();
  collect_pages(variables_);
}

void connection_store::sweep_weights() {
  pool<double> swept;
  swept.reserve(row_weights_);
  for_each_segment([&](segment& r) {
    if (!r.varied) return;
    const auto first = weights_.begin() + static_cast<std::ptrdiff_t>(r.weight);
    r.weight = swept.size();
    swept.insert(swept.end(), first, first + static_cast<std::ptrdiff_t>(r.count));
  });
  weights_.swap(swept);
  collect_pages(weights_);
}

void connection_store::sweep_segments() {
  pool<segment> swept;
  pool<std::uint32_t> swept_cohorts;
  swept.reserve(row_segments_);
  swept_cohorts.reserve(has_cohorts_ ? row_segments_ : 0);
  rows_.for_each([&](std::uint64_t source) {
    const auto [begin, end] = rows_[source];
    const auto to = swept.size();
    for (auto i = begin; i < end; ++i) {
      swept.push_back(segments_[i]);
      if (has_cohorts_) swept_cohorts.push_back(segment_cohorts_[i]);
    }
    rows_.move(source, to, end - begin);
  });
  segments_.swap(swept);
  segment_cohorts_.swap(swept_cohorts);
  collect_pages(segments_);
}

void connection_store::sweep_cohorts() {
  std::vector<std::uint32_t> numbers(cohorts_.size(), unused);
  const auto for_each_cohort = [this](auto&& visit) {  // of segments in rows: what others have is no cohort any more
    for_each_segment(
        [&](const segment& r) { visit(segment_cohorts_[static_cast<std::size_t>(&r - segments_.data())]); });
  };
  for_each_cohort([&](std::uint32_t cohort) { numbers[cohort] = 0; });
  number_in_order(numbers);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == unused) continue;
    cohorts_[numbers[i]] = cohorts_[i];
    std::copy_n(traces_at(i), n_traces_,
                traces_.begin() + static_cast<std::ptrdiff_t>(std::uint64_t{numbers[i]} * n_traces_));
  }
  const auto kept =
      static_cast<std::size_t>(std::ranges::count_if(numbers, [](auto number) { return number != unused; }));
  for_each_cohort([&](std::uint32_t& cohort) { cohort = numbers[cohort]; });
  cohorts_.erase(cohorts_.begin() + static_cast<std::ptrdiff_t>(kept), cohorts_.end());
  traces_.resize(kept * n_traces_);
  swept_cohorts_ = kept;
}

void connection_store::sweep_parameter_sets() {
  std::vector<std::uint32_t> numbers(n_sets_, unused);
  for (const auto& c : cohorts_) numbers[c.parameters] = 0;
  number_in_order(numbers);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == unused) continue;
    const auto set = parameter_set(i);
    std::ranges::copy(set, parameter_sets_.begin() + static_cast<std::ptrdiff_t>(numbers[i] * set_size_));
  }
  for (auto& c : cohorts_) c.parameters = numbers[c.parameters];
  n_sets_ = static_cast<std::uint32_t>(std::ranges::count_if(numbers, [](auto number) { return number != unused; }));
  parameter_sets_.resize(n_sets_ * set_size_);
  swept_sets_ = n_sets_;
  index_values();
}

void connection_store::sweep_shared_weights() {
  std::vector<std::uint32_t> numbers(shared_weights_.size(), unused);
  for_each_segment([&](const segment& r) {
    if (!r.varied) numbers[r.weight] = 0;
  });
  number_in_order(numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != unused) shared_weights_[numbers[i]] = shared_weights_[i];
  shared_weights_.resize(shared_weights_.size() - static_cast<std::size_t>(std::ranges::count(numbers, unused)));
  for_each_segment([&](segment& r) {
    if (!r.varied) r.weight = numbers[r.weight];
  });
  swept_shared_weights_ = shared_weights_.size();
  index_values();
}

}  // namespace volley::runtime
