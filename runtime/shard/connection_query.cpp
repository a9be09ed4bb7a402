#include "runtime/shard/connection_query.hpp"

#include <algorithm>
#include <tuple>

#include "runtime/base/error.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/connections/synapse_rules.hpp"

namespace volley::runtime {
namespace {

std::uint32_t low(std::uint64_t id) { return static_cast<std::uint32_t>(id); }

template <class Visit> void for_each_id(const node_set& nodes, Visit&& visit) {
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) visit(id);
}

// ---- connections of recorders, which are in no row

void add_taps(const shard& s, const connection_filter& filter, std::vector<found_connection>& found) {
  const auto passes = [](const std::optional<node_set>& nodes, std::uint64_t id) {
    return !nodes || nodes->contains(id);
  };
  const auto in_rows = static_cast<std::ptrdiff_t>(found.size());
  s.recorded().for_each([&](const tap& t, std::uint64_t node) {
    if (filter.model && *filter.model != t.store) return;
    if (!passes(filter.sources, t.source(node)) || !passes(filter.targets, t.target(node))) return;
    found.push_back({t.store, low(t.source(node)), low(t.target(node)), 0, found_connection::of_recorder});
  });
  const auto name = [](const found_connection& c) { return std::tie(c.model, c.source, c.target); };
  std::sort(found.begin() + in_rows, found.end(), [&](const auto& a, const auto& b) { return name(a) < name(b); });
  for (auto c = found.begin() + in_rows; c != found.end(); ++c)
    if (c != found.begin() + in_rows && name(*(c - 1)) == name(*c)) c->number = (c - 1)->number + 1;
  const auto by_source = [](const auto& a, const auto& b) {
    return std::tie(a.model, a.source) < std::tie(b.model, b.source);
  };
  std::inplace_merge(found.begin(), found.begin() + in_rows, found.end(), by_source);
}

/// True where this VP keeps the connection of a recorder: with its node, or with the recorder if that hears a
/// generator.
bool keeps_tap(const shard& s, std::uint64_t source, std::uint64_t target) {
  if (!s.recorded().is_recorder(target)) return s.holds(target);
  return s.holds(s.is_generator(source) ? target : source);
}

// ---- connections of a list, row by row

struct listed_connection {
  std::uint32_t model, source;
  sought_connection sought;
  std::uint32_t position;
  auto operator<=>(const listed_connection&) const = default;
};

/// Those that are stored here in rows. visit_tap(place) gets the others that are here, miss(position) those that should
/// be.
template <class VisitTap, class Miss> std::vector<listed_connection> local_part(const shard& s,
                                                                                const connection_columns& list,
                                                                                VisitTap&& visit_tap, Miss&& miss) {
  std::vector<listed_connection> here;
  std::vector<taps::asked> recorded;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const auto model = static_cast<std::uint32_t>(list.models[i]), port = static_cast<std::uint32_t>(list.ports[i]);
    const auto source = static_cast<std::uint64_t>(list.sources[i]),
               target = static_cast<std::uint64_t>(list.targets[i]);
    if (s.recorded().is_recorder(source) || s.recorded().is_recorder(target)) {
      if (keeps_tap(s, source, target)) recorded.push_back({model, source, target, port, i});
    } else if (s.holds(target)) {
      here.push_back({model, low(source), {low(target), port}, i});
    }
  }
  std::vector<bool> found(recorded.empty() ? 0 : list.size());
  for (const taps::place& at : s.recorded().find(recorded)) {
    found[at.position] = true;
    visit_tap(at);
  }
  for (const auto& one : recorded)
    if (!found[one.position]) miss(one.position);
  if (!std::is_sorted(here.begin(), here.end())) std::sort(here.begin(), here.end());
  return here;
}

/// Calls visit(model, source, connections) for each row.
template <class Visit> void for_each_row(std::span<const listed_connection> list, Visit&& visit) {
  for (std::size_t i = 0; i < list.size();) {
    std::size_t end = i + 1;
    while (end < list.size() && list[end].model == list[i].model && list[end].source == list[i].source) ++end;
    visit(list[i].model, list[i].source, list.subspan(i, end - i));
    i = end;
  }
}

}  // namespace

namespace {

/// The sources that may have connections to targets of the filter, ascending; nothing: any may.
std::optional<std::vector<std::uint64_t>> likely_sources(shard& s, std::uint32_t store,
                                                         const connection_filter& filter) {
  std::vector<std::uint64_t> sources;
  if (filter.sources) {
    for_each_id(*filter.sources, [&](std::uint64_t id) { sources.push_back(id); });
    return sources;
  }
  if (!filter.targets || !s.index_of(store).ready(s.store(store), s.targets())) return std::nullopt;
  bool many = false;
  for_each_id(*filter.targets, [&](std::uint64_t target) {
    if (many || s.targets().block_of(target) < 0) return;
    const auto mine = s.index_of(store).sources_of(target, s.targets());
    sources.insert(sources.end(), mine.begin(), mine.end());
    many = sources.size() > s.store(store).source_limit();
  });
  if (many) return std::nullopt;
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

}  // namespace

std::vector<found_connection> find_connections(shard& s, const connection_filter& filter) {
  std::vector<found_connection> found;
  for (std::uint32_t m = 0; m < s.n_stores(); ++m) {
    if (filter.model && *filter.model != m) continue;
    const auto& rows = s.store(m);
    row_reader reader(rows, s.targets());
    if (filter.targets) for_each_id(*filter.targets, [&](std::uint64_t id) { reader.want(id); });
    const auto read = [&](std::uint64_t source) {
      const auto entries = filter.targets ? reader.read_wanted(source) : reader.read_all(source);
      for (const auto i : reader.by_name()) {
        const auto& name = entries[i].name;
        found.push_back({m, low(source), name.target, name.number, name.call});
      }
    };
    if (const auto sources = likely_sources(s, m, filter))
      std::ranges::for_each(*sources, read);
    else
      rows.for_each_source(read);
  }
  add_taps(s, filter, found);
  return found;
}

connection_values read_connections(const shard& s, const connection_columns& list, bool with_parameters) {
  connection_values values;
  if (with_parameters)
    for (std::uint32_t m = 0; m < s.n_stores(); ++m)
      values.n_parameters = std::max(values.n_parameters, s.synapse(m).defaults.size());
  const auto add = [&](std::uint32_t position, double weight, std::uint64_t delay_steps, std::uint32_t receptor) {
    values.positions.push_back(position);
    values.weights.push_back(weight);
    values.delay_steps.push_back(static_cast<std::uint32_t>(delay_steps));
    values.receptors.push_back(static_cast<std::int32_t>(receptor));
    values.parameters.resize(values.positions.size() * values.n_parameters);
  };
  const auto here = local_part(
      s, list,
      [&](const taps::place& at) {
        const tap& t = s.recorded().at(at.tap);
        add(static_cast<std::uint32_t>(at.position), t.weights[at.node], t.delays[at.node], 0);
      },
      [](std::uint64_t) {});
  std::vector<sought_connection> sought;
  std::vector<std::uint32_t> places;
  for_each_row(here, [&](std::uint32_t model, std::uint64_t source, std::span<const listed_connection> row) {
    const auto& rows = s.store(model);
    row_reader reader(rows, s.targets());
    sought.clear();
    for (const auto& one : row) sought.push_back(one.sought);
    places.resize(row.size());
    const auto entries = reader.find(source, sought, places);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (places[i] == row_reader::none) continue;
      const auto& entry = entries[places[i]];
      const run& r = rows.row(source)[entry.run];
      add(row[i].position, rows.weight(r, entry.at), r.delay_steps,
          s.targets().receptor(rows.slot(r, entry.at), r.is_current()));
      if (!with_parameters || !rows.plastic()) continue;
      const auto index = rows.first_run(source) + entry.run;
      const auto set = rows.parameter_set(rows.cohort_of(index).parameters);
      const auto to =
          std::copy(set.begin(), set.end(), values.parameters.end() - static_cast<std::ptrdiff_t>(values.n_parameters));
      std::copy_n(rows.traces_of(index), rows.n_traces(), to - rows.n_traces());
    }
  });
  return values;
}

namespace {

/// Stages edits of rows of one shard. Connections are at positions in a list.
class stager {
 public:
  stager(shard& s, const connection_edit& edit) : shard_(s), edit_(edit) { drop_edit(s); }

  /// Stages a row; position_of(i) is that of the i-th sought connection.
  template <class PositionOf> void stage(std::uint32_t model, std::uint64_t source,
                                         std::span<const sought_connection> sought, PositionOf&& position_of) {
    open(model);
    places_.resize(sought.size());
    const auto entries = reader_->find(source, sought, places_);
    asked_.clear();
    for (std::size_t i = 0; i < sought.size(); ++i) {
      if (places_[i] == row_reader::none)
        miss(position_of(i));
      else
        asked_.push_back({places_[i], position_of(i)});
    }
    std::sort(asked_.begin(), asked_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entry, a.position) < std::tie(b.entry, b.position);
    });
    // Of values for one connection the last counts; it can be removed once.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const bool again = kept != 0 && asked_[kept - 1].entry == asked_[i].entry;
      if (again && edit_.remove) miss(asked_[i].position);
      asked_[again ? kept - 1 : kept++] = asked_[i];
    }
    asked_.resize(kept);
    if (edit_.remove) removed_ += kept;
    if (!asked_.empty()) shard_.staged_edits().back().stage(source, entries, asked_);
  }
  void stage(const taps::place& at) {
    const auto value = [&](const std::optional<number_list>& numbers) {
      return numbers && numbers->has(at.position) ? std::optional((*numbers)[at.position]) : std::nullopt;
    };
    shard_.recorded().stage(at, value(edit_.weight), value(edit_.delay_steps));
  }
  void miss(std::uint64_t position) { missing_ = std::min(missing_, position); }

  /// Returns the number of connections that will be left. `refuse_missing(position)` and `refuse(editor's illegal one)`
  /// throw, for the first of the list.
  template <class RefuseMissing, class Refuse> std::uint64_t finish(RefuseMissing&& refuse_missing, Refuse&& refuse) {
    const auto place = [](const row_editor& e) { return e.illegal() ? e.illegal()->position : none; };
    auto& editors = shard_.staged_edits();
    const auto first = std::ranges::min_element(editors, {}, place);
    const auto illegal = first == editors.end() ? none : place(*first);
    if (missing_ < illegal) refuse_missing(missing_);
    if (illegal != none) refuse(*first->illegal());
    for (auto& editor : editors) editor.make_room();
    return shard_.n_connections() - removed_;
  }

 private:
  void open(std::uint32_t model) {
    if (reader_ && model == model_) return;
    model_ = model;
    auto& rows = shard_.store(model);
    reader_.emplace(rows, shard_.targets());
    shard_.staged_edits().emplace_back(rows, shard_.synapse(model), model, edit_);
  }

  shard& shard_;
  static constexpr std::uint64_t none = api_error::nowhere;

  const connection_edit& edit_;
  std::uint64_t missing_ = none, removed_ = 0;
  std::uint32_t model_ = 0;
  std::optional<row_reader> reader_;
  std::vector<std::uint32_t> places_;
  std::vector<row_editor::asked> asked_;
};

[[noreturn]] void refuse_missing(const std::string& what, std::uint64_t source, std::uint64_t target,
                                 std::uint64_t position) {
  throw api_error(error_kind::InexistentConnection,
                  what + ": the connection from " + std::to_string(source) + " to " + std::to_string(target) +
                      " does not exist (any more)",
                  position);
}

}  // namespace

std::uint64_t stage_edit(shard& s, const connection_columns& list, const connection_edit& edit,
                         const edit_names& names) {
  stager rows(s, edit);
  const auto here = local_part(
      s, list, [&](const taps::place& at) { rows.stage(at); }, [&](std::uint64_t position) { rows.miss(position); });
  std::vector<sought_connection> sought;
  for_each_row(here, [&](std::uint32_t model, std::uint64_t source, std::span<const listed_connection> row) {
    sought.clear();
    for (const auto& one : row) sought.push_back(one.sought);
    rows.stage(model, source, sought, [&](std::size_t i) { return row[i].position; });
  });
  const auto id = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  return rows.finish([&](std::uint64_t i) { refuse_missing(names.what, id(list.sources[i]), id(list.targets[i]), i); },
                     [&](const illegal_connection& wrong) {
                       const auto store = static_cast<std::uint32_t>(list.models[wrong.position]);
                       try {
                         check_synapse(s.synapse(store), wrong.parameters, wrong.weight,
                                       names.what + ": " + names.of_stores.at(store));
                       } catch (const api_error& refused) {
                         throw api_error(refused.kind(), refused.what(), wrong.position);
                       }
                     });
}

std::uint64_t stage_removal(shard& s, const pair_removal& pairs) {
  static const connection_edit removal{.remove = true};
  stager rows(s, removal);
  std::vector<std::uint64_t> targets;
  for_each_id(pairs.targets, [&](std::uint64_t id) { targets.push_back(id); });
  std::vector<sought_connection> sought;
  std::vector<std::uint64_t> positions;  // of those sought, among the targets
  if (!pairs.one_to_one) {
    for (std::size_t j = 0; j < targets.size(); ++j) {
      if (!s.holds(targets[j])) continue;
      sought.push_back({low(targets[j]), sought_connection::any});
      positions.push_back(j);
    }
  }
  std::uint64_t i = 0;
  for_each_id(pairs.sources, [&](std::uint64_t source) {
    if (pairs.one_to_one) {
      sought.assign(s.holds(targets[i]) ? 1 : 0, {low(targets[i]), sought_connection::any});
      rows.stage(pairs.store, source, sought, [&](std::size_t) { return i; });
    } else {
      rows.stage(pairs.store, source, sought, [&](std::size_t j) { return i * targets.size() + positions[j]; });
    }
    ++i;
  });
  const auto n = pairs.targets.size();
  return rows.finish(
      [&](std::uint64_t at) {
        refuse_missing("Disconnect", pairs.sources[pairs.one_to_one ? at : at / n],
                       pairs.targets[pairs.one_to_one ? at : at % n], at);
      },
      [](const illegal_connection&) {});
}

void commit_edit(shard& s) {
  for (auto& editor : s.staged_edits()) editor.commit();
  s.staged_edits().clear();
  s.recorded().commit();
  s.rows_have_moved();
}

void drop_edit(shard& s) {
  s.staged_edits().clear();
  s.recorded().drop();
}

}  // namespace volley::runtime
