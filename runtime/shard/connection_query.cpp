#include "runtime/shard/connection_query.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <tuple>

#include "runtime/base/halves.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/shard/listed_connections.hpp"

namespace volley::runtime {
namespace {

// ---- listing

/// Those of recorders, which are in no row.
void add_taps(const taps& recorded, const connection_filter& filter, std::vector<found_connection>& found) {
  const auto passes = [](const std::optional<node_set>& nodes, std::uint64_t id) {
    return !nodes || nodes->contains(id);
  };
  struct tapped {
    found_connection found;
    double label;
  };
  std::vector<tapped> mine;
  recorded.for_each([&](const tap& t, std::uint64_t node, std::size_t i) {
    if (filter.model && *filter.model != t.store) return;
    if (!passes(filter.sources, t.source(node)) || !passes(filter.targets, t.target(node))) return;
    const auto source = low_half(t.source(node)), target = low_half(t.target(node));
    mine.push_back({{t.store, source, target, 0, found_connection::of_recorder}, t.labels[i]});
  });
  const auto name = [](const tapped& c) { return std::tie(c.found.model, c.found.source, c.found.target); };
  std::stable_sort(mine.begin(), mine.end(), [&](const auto& a, const auto& b) { return name(a) < name(b); });
  for (std::size_t i = 1; i < mine.size(); ++i)
    if (name(mine[i - 1]) == name(mine[i])) mine[i].found.number = mine[i - 1].found.number + 1;
  const auto in_rows = static_cast<std::ptrdiff_t>(found.size());
  for (const auto& one : mine)
    if (!filter.label || one.label == *filter.label) found.push_back(one.found);
  const auto by_source = [](const auto& a, const auto& b) {
    return std::tie(a.model, a.source) < std::tie(b.model, b.source);
  };
  std::inplace_merge(found.begin(), found.begin() + in_rows, found.end(), by_source);
}

/// The sources that may have connections to targets of the filter, ascending; nothing: any may.
std::optional<std::vector<std::uint64_t>> likely_sources(stores::entry& store, const target_lookup& targets,
                                                         const connection_filter& filter) {
  std::vector<std::uint64_t> sources;
  if (filter.sources) {
    for_each_id(*filter.sources, [&](std::uint64_t id) { sources.push_back(id); });
    return sources;
  }
  if (!filter.targets || !store.by_target.ready(*store.rows, targets)) return std::nullopt;
  bool many = false;
  for_each_id(*filter.targets, [&](std::uint64_t target) {
    if (many) return;
    store.by_target.add_sources_of(target, targets, sources);
    many = sources.size() > store.rows->source_limit();
  });
  if (many) return std::nullopt;
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

/// Those of one model in rows.
void find_in_rows(shard_parts& shard, store_ordinal m, const connection_filter& filter,
                  std::vector<found_connection>& found) {
  const auto& model = shard.stores.synapse(m);
  if (filter.label && !model.labelled) return;
  const auto& rows = shard.stores.rows(m);
  const auto& targets = shard.cells.targets();
  row_reader reader(rows, targets);
  if (filter.targets) for_each_id(*filter.targets, [&](std::uint64_t id) { reader.want(id); });
  const auto has_label = [&](std::uint64_t source, std::uint64_t segment) {
    return !filter.label || label_of(rows, model, source, segment) == *filter.label;
  };
  const auto read = [&](std::uint64_t source) {
    const auto segments = std::views::iota(std::size_t{0}, rows.row(source).size());
    if (std::ranges::none_of(segments, [&](auto i) { return has_label(source, i); })) return;
    const auto entries = filter.targets ? reader.read_wanted(source) : reader.read_all(source);
    for (const auto i : reader.by_name()) {
      const auto& name = entries[i].name;
      if (has_label(source, entries[i].segment))
        found.push_back({m, low_half(source), name.target, name.number, name.call});
    }
  };
  if (const auto sources = likely_sources(shard.stores[m], targets, filter))
    std::ranges::for_each(*sources, read);
  else
    rows.for_each_source(read);
}

// ---- reading

/// What is read, connection by connection.
class value_columns {
 public:
  /// `n_parameters`: of each, 0 where nobody wants them.
  explicit value_columns(std::size_t n_parameters) { values_.n_parameters = n_parameters; }

  /// The label of the last one, of a model without other parameters.
  void add_label(double label) {
    if (values_.n_parameters != 0) values_.parameters[values_.parameters.size() - values_.n_parameters] = label;
  }
  void add(std::uint64_t position, double weight, std::uint32_t delay_steps, std::uint32_t receptor) {
    values_.positions.push_back(static_cast<std::uint32_t>(position));
    values_.weights.push_back(weight);
    values_.delay_steps.push_back(delay_steps);
    values_.receptors.push_back(static_cast<std::int32_t>(receptor));
    values_.parameters.resize(values_.positions.size() * values_.n_parameters);
  }
  /// The parameters, traces and variables of the last one: of segment number `index`, at this place in the slots.
  void add_parameters(const connection_store& rows, std::uint64_t index, std::uint64_t place) {
    if (values_.n_parameters == 0 || !rows.has_cohorts()) return;
    const auto set = rows.parameter_set(rows.cohort_of(index).parameters);
    const auto first = values_.parameters.end() - static_cast<std::ptrdiff_t>(values_.n_parameters);
    const auto behind = std::copy(set.begin(), set.end(), first);
    std::copy_n(rows.traces_of(index), rows.n_traces(), behind - rows.n_traces());
    std::copy_n(rows.variables_at(place), rows.n_variables(), behind);
  }
  connection_values take() { return std::move(values_); }

 private:
  connection_values values_;
};

/// Reads those of one row.
void read_row(const connection_store& rows, const target_lookup& targets, std::uint64_t source,
              std::span<const listed_connection> wanted, value_columns& to) {
  row_reader reader(rows, targets);
  std::vector<sought_connection> sought;
  for (const auto& one : wanted) sought.push_back(one.sought);
  std::vector<std::uint32_t> places(wanted.size());
  const auto entries = reader.find(source, sought, places);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (places[i] == row_reader::none) continue;
    const auto& entry = entries[places[i]];
    const segment& r = rows.row(source)[entry.segment];
    to.add(wanted[i].position, rows.weight(r, entry.at), r.delay_steps,
           targets.receptor(rows.slot(r, entry.at), r.is_current()));
    to.add_parameters(rows, rows.first_segment(source) + entry.segment, r.begin + entry.at);
  }
}

}  // namespace

std::vector<found_connection> find_connections(shard_parts& shard, const connection_filter& filter) {
  std::vector<found_connection> found;
  for (const auto m : shard.stores.used())
    if (!filter.model || *filter.model == m) find_in_rows(shard, m, filter, found);
  add_taps(shard.recording.connections(), filter, found);
  return found;
}

connection_values read_connections(const shard_parts& shard, const connection_columns& list, bool with_parameters) {
  std::size_t n_parameters = 0;
  for (std::size_t i = 0; with_parameters && i < list.size(); ++i)
    n_parameters = std::max(n_parameters, shard.stores.synapse(list.store(i)).defaults.size());
  value_columns values(n_parameters);
  const auto here = local_part(shard, list);
  const auto receptors = shard.recording.connections().receptors(here.of_recorders);
  for (std::size_t i = 0; i < receptors.size(); ++i) {
    const auto& at = here.of_recorders[i];
    const tap& t = shard.recording.connections().at(at.tap);
    values.add(at.position, t.weights[at.node], t.delays[at.node], receptors[i]);
    values.add_label(t.labels[at.node]);
  }
  for_each_row(here.in_rows, [&](store_ordinal model, std::uint64_t source, std::span<const listed_connection> row) {
    read_row(shard.stores.rows(model), shard.cells.targets(), source, row, values);
  });
  return values.take();
}

}  // namespace volley::runtime
