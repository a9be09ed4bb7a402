#include "client/cpp/sonata/edge_files.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/model_parameters.hpp"

namespace volley::client::sonata {
namespace {

constexpr std::uint64_t most_readings = 4;  // of a part, on average

/// Sources by their position: from `begin` to before `end`.
struct source_range {
  std::int64_t begin, end;
};

/// What the edges of a synapse model have alike, and the names of other parameters.
struct model_edges {
  Dictionary alike;
  std::vector<std::string> different;
};

/// Some edges of a file, which were checked.
struct edge_part {
  std::uint64_t first, count;
  source_range sources;                     // all of theirs, and maybe others
  std::optional<std::int64_t> type;         // that of all
  std::optional<std::int64_t> plain_group;  // that of all, whose rows are in the order of the edges
  std::map<std::string, model_edges> models;
};

/// Edges to be made together: those of some sources, and which parts of the file have some.
struct sweep {
  source_range from;
  std::vector<std::size_t> parts;
};

/// The parts of the edges of a population, and in which order they are made.
struct edge_plan {
  std::vector<edge_part> parts;
  std::vector<sweep> sweeps;
};

/// The nodes at both ends of a population's edges, by position.
struct edge_ends {
  std::vector<std::uint64_t> sources, targets;
  Booleans own;  // which targets live on this rank; empty where their edges are given to all ranks
};

/// The names that Connect has for SONATA's.
std::string parameter_name(const std::string& column) { return column == "syn_weight" ? "weight" : column; }

/// What the CSV file of a population's edge types says: a synapse model each, and its parameters.
class edge_types {
 public:
  edge_types(Session& session, const Dictionary& config, const Dictionary& entry) : known_(session) {
    const auto* components = find_dictionary(config, "components");
    const auto* folder = components == nullptr ? nullptr : find_text(*components, "synaptic_models_dir");
    const auto* file = find_text(entry, "edge_types_file");
    if (file != nullptr && *file != "NULL") rows_ = read_types(*file, "edge_type_id");
    for (const auto& [id, row] : rows_) {
      const auto* named = find_text(row, "model_template");
      const auto& model = models_[id] = model_name(named == nullptr ? "static_synapse" : *named);
      auto& spec = specs_[id];
      for (const auto& [column, v] : row) {
        if (!known_.is_single(model, parameter_name(column))) continue;
        check_number(*file, column, v);
        spec[parameter_name(column)] = v;
      }
      for (const auto& [key, v] : dynamics_of(row, folder)) {
        check_number(*folder + "/" + text_at(row, "dynamics_params"), key, v);
        spec[key] = v;
      }
    }
  }

  const type_rows& rows() const { return rows_; }
  model_parameters& known() { return known_; }
  const std::string& model(std::int64_t type) const { return models_.at(type); }
  const Dictionary& spec(std::int64_t type) const { return specs_.at(type); }

 private:
  model_parameters known_;
  type_rows rows_;
  std::map<std::int64_t, std::string> models_;
  std::map<std::int64_t, Dictionary> specs_;
};

/// One call of ConnectArrays.
struct edge_call {
  std::vector<std::int64_t> sources, targets;
  Dictionary synapse;
};

/// The edges of one population of a file, between two populations of nodes.
class edge_population {
 public:
  edge_population(std::shared_ptr<const hdf5_input> file, const std::string& name, std::shared_ptr<edge_types> types,
                  const population_sizes& sizes)
      : file_(std::move(file)), types_(std::move(types)), path_("edges/" + name) {
    count_ =
        file_->rows(path_, {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"});
    std::tie(source_, sources_) = *population_of("source_node_id", sizes);
    std::tie(target_, targets_) = *population_of("target_node_id", sizes);
  }

  /// The populations at the ends.
  const std::string& source() const { return source_; }
  const std::string& target() const { return target_; }

  /// Those of a part, as far as they come from some sources, and end at own targets: one call for each synapse model of
  /// the part, in the order of the file, though there may be no such edge of it.
  std::vector<edge_call> calls(const edge_part& part, const source_range& from, const edge_ends& nodes) const {
    const auto sources = positions("source_node_id", sources_, part.first, part.count),
               targets = positions("target_node_id", targets_, part.first, part.count);
    const auto types =
        part.type ? std::vector<std::int64_t>() : file_->integers(path_ + "/edge_type_id", part.first, part.count);
    const auto groups =
        part.plain_group ? std::vector<group_place>() : group_places(*file_, path_, "edge", part.first, part.count);
    const auto is_wanted = [&](std::size_t i) {
      return sources[i] >= from.begin && sources[i] < from.end &&
             (nodes.own.empty() || nodes.own[static_cast<std::size_t>(targets[i])] != 0);
    };
    const auto type_of = [&](std::size_t i) { return part.type ? *part.type : types[i]; };
    std::vector<edge_call> all;
    for (const auto& [model, edges] : by_model(part, is_wanted, type_of)) {
      std::vector<group_place> places;
      places.reserve(edges.size());
      for (const auto i : edges)
        places.push_back(part.plain_group ? group_place{*part.plain_group, static_cast<std::int64_t>(part.first + i)}
                                          : groups[i]);
      const auto& [alike, different] = part.models.at(model);
      const auto type_of_chosen = [&](std::size_t k) { return type_of(edges[k]); };
      auto synapse = columns(model, places, type_of_chosen, alike, different).all();
      for (const auto& [name, v] : alike) synapse[name] = v;
      synapse["synapse_model"] = model;
      all.push_back(
          {nodes_at(nodes.sources, sources, edges), nodes_at(nodes.targets, targets, edges), std::move(synapse)});
    }
    return all;
  }

  /// Checks all edges, `part` at a time. Sweeps are of about `at_once` edges each.
  edge_plan plan(std::uint64_t part, std::uint64_t at_once) const {
    edge_plan made;
    std::vector<std::uint64_t> edges(sources_);  // by source
    for (std::uint64_t first = 0; first < count_; first += part)
      made.parts.push_back(checked(first, std::min(part, count_ - first), edges));
    made.sweeps = cut(std::max<std::uint64_t>(1, (count_ + at_once - 1) / at_once), edges, made.parts);
    std::uint64_t readings = 0;
    for (const auto& one : made.sweeps) readings += one.parts.size();
    if (readings > most_readings * made.parts.size()) made.sweeps = cut(most_readings, edges, made.parts);
    return made;
  }

 private:
  std::string where() const { return "'" + file_->file() + "': /" + path_; }

  population_sizes::const_iterator population_of(const std::string& end, const population_sizes& sizes) const {
    const auto population = file_->attribute(path_ + "/" + end, "node_population");
    if (!population) throw error("KernelException", where() + ": " + end + " has no attribute node_population");
    const auto known = sizes.find(*population);
    if (known == sizes.end())
      throw error("KernelException", where() + ": there is no population '" + *population + "' for " + end);
    return known;
  }

  /// The nodes at one end of a range of edges, by position in their population.
  std::vector<std::int64_t> positions(const char* end, std::uint64_t nodes, std::uint64_t first,
                                      std::uint64_t count) const {
    auto all = file_->integers(path_ + "/" + end, first, count);
    for (const auto position : all)
      if (position < 0 || static_cast<std::uint64_t>(position) >= nodes)
        throw error("KernelException", where() + ": " + end + " has the node " + std::to_string(position) +
                                           " of a population of " + std::to_string(nodes));
    return all;
  }

  /// Adds to the `edges` of each source.
  edge_part checked(std::uint64_t first, std::uint64_t count, std::vector<std::uint64_t>& edges) const {
    const auto sources = positions("source_node_id", sources_, first, count);
    positions("target_node_id", targets_, first, count);
    for (const auto source : sources) ++edges[static_cast<std::size_t>(source)];
    const auto [low, high] = std::ranges::minmax(sources);
    edge_part part{first, count, {low, high + 1}, {}, {}, {}};

    const auto types = file_->integers(path_ + "/edge_type_id", first, count);
    const auto places = group_places(*file_, path_, "edge", first, count);
    const auto is_plain = [&, i = first](const group_place& place) mutable {
      return place.group == places.front().group && place.row == static_cast<std::int64_t>(i++);
    };
    if (std::ranges::all_of(places, is_plain)) part.plain_group = places.front().group;
    auto by_type = positions_of(count, [&](std::size_t i) { return types[i]; });
    if (by_type.size() == 1) part.type = types.front();
    std::map<std::string, std::vector<std::size_t>> by_model;
    for (auto& [type, members] : by_type) {
      type_at(types_->rows(), type, where());
      auto& of_model = by_model[types_->model(type)];
      if (of_model.empty())
        of_model = std::move(members);
      else
        of_model.insert(of_model.end(), members.begin(), members.end());
    }
    for (auto& [model, members] : by_model) {
      if (!std::ranges::is_sorted(members)) std::ranges::sort(members);  // those of several types
      const auto type_of = [&](std::size_t k) { return types[members[k]]; };
      const auto all = columns(model, some_of(places, members), type_of, {}, {});
      part.models[model] = {all.alike(), all.different()};
    }
    return part;
  }

  /// Which edges of a part are wanted, by their place in it, for each of its synapse models.
  std::map<std::string, std::vector<std::size_t>> by_model(const edge_part& part, auto&& is_wanted,
                                                           auto&& type_of) const {
    std::map<std::string, std::vector<std::size_t>> all;
    for (const auto& [model, edges] : part.models) all[model].reserve(part.count);
    std::vector<std::size_t>* to = nullptr;
    for (std::size_t i = 0, before = 0; i < part.count; ++i) {
      if (!is_wanted(i)) continue;
      if (to == nullptr || type_of(i) != type_of(before)) to = &all.at(types_->model(type_of(i)));
      to->push_back(i);
      before = i;
    }
    return all;
  }

  /// About `n` sweeps. `edges`: by source.
  std::vector<sweep> cut(std::uint64_t n, const std::vector<std::uint64_t>& edges,
                         const std::vector<edge_part>& parts) const {
    const auto end = static_cast<std::int64_t>(sources_);
    std::vector<sweep> all{{{0, end}, {}}};
    std::uint64_t seen = 0, due = 1;
    for (std::size_t source = 0; source < edges.size(); ++source) {
      seen += edges[source];
      if (due >= n || seen < count_ / n * due) continue;
      all.back().from.end = static_cast<std::int64_t>(source) + 1;
      all.push_back({{all.back().from.end, end}, {}});
      while (due < n && seen >= count_ / n * due) ++due;
    }
    for (auto& [from, some] : all)
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].sources.begin < from.end && parts[i].sources.end > from.begin) some.push_back(i);
    return all;
  }

  static std::vector<group_place> some_of(const std::vector<group_place>& places,
                                          const std::vector<std::size_t>& edges) {
    std::vector<group_place> some;
    some.reserve(edges.size());
    for (const auto i : edges) some.push_back(places[i]);
    return some;
  }

  static std::vector<std::int64_t> nodes_at(const std::vector<std::uint64_t>& nodes,
                                            const std::vector<std::int64_t>& positions,
                                            const std::vector<std::size_t>& edges) {
    std::vector<std::int64_t> some;
    some.reserve(edges.size());
    for (const auto i : edges) some.push_back(static_cast<std::int64_t>(nodes[static_cast<std::size_t>(positions[i])]));
    return some;
  }

  /// A value an edge for each parameter of the model that some type or group names, but those that all have `alike`;
  /// its default elsewhere. `type_of`: of each edge; `needed`: parameters that are there, whatever the edges name.
  parameter_columns columns(const std::string& model, const std::vector<group_place>& places,
                            const std::function<std::int64_t(std::size_t)>& type_of, const Dictionary& alike,
                            const std::vector<std::string>& needed) const {
    auto& known = types_->known();
    parameter_columns columns(known, model, places.size());
    columns.need(needed);
    const auto is_named = [&](const std::string& name) { return !alike.contains(name); };
    const auto names_one = [&](const auto& row) {
      return types_->model(row.first) == model &&
             std::ranges::any_of(types_->spec(row.first), is_named, [](const auto& e) { return e.first; });
    };
    if (std::ranges::any_of(types_->rows(), names_one))
      for (const auto& [type, edges] : positions_of(places.size(), type_of))
        for (const auto& [key, v] : types_->spec(type))
          if (is_named(key)) columns.put(key, edges, {v.as<double>()}, v.is<std::int64_t>());
    const auto default_of = [&](const std::string& name) -> const Value* {
      return is_named(parameter_name(name)) ? known.find(model, parameter_name(name)) : nullptr;
    };
    for (const auto& column : group_columns(*file_, path_, "edge", places, default_of))
      if (const auto name = parameter_name(column.name); is_named(name))
        columns.put(name, column.elements, column.numbers, column.is_whole);
    return columns;
  }

  std::shared_ptr<const hdf5_input> file_;
  std::shared_ptr<edge_types> types_;
  std::string path_;
  std::uint64_t count_ = 0;
  std::string source_, target_;              // populations,
  std::uint64_t sources_ = 0, targets_ = 0;  // and their sizes
};

std::vector<edge_population> populations_of(Session& session, const Dictionary& config, const population_sizes& sizes) {
  std::vector<edge_population> all;
  for (const auto& entry : dictionaries_at(dictionary_at(config, "networks"), "edges")) {
    if (!truth_or(entry, "enabled", true)) continue;
    const auto types = std::make_shared<edge_types>(session, config, entry);
    const auto file = std::make_shared<const hdf5_input>(text_at(entry, "edges_file"));
    file->need_group("edges");
    for (const auto& name : file->members("edges")) all.emplace_back(file, name, types, sizes);
  }
  return all;
}

bool are_neurons(Session& session, const std::vector<node_part>& nodes) {
  return std::ranges::all_of(
      nodes, [&](const auto& part) { return session.GetDefaults(part.model, "element_type") == Value("neuron"); });
}

/// Which targets live on this rank; none where their edges are given to all ranks: with one rank, with recorders, and
/// with sources of several kinds.
Booleans ends_here(Session& session, std::int64_t ranks, const NodeCollection& sources, const NodeCollection& targets) {
  if (ranks == 1 || targets.empty() || !are_neurons(session, session.describe(targets))) return {};
  const auto from = session.describe(sources);
  const bool of_one_kind = std::ranges::all_of(from, [&](const auto& p) { return p.model == from.front().model; });
  if (!of_one_kind && !are_neurons(session, from)) return {};
  const auto local = targets.get("local");
  return local.is<bool>() ? Booleans{local.as<bool>()} : local.as<Booleans>();
}

void connect(Session& session, const edge_population& population, const edge_plan& plan, const edge_ends& ends) {
  for (const auto& [from, parts] : plan.sweeps) {
    for (const auto part : parts)
      for (const auto& [sources, targets, synapse] : population.calls(plan.parts[part], from, ends))
        if (const bool of_rank = !ends.own.empty(); of_rank || !sources.empty())
          session.ConnectArrays(sources, targets, synapse, of_rank);
    if (plan.sweeps.size() > 1) session.GetKernelStatus("num_connections");  // which places them
  }
}

}  // namespace

std::function<void(const populations&)> checked_edges(Session& session, const Dictionary& config,
                                                      const population_sizes& sizes, std::uint64_t part,
                                                      std::uint64_t at_once) {
  const auto ranks = session.GetKernelStatus("num_processes").as<std::int64_t>();
  std::vector<std::pair<edge_population, edge_plan>> all;
  for (auto& population : populations_of(session, config, sizes)) {
    auto plan = population.plan(part, at_once * static_cast<std::uint64_t>(ranks));
    all.emplace_back(std::move(population), std::move(plan));
  }
  return [&session, ranks, all = std::move(all)](const populations& nodes) {
    for (const auto& [population, plan] : all) {
      const auto &sources = nodes.at(population.source()), &targets = nodes.at(population.target());
      connect(session, population, plan, {sources.ids(), targets.ids(), ends_here(session, ranks, sources, targets)});
    }
  };
}

}  // namespace volley::client::sonata
