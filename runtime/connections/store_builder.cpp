#include "runtime/connections/store_builder.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "runtime/connections/weight_stretches.hpp"
#include "runtime/rules/projection_walk.hpp"

namespace volley::runtime {
namespace {

/// Counts that are held at once, over all calls of a batch: a script may make one call for each neuron.
constexpr std::uint64_t counts_at_once = std::uint64_t{1} << 24;

bool is_uniform(const projection& p) {
  return is_shared(p.weight) && is_shared(p.delay_ms) &&
         std::all_of(p.parameters.begin(), p.parameters.end(), [](const auto& v) { return is_shared(v.second); });
}

}  // namespace

void store_builder::build(std::span<const projection> projections) {
  while (!projections.empty()) {
    std::size_t n = 0;
    for (std::uint64_t counts = 0; n < projections.size(); ++n) {
      counts += sources_of(projections[n]).size();
      if (n != 0 && counts > counts_at_once) break;
    }
    build_batch(projections.first(n));
    built_ += n;
    projections = projections.subspan(n);
  }
}

// Rows are exchanged when all of them are there. What was placed for them before belongs to nobody if that fails.
void store_builder::build_batch(std::span<const projection> projections) {
  auto &weights = store_.weight_column(), &variables = store_.variable_column();
  const auto n_weights = weights.size(), n_variables = variables.size();
  first_slot_ = store_.slots().size();
  const auto given = entries_ == nullptr ? made_entries() : *entries_;
  try {
    place_batch(projections);
  } catch (...) {
    store_.slots().grow(first_slot_, 0);
    weights.resize(n_weights);
    variables.resize(n_variables);
    if (entries_ != nullptr) *entries_ = given;
    throw;
  }
}

void store_builder::place_batch(std::span<const projection> projections) {
  std::vector<part> parts;
  id_span sources;
  bool has_arrays = false;
  for (const auto& p : projections) {
    part one{&p, count_rows(p, place_), projection_values(p, targets_, time_), is_uniform(p)};
    if (one.rows.counts.empty()) continue;
    if (one.uniform) {
      one.delay = legal_delay(std::get<double>(p.delay_ms), time_, {}, "Connect");
      one.parameters = one.values.parameter_set(store_);
    }
    sources.include(one.rows.first, one.rows.end() - 1);
    has_arrays = has_arrays || one.values.has_arrays();
    parts.push_back(std::move(one));
  }
  if (parts.empty()) return;

  // Where the row of each source begins, and from here on where its next connection goes.
  const auto origin = sources.first;
  std::vector<std::uint64_t> cursors(sources.size());
  for (const auto& one : parts)
    for (std::size_t i = 0; i < one.rows.counts.size(); ++i) cursors[one.rows.first - origin + i] += one.rows.counts[i];
  std::uint64_t next = first_slot_;
  for (auto& cursor : cursors) next += std::exchange(cursor, next);
  store_.slots().grow(next, targets_.slot_limit());
  auto& variables = store_.variable_column();
  variables.reserve(next * store_.n_variables());
  variables.resize(next * store_.n_variables());
  pool<std::uint64_t> entries(has_arrays ? next - first_slot_ : 0);

  for (auto& one : parts) fill(one, origin, cursors, entries);
  reserve_weights(parts);
  if (store_.has_cohorts()) reserve_cohorts(parts);
  place_rows(parts, origin, cursors, entries);
}

void store_builder::fill(part& to, std::uint64_t origin, std::vector<std::uint64_t>& cursors,
                         pool<std::uint64_t>& entries) {
  auto& slots = store_.slots();
  const auto fill_with = [&](auto* column) {
    if (to.values.has_arrays()) {
      fill_slots(to, column, origin, cursors,
                 [&](std::uint64_t at, const id_batch& b, std::size_t i) { entries[at - first_slot_] = b.entry(i); });
    } else {
      fill_slots(to, column, origin, cursors, [](std::uint64_t, const id_batch&, std::size_t) {});
    }
  };
  if (slots.wide())
    fill_with(slots.wide_data());
  else
    fill_with(slots.narrow_data());
}

input_slot store_builder::slot_of(part& to, std::uint64_t target, double receptor) const {
  const bool currents = to.p->currents;
  const auto number = static_cast<std::uint32_t>(receptor);
  const auto maker = entries_ == nullptr || currents ? std::nullopt : targets_.maker_of_entries(target, number);
  const auto slot =
      maker ? targets_.slot_of_entry(*maker, entries_->give(*maker)) : targets_.slot(target, number, currents);
  to.forms |= 1u << static_cast<unsigned>(targets_.form(slot, currents));
  return slot;
}

template <class Slot, class Note> void store_builder::fill_slots(part& to, Slot* slots, std::uint64_t origin,
                                                                 std::vector<std::uint64_t>& cursors, Note&& note) {
  const projection& p = *to.p;
  if (!is_shared(p.receptor) || entries_ != nullptr) return fill_slots_by_receptors(to, slots, origin, cursors, note);
  const double receptor = std::get<double>(p.receptor);
  walk(p, place_, [&](const id_batch& b) {
    if (b.shares_target()) {
      const auto slot = static_cast<Slot>(slot_of(to, b.one, receptor).index());
      b.for_each_other([&](std::size_t i, std::uint64_t source) {
        const auto at = cursors[source - origin]++;
        slots[at] = slot;
        note(at, b, i);
      });
      return;
    }
    auto& cursor = cursors[b.one - origin];
    b.for_each_other([&](std::size_t i, std::uint64_t target) {
      slots[cursor] = static_cast<Slot>(slot_of(to, target, receptor).index());
      note(cursor++, b, i);
    });
  });
}

template <class Slot, class Note>
void store_builder::fill_slots_by_receptors(part& to, Slot* slots, std::uint64_t origin,
                                            std::vector<std::uint64_t>& cursors, Note&& note) {
  const number_column column(*to.p, to.p->receptor, receptor_leaf);
  batch_numbers batch(*to.p);
  std::vector<double> receptors;
  walk(*to.p, place_, [&](const id_batch& b) {
    batch.visit(b);
    batch.read(column, receptors);
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto at = cursors[b.source(i) - origin]++;
      slots[at] = static_cast<Slot>(slot_of(to, b.target(i), receptors[i]).index());
      note(at, b, i);
    }
  });
}

void store_builder::reserve_weights(std::span<const part> parts) {
  // Joined calls keep weights of their own where one of them does.
  const bool differ = std::ranges::any_of(parts, [](const part& one) { return !is_shared(one.p->weight); });
  std::uint64_t n = 0;
  for (const auto& one : parts)
    if (store_.plastic() || (differ && !one.uniform))
      for (const auto count : one.rows.counts) n += count;
  // Exact, or too much where weights turn out equal: then the rest is never touched, and costs nothing.
  store_.weight_column().reserve(store_.weight_column().size() + n);
}

// As many as there will be where each connection has a set of its own. One that cannot be had is no failure: columns
// grow as they are filled.
void store_builder::reserve_cohorts(std::span<const part> parts) try {
  std::uint64_t cohorts = 0, sets = 0;
  for (const auto& one : parts) {
    const bool vary = one.values.sets_vary(store_);
    std::uint64_t mine = 0;
    for (const auto count : one.rows.counts) mine += vary ? count : count != 0;
    cohorts += mine;
    sets += vary ? mine : 1;
  }
  store_.reserve_cohorts(cohorts, sets, parts.front().p->defaults.size() - store_.n_variables());
} catch (const std::bad_alloc&) {
}

void store_builder::place_rows(std::vector<part>& parts, std::uint64_t origin, std::span<const std::uint64_t> ends,
                               const pool<std::uint64_t>& entries) {
  // Parts enter at their first source and leave behind their last, so that a row meets only those that may have a
  // share.
  std::vector<std::uint32_t> entering(parts.size()), active;
  for (std::uint32_t i = 0; i < parts.size(); ++i) entering[i] = i;
  std::ranges::stable_sort(entering, {}, [&](auto i) { return parts[i].rows.first; });
  std::size_t entered = 0;

  connection_store::row_writer writer(store_);
  std::vector<piece> pieces;
  std::uint64_t begin = first_slot_;
  for (std::size_t row = 0; row < ends.size(); ++row) {
    const auto source = origin + row;
    std::erase_if(active, [&](auto i) { return parts[i].rows.end() <= source; });
    for (; entered < entering.size() && parts[entering[entered]].rows.first == source; ++entered)
      active.insert(std::ranges::upper_bound(active, entering[entered]), entering[entered]);
    if (begin == ends[row]) continue;

    const auto row_begin = begin;
    pieces.clear();
    for (const auto i : active) {
      const auto n = parts[i].rows.of(source);
      if (n != 0) pieces.push_back({&parts[i], begin, n});
      begin += n;
    }
    find_origins(row_begin, pieces);
    placed_.clear();
    for (std::size_t i = 0; i < pieces.size();) {
      if (pieces[i].from->uniform) {
        place_uniform(pieces[i++]);
        continue;
      }
      std::size_t end = i + 1;
      while (end < pieces.size() && !pieces[end].from->uniform &&
             pieces[end].from->p->currents == pieces[i].from->p->currents)
        ++end;
      place_joint(source, std::span(pieces).subspan(i, end - i), entries);
      if (!origins_.empty()) follow_sort(std::span(origins_).subspan(pieces[i].begin - row_begin, row_.order.size()));
      i = end;
    }
    const connection_store::row_writer::origins named{targets_, row_begin, origins_};
    writer.add(source, placed_, origins_.empty() ? nullptr : &named);
  }
  writer.finish();
}

// Connections stand in the order of their making until they are sorted.
void store_builder::find_origins(std::uint64_t begin, std::span<const piece> pieces) {
  origins_.clear();
  if (std::ranges::none_of(pieces, [](const piece& one) { return one.from->p->told_call != 0; })) return;
  for (const auto& one : pieces)
    for (std::uint64_t i = 0; i < one.count; ++i)
      origins_.push_back({static_cast<std::uint32_t>(one.begin - begin + i), one.from->p->told_call});
}

void store_builder::follow_sort(std::span<connection_store::row_writer::origin> origins) const {
  const std::vector<connection_store::row_writer::origin> before(origins.begin(), origins.end());
  for (std::size_t i = 0; i < origins.size(); ++i) origins[i] = before[row_.order[i]];
}

void store_builder::place_uniform(const piece& here) {
  const part& from = *here.from;
  const projection& p = *from.p;
  const auto& slots = store_.slots();
  const bool mixed = !std::has_single_bit(from.forms);
  if (store_.n_variables() != 0) fill_variables(here);
  segment shape{};
  shape.delay_steps = from.delay;
  for (auto begin = here.begin, end = here.begin + here.count; begin < end;) {
    const auto form = targets_.form(slots[begin], p.currents);
    auto stop = mixed ? begin + 1 : end;
    while (stop < end && targets_.form(slots[stop], p.currents) == form) ++stop;
    shape.form = static_cast<std::uint64_t>(form);
    shape.begin = begin;
    shape.varied = store_.plastic();
    if (store_.plastic()) {
      auto& column = store_.weight_column();
      shape.weight = column.size();
      bring_pages_ahead(column, stop - begin);
      column.insert(column.end(), stop - begin, std::get<double>(p.weight));
    } else {
      shape.weight = store_.shared_weight_index(std::get<double>(p.weight));
    }
    place_segment(shape, stop - begin, from.parameters, p.born);
    begin = stop;
  }
}

void store_builder::fill_variables(const piece& here) {
  const std::uint64_t n = store_.n_variables();
  here.from->values.variables(store_, std::span(store_.variables_at(here.begin), here.count * n));
}

void store_builder::place_joint(std::uint64_t source, std::span<const piece> pieces,
                                const pool<std::uint64_t>& entries) {
  auto& slots = store_.slots();
  const auto begin = pieces.front().begin;
  const bool currents = pieces.front().from->p->currents, has_sets = store_.has_cohorts();
  row_.clear();
  std::uint32_t forms = 0;
  // So many equal weights share one: that is worth a segment of its own. Where calls give one weight each, all do.
  std::size_t worth_a_segment = 1;
  for (const auto& piece : pieces) {
    forms |= piece.from->forms;
    if (!is_shared(piece.from->p->weight)) worth_a_segment = shared_stretch;
    const auto n_variables = store_.n_variables();
    const auto at = row_.grow(piece.count, has_sets, !origins_.empty(), n_variables);
    const auto n = static_cast<std::size_t>(piece.count);
    slots.read(piece.begin, std::span(row_.slots).subspan(at, n));
    auto& values = piece.from->values;
    values.visit(source, std::span(row_.slots).subspan(at, n),
                 values.has_arrays() ? std::span(entries).subspan(piece.begin - first_slot_, n)
                                     : std::span<const std::uint64_t>());
    values.weights_and_delays(std::span(row_.weights).subspan(at, n), std::span(row_.delays).subspan(at, n));
    if (has_sets) values.parameter_sets(store_, std::span(row_.sets).subspan(at, n));
    if (n_variables != 0)
      values.variables(store_, std::span(row_.variables).subspan(at * n_variables, n * n_variables));
  }
  row_.sort(targets_, currents, forms);
  slots.write(begin, row_.slots);
  std::ranges::copy(row_.variables, store_.variables_at(begin));

  for (const auto& stretch : row_.stretches()) {
    segment shape{};
    shape.delay_steps = stretch.delay;
    shape.form = static_cast<std::uint64_t>(stretch.form);
    for (auto i = stretch.begin; i < stretch.end;) {
      auto end = stretch.end;
      if (has_sets)
        end = static_cast<std::uint32_t>(std::find_if(row_.sets.begin() + i, row_.sets.begin() + end,
                                                      [&](auto set) { return set != row_.sets[i]; }) -
                                         row_.sets.begin());
      shape.begin = begin + i;
      place_by_weight(shape, std::span<const double>(row_.weights).subspan(i, end - i), worth_a_segment,
                      has_sets ? row_.sets[i] : 0, pieces.front().from->p->born);
      i = end;
    }
  }
}

void store_builder::place_by_weight(segment shape, std::span<const double> weights, std::size_t worth_a_segment,
                                    std::uint32_t parameters, step_t born) {
  const auto begin = shape.begin;
  const auto place = [&](std::size_t from, std::size_t to, bool shared) {
    auto& column = store_.weight_column();
    shape.begin = begin + from;
    shape.varied = !shared;
    shape.weight = shared ? store_.shared_weight_index(weights[from]) : column.size();
    if (!shared) {
      bring_pages_ahead(column, to - from);
      column.insert(column.end(), weights.begin() + static_cast<std::ptrdiff_t>(from),
                    weights.begin() + static_cast<std::ptrdiff_t>(to));
    }
    place_segment(shape, to - from, parameters, born);
  };
  if (store_.plastic())
    place(0, weights.size(), false);
  else
    for_each_weight_stretch(weights, worth_a_segment, place);
}

void store_builder::place_segment(segment r, std::uint64_t n, std::uint32_t parameters, step_t born) {
  for (std::uint64_t done = 0; done < n;) {
    segment one = r;
    one.begin = r.begin + done;
    one.count = std::min(n - done, segment::max_count);
    if (r.varied) one.weight = r.weight + done;
    placed_.push_back({one, parameters, born});
    done += one.count;
  }
}

}  // namespace volley::runtime
