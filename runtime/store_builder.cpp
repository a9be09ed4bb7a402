#include "runtime/store_builder.hpp"

#include <algorithm>
#include <utility>

#include "runtime/connection_numbers.hpp"
#include "runtime/projection_walk.hpp"

namespace volley::runtime {
namespace {

bool is_shared(const connection_number& number) { return std::holds_alternative<double>(number); }

bool is_uniform(const projection& p) {
  return is_shared(p.weight) && is_shared(p.delay_ms) &&
         std::all_of(p.parameters.begin(), p.parameters.end(), [](const auto& v) { return is_shared(v.second); });
}

std::vector<std::uint64_t> begins_of(const std::vector<std::uint32_t>& counts, std::uint64_t first) {
  std::vector<std::uint64_t> begins(counts.size() + 1);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    begins[i] = first;
    first += counts[i];
  }
  begins.back() = first;
  return begins;
}

void count(const projection& p, const layout& place, std::vector<std::uint32_t>& counts) {
  walk(p, place, [&](const id_batch& b) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto source = b.source(i);
      if (source >= counts.size()) counts.resize(source + 1);
      ++counts[source];
    }
  });
}

}  // namespace

void store_builder::build(std::span<const projection> projections) {
  placed_.clear();
  for (std::size_t i = 0; i < projections.size();) {
    if (is_uniform(projections[i])) {
      build_uniform(projections[i++]);
      continue;
    }
    std::size_t end = i + 1;
    while (end < projections.size() && !is_uniform(projections[end]) && projections[end].currents == projections[i].currents)
      ++end;
    build_joint(projections.subspan(i, end - i));
    i = end;
  }
  store_.insert(std::move(placed_));
}

void store_builder::place_run(std::uint64_t source, run r, std::uint64_t n, std::uint32_t parameters, step_t born) {
  for (std::uint64_t done = 0; done < n;) {
    run part = r;
    part.begin = r.begin + done;
    part.count = std::min(n - done, run::max_count);
    if (r.varied) part.weight = r.weight + done;
    placed_.push_back({static_cast<std::uint32_t>(source), part, parameters, born});
    done += part.count;
  }
}

std::uint32_t store_builder::parameter_set_of(const projection& p) {
  if (!store_.plastic()) return 0;
  auto set = p.defaults;
  for (const auto& [member, number] : p.parameters) set[member] = std::get<double>(number);
  return store_.add_parameter_set(std::move(set));
}

void store_builder::build_uniform(const projection& p) {
  std::vector<std::uint32_t> counts;
  count(p, place_, counts);
  auto& slots = store_.slots();
  auto cursors = begins_of(counts, slots.size());
  slots.grow(cursors.back(), targets_.slot_limit);
  walk(p, place_, [&](const id_batch& b) {
    if (b.shares_target()) {
      const auto slot = targets_.slot(b.one, p.receptor, p.currents);
      for (std::size_t i = 0; i < b.size(); ++i) slots.set(cursors[b.source(i)]++, slot);
    } else {
      for (std::size_t i = 0; i < b.size(); ++i)
        slots.set(cursors[b.source(i)]++, targets_.slot(b.target(i), p.receptor, p.currents));
    }
  });

  const double weight = std::get<double>(p.weight);
  const auto parameters = parameter_set_of(p);
  run shape{};
  shape.delay_steps = delay_steps(std::get<double>(p.delay_ms), time_);
  for (std::uint64_t source = 0; source < counts.size(); ++source) {
    const auto end = cursors[source];
    for (auto begin = end - counts[source]; begin < end;) {
      shape.form = static_cast<std::uint64_t>(targets_.form(slots[begin], p.currents));
      auto stop = begin + 1;
      while (stop < end && static_cast<std::uint64_t>(targets_.form(slots[stop], p.currents)) == shape.form) ++stop;
      shape.begin = begin;
      place_weights(shape, stop - begin, weight);
      place_run(source, shape, stop - begin, parameters, p.born);
      begin = stop;
    }
  }
}

void store_builder::place_weights(run& r, std::uint64_t n, double weight) {
  r.varied = store_.plastic();
  if (!store_.plastic()) {
    r.weight = store_.shared_weight_index(weight);
    return;
  }
  auto& column = store_.weight_column();
  r.weight = column.size();
  column.insert(column.end(), n, weight);
}

void store_builder::build_joint(std::span<const projection> projections) {
  std::vector<std::uint32_t> counts;
  for (const auto& p : projections) count(p, place_, counts);
  auto& slots = store_.slots();
  const auto first = slots.size();
  const auto begins = begins_of(counts, first);
  slots.grow(begins.back(), targets_.slot_limit);

  joint_values values;
  values.first = first;
  values.first_weight = store_.weight_column().size();
  values.currents = projections.front().currents;
  values.delays.resize(begins.back() - first);
  // Weights are drawn in place and closed up afterwards: the column is never held twice.
  store_.weight_column().reserve(values.first_weight + (begins.back() - first));
  store_.weight_column().resize(values.first_weight + (begins.back() - first));
  if (store_.plastic()) values.parameters.resize(begins.back() - first);

  auto cursors = std::vector<std::uint64_t>(begins.begin(), begins.end() - 1);
  for (const auto& p : projections) fill(p, cursors, values);
  place_rows(begins, values, projections.front().born);
}

void store_builder::fill(const projection& p, std::vector<std::uint64_t>& cursors, joint_values& values) {
  auto& slots = store_.slots();
  double* weights = store_.weight_column().data() + values.first_weight;
  number_column weight(p, p.weight, weight_leaf), delay(p, p.delay_ms, delay_leaf);
  const auto before = cursors;
  const bool sets_vary = std::any_of(p.parameters.begin(), p.parameters.end(), [](const auto& v) { return !is_shared(v.second); });
  std::vector<std::uint64_t> entries;  // of connections whose parameter sets are made one by one, by their place
  if (sets_vary) entries.resize(values.delays.size());

  const std::uint64_t shared_delay = is_shared(p.delay_ms) ? delay_steps(std::get<double>(p.delay_ms), time_) : 0;
  walk(p, place_, [&](const id_batch& b) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto at = cursors[b.source(i)]++;
      const auto row = at - values.first;
      slots.set(at, targets_.slot(b.target(i), p.receptor, p.currents));
      if (!weight.drawn()) weights[row] = weight.at(b.entry(i));
      if (!delay.drawn())
        values.delays[row] = static_cast<std::uint32_t>(shared_delay != 0 ? shared_delay : delay_steps(delay.at(b.entry(i)), time_));
      if (sets_vary) entries[row] = b.entry(i);
    }
  });

  const auto shared_set = store_.plastic() && !sets_vary ? parameter_set_of(p) : 0;
  std::vector<std::uint64_t> ids;
  std::vector<double> numbers;
  std::vector<std::vector<double>> columns(p.parameters.size());
  for (std::uint64_t source = 0; source < cursors.size(); ++source) {
    const auto begin = before[source], end = cursors[source];
    if (begin == end) continue;
    const auto row = begin - values.first, n = end - begin;
    ids.resize(n);
    for (std::uint64_t i = 0; i < n; ++i) ids[i] = targets_.id(slots[begin + i], p.currents);
    numbers.resize(n);
    if (weight.drawn()) weight.draw(source, ids, {weights + row, n});
    if (delay.drawn()) {
      delay.draw(source, ids, numbers);
      for (std::uint64_t i = 0; i < n; ++i) values.delays[row + i] = static_cast<std::uint32_t>(delay_steps(numbers[i], time_));
    }
    if (!store_.plastic()) continue;
    if (!sets_vary) {
      std::fill_n(values.parameters.begin() + static_cast<std::ptrdiff_t>(row), n, shared_set);
      continue;
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      columns[c].resize(n);
      number_column column(p, p.parameters[c].second, first_parameter_leaf + static_cast<std::uint32_t>(c));
      if (column.drawn()) column.draw(source, ids, columns[c]);
      else
        for (std::uint64_t i = 0; i < n; ++i) columns[c][i] = column.at(entries[row + i]);
    }
    for (std::uint64_t i = 0; i < n; ++i) {
      auto set = p.defaults;
      for (std::size_t c = 0; c < columns.size(); ++c) set[p.parameters[c].first] = columns[c][i];
      values.parameters[row + i] = store_.add_parameter_set(std::move(set));
    }
  }
}

void store_builder::place_rows(const std::vector<std::uint64_t>& begins, joint_values& values, step_t born) {
  auto& slots = store_.slots();
  auto& column = store_.weight_column();
  double* weights = column.data() + values.first_weight;
  std::uint64_t kept = 0;  // weights that stay in the column; never ahead of the one being read
  row_sorter sorter;
  for (std::uint64_t source = 0; source + 1 < begins.size(); ++source) {
    const auto n = begins[source + 1] - begins[source];
    if (n == 0) continue;
    const auto row = begins[source] - values.first;
    std::span<std::uint32_t> delays(values.delays.data() + row, n);
    std::span<std::uint32_t> sets;
    if (store_.plastic()) sets = {values.parameters.data() + row, n};
    sorter.sort(slots, begins[source], delays, {weights + row, n}, sets,
                [&](std::uint32_t slot) { return static_cast<std::uint32_t>(targets_.form(slot, values.currents)); });
    for (std::uint64_t i = 0; i < n;) {
      const auto form = targets_.form(slots[begins[source] + i], values.currents);
      auto end = i + 1;
      while (end < n && delays[end] == delays[i] && targets_.form(slots[begins[source] + end], values.currents) == form &&
             (sets.empty() || sets[end] == sets[i]))
        ++end;
      run shape{};
      shape.delay_steps = delays[i];
      shape.form = static_cast<std::uint64_t>(form);
      place_by_weight(source, shape, begins[source] + i, {weights + row + i, end - i}, weights, kept,
                      values.first_weight, sets.empty() ? 0 : sets[i], born);
      i = end;
    }
  }
  column.resize(values.first_weight + kept);
  column.shrink_to_fit();
}

void store_builder::place_by_weight(std::uint64_t source, run shape, std::uint64_t begin, std::span<const double> run_weights,
                                    double* column, std::uint64_t& kept, std::uint64_t first_weight, std::uint32_t parameters,
                                    step_t born) {
  // A stretch of equal weights shares one when that is worth a run of its own.
  constexpr std::size_t worth_a_run = 16;
  const auto stretch = [&](std::size_t at) {
    std::size_t end = at + 1;
    while (end < run_weights.size() && run_weights[end] == run_weights[at]) ++end;
    return end - at;
  };
  const auto shares = [&](std::size_t at, std::size_t length) {
    return !store_.plastic() && (length >= worth_a_run || (length == run_weights.size() && at == 0));
  };
  for (std::size_t i = 0; i < run_weights.size();) {
    auto length = stretch(i);
    shape.begin = begin + i;
    if (shares(i, length)) {
      shape.varied = 0;
      shape.weight = store_.shared_weight_index(run_weights[i]);
    } else {
      while (i + length < run_weights.size()) {
        const auto next = stretch(i + length);
        if (shares(i + length, next)) break;
        length += next;
      }
      shape.varied = 1;
      shape.weight = first_weight + kept;
      std::copy_n(run_weights.data() + i, length, column + kept);
      kept += length;
    }
    place_run(source, shape, length, parameters, born);
    i += length;
  }
}

}  // namespace volley::runtime
