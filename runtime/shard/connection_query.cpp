#include "runtime/shard/connection_query.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace volley::runtime {
namespace {

/// Numbers the connections of a row by target as they are met.
class port_counter {
 public:
  void begin_row() { seen_.clear(); }
  std::uint32_t next(std::uint64_t target) { return seen_[target]++; }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> seen_;
};

bool is_current(const run& r) { return r.input() == input_form::current; }

/// Calls visit(run, index of the run, position in it, target, port) for every connection of a row.
template <class Visit>
void for_each_in_row(const shard& s, std::uint32_t model, std::uint64_t source, port_counter& ports, Visit&& visit) {
  const auto& rows = s.store(model);
  const auto row = rows.row(source);
  ports.begin_row();
  for (std::size_t k = 0; k < row.size(); ++k)
    for (std::uint64_t i = 0; i < row[k].count; ++i) {
      const auto target = s.id_of_slot(rows.slot(row[k], i), is_current(row[k]));
      visit(row[k], rows.first_run(source) + k, i, target, ports.next(target));
    }
}

/// Calls visit(source) for ids below `limit`, those of the filter only.
template <class Visit>
void for_each_source(const std::optional<node_set>& sources, std::uint64_t limit, Visit&& visit) {
  if (!sources) {
    for (std::uint64_t id = 1; id < limit; ++id) visit(id);
    return;
  }
  for (const auto& r : sources->ranges)
    for (auto id = r.first; id <= r.last && id < limit; id += r.step) visit(id);
}

bool passes(const std::optional<node_set>& nodes, std::uint64_t id) { return !nodes || nodes->contains(id); }

void add_taps(const shard& s, const connection_filter& filter, std::vector<connection_row>& found) {
  std::vector<connection_row> rows;
  s.recorded().for_each([&](const tap& t, std::uint64_t node) {
    if (filter.model && *filter.model != t.store) return;
    const auto source = t.source(node), target = t.target(node);
    if (passes(filter.sources, source) && passes(filter.targets, target)) rows.push_back({t.store, source, target, 0});
  });
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& last = rows[i - 1];
    const bool same = rows[i].model == last.model && rows[i].source == last.source && rows[i].target == last.target;
    if (same) rows[i].port = last.port + 1;
  }
  found.insert(found.end(), rows.begin(), rows.end());
}

bool has_recorder(const shard& s, const connection_row& row) {
  return s.recorded().is_recorder(row.source) || s.recorded().is_recorder(row.target);
}

/// Those of `all` that have a recorder at one end and live here; `row_of` names one of them.
template <class Asked, class RowOf>
std::vector<taps::place> find_taps(const shard& s, const std::vector<Asked>& all, RowOf&& row_of) {
  std::vector<taps::asked> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const connection_row& row = row_of(all[i]);
    if (has_recorder(s, row)) names.push_back({row.model, row.source, row.target, row.port, i});
  }
  return s.recorded().find(names);
}

void read_taps(const shard& s, const std::vector<asked_connection>& asked, const time_grid& time,
               std::vector<connection_values>& values) {
  for (const auto& at : find_taps(s, asked, [](const auto& a) -> auto& { return a.row; })) {
    const tap& t = s.recorded().at(at.tap);
    values.push_back({asked[at.position].position, t.weights[at.node], time.to_ms(t.delays[at.node]), 0, {}});
  }
}

void change_taps(shard& s, const std::vector<connection_change>& changes) {
  for (const auto& at : find_taps(s, changes, [](const auto& c) -> auto& { return c.where.row; })) {
    tap& t = s.recorded().at(at.tap);
    const auto& change = changes[at.position];
    if (change.weight) t.weights.set(at.node, t.nodes.size(), *change.weight);
    if (change.delay_steps) t.delays.set(at.node, t.nodes.size(), *change.delay_steps);
  }
}

void sort_by_row(std::vector<asked_connection>& asked) {
  std::stable_sort(asked.begin(), asked.end(), [](const auto& a, const auto& b) {
    return std::tie(a.row.model, a.row.source) < std::tie(b.row.model, b.row.source);
  });
}

/// What is asked of one row, by (target, port).
template <class Asked>
using asked_of_row = std::map<std::pair<std::uint64_t, std::uint32_t>, Asked>;

/// A connection taken out of its row to be put back in order.
struct loose_connection {
  std::uint32_t slot, form, delay_steps, cohort;
  double weight;
};

class row_editor {
 public:
  row_editor(shard& s, std::uint32_t model) : shard_(s), rows_(s.store(model)), model_(model) {}

  void edit(std::uint64_t source, const asked_of_row<const connection_change*>& changes) {
    std::vector<loose_connection> loose;
    for_each_in_row(shard_, model_, source, ports_, [&](const run& r, std::uint64_t index, std::uint64_t i, std::uint64_t target, std::uint32_t port) {
      loose_connection c{rows_.slot(r, i), static_cast<std::uint32_t>(r.form), static_cast<std::uint32_t>(r.delay_steps),
                         rows_.plastic() ? rows_.cohort_index(index) : 0, rows_.weight(r, i)};
      const auto change = changes.find({target, port});
      if (change != changes.end()) {
        if (change->second->remove) return;
        apply(*change->second, c);
      }
      loose.push_back(c);
    });
    std::stable_sort(loose.begin(), loose.end(), [](const auto& a, const auto& b) {
      return std::tie(a.delay_steps, a.form) < std::tie(b.delay_steps, b.form);
    });
    edited_.push_back(place(source, loose));
  }

  void commit() { rows_.replace(edited_); }

 private:
  void apply(const connection_change& change, loose_connection& c) {
    if (change.weight) c.weight = *change.weight;
    if (change.delay_steps) c.delay_steps = *change.delay_steps;
    if (change.parameters.empty()) return;
    // A connection that differs gets traces of its own.
    c.cohort = rows_.clone_cohort(c.cohort);
    auto& mine = rows_.cohort_at(c.cohort);
    const auto old = rows_.parameter_set(mine.parameters);
    std::vector<double> set(old.begin(), old.end());
    const auto n_traces = rows_.n_traces();
    const auto n_params = static_cast<std::uint32_t>(set.size()) - n_traces;
    for (const auto& [member, x] : change.parameters) {
      set[member] = x;
      if (member >= n_params) rows_.traces_at(c.cohort)[member - n_params] = x;
    }
    mine.parameters = rows_.add_parameter_set(std::move(set));
  }

  // New slots and weights go to the end of the columns; the old ones stay behind unused.
  connection_store::edited_row place(std::uint64_t source, const std::vector<loose_connection>& loose) {
    connection_store::edited_row row{source, {}, {}};
    auto& slots = rows_.slots();
    auto& weights = rows_.weight_column();
    for (std::size_t i = 0; i < loose.size();) {
      std::size_t end = i + 1;
      bool equal = true;
      while (end < loose.size() && loose[end].delay_steps == loose[i].delay_steps && loose[end].form == loose[i].form && loose[end].cohort == loose[i].cohort) {
        equal = equal && loose[end].weight == loose[i].weight;
        ++end;
      }
      run r{};
      r.begin = slots.size();
      r.count = end - i;
      r.delay_steps = loose[i].delay_steps;
      r.form = loose[i].form;
      r.varied = rows_.plastic() || !equal;
      r.weight = r.varied ? weights.size() : rows_.shared_weight_index(loose[i].weight);
      slots.grow(slots.size() + (end - i), 0);
      for (std::size_t k = i; k < end; ++k) {
        slots.set(r.begin + (k - i), loose[k].slot);
        if (r.varied) weights.push_back(loose[k].weight);
      }
      row.runs.push_back(r);
      if (rows_.plastic()) row.cohorts.push_back(loose[i].cohort);
      i = end;
    }
    return row;
  }

  shard& shard_;
  connection_store& rows_;
  std::uint32_t model_;
  port_counter ports_;
  std::vector<connection_store::edited_row> edited_;
};

}  // namespace

std::vector<connection_row> find_connections(const shard& s, const connection_filter& filter) {
  std::vector<connection_row> found;
  port_counter ports;
  for (std::uint32_t m = 0; m < s.n_stores(); ++m) {
    if (filter.model && *filter.model != m) continue;
    for_each_source(filter.sources, s.store(m).source_limit(), [&](std::uint64_t source) {
      for_each_in_row(s, m, source, ports, [&](const run&, std::uint64_t, std::uint64_t, std::uint64_t target, std::uint32_t port) {
        if (passes(filter.targets, target)) found.push_back({m, source, target, port});
      });
    });
  }
  add_taps(s, filter, found);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<connection_values> read_connections(const shard& s, std::vector<asked_connection> asked, const time_grid& time) {
  sort_by_row(asked);
  std::vector<connection_values> values;
  read_taps(s, asked, time, values);
  port_counter ports;
  for (std::size_t i = 0; i < asked.size();) {
    asked_of_row<std::uint64_t> wanted;
    const auto& first = asked[i].row;
    std::size_t end = i;
    for (; end < asked.size() && asked[end].row.model == first.model && asked[end].row.source == first.source; ++end) {
      const auto& row = asked[end].row;
      if (s.holds(row.target) && !has_recorder(s, row)) wanted[{row.target, row.port}] = asked[end].position;
    }
    if (!wanted.empty()) {
      const auto& rows = s.store(first.model);
      for_each_in_row(s, first.model, first.source, ports, [&](const run& r, std::uint64_t index, std::uint64_t k, std::uint64_t target, std::uint32_t port) {
        const auto at = wanted.find({target, port});
        if (at == wanted.end()) return;
        const bool currents = is_current(r);
        const auto owner = s.slots(currents).owner(rows.slot(r, k));
        connection_values v{at->second, rows.weight(r, k), time.to_ms(static_cast<step_t>(r.delay_steps)),
                            s.populations()[owner.block]->model().channels[owner.receptor].receptor, {}};
        if (rows.plastic()) {
          const auto set = rows.parameter_set(rows.cohort_of(index).parameters);
          v.parameters.assign(set.begin(), set.end());
          std::copy_n(rows.traces_of(index), rows.n_traces(), v.parameters.end() - rows.n_traces());
        }
        values.push_back(std::move(v));
        wanted.erase(at);
      });
    }
    i = end;
  }
  return values;
}

void change_connections(shard& s, std::vector<connection_change> changes) {
  change_taps(s, changes);
  std::erase_if(changes, [&](const auto& c) { return has_recorder(s, c.where.row); });
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.where.row.model, a.where.row.source) < std::tie(b.where.row.model, b.where.row.source);
  });
  for (std::size_t i = 0; i < changes.size();) {
    const auto model = changes[i].where.row.model;
    row_editor editor(s, model);
    while (i < changes.size() && changes[i].where.row.model == model) {
      const auto source = changes[i].where.row.source;
      asked_of_row<const connection_change*> mine;
      for (; i < changes.size() && changes[i].where.row.model == model && changes[i].where.row.source == source; ++i)
        if (s.holds(changes[i].where.row.target)) mine[{changes[i].where.row.target, changes[i].where.row.port}] = &changes[i];
      if (!mine.empty()) editor.edit(source, mine);
    }
    editor.commit();
  }
}

}  // namespace volley::runtime
