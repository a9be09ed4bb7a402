#include "client/cpp/sonata/edge_files.hpp"

#include <algorithm>
#include <deque>
#include <map>
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

/// Edges to be made together: those of some sources, and where parts of the file that have some begin.
struct sweep {
  source_range from;
  std::vector<std::uint64_t> parts;
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

/// One call of ConnectArrays, with nodes by position in their population.
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

  std::uint64_t size() const { return count_; }
  /// The populations at the ends.
  const std::string& source() const { return source_; }
  const std::string& target() const { return target_; }

  /// Those of a range of edges, as far as they come from some sources: one for each synapse model, in the order of the
  /// file.
  std::vector<edge_call> calls(std::uint64_t first, std::uint64_t count, const source_range& from) const {
    const auto sources = positions("source_node_id", sources_, first, count),
               targets = positions("target_node_id", targets_, first, count);
    const auto types = file_->integers(path_ + "/edge_type_id", first, count);
    const auto places = group_places(*file_, path_, "edge", first, count);
    std::vector<std::size_t> wanted;
    wanted.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      if (sources[i] >= from.begin && sources[i] < from.end) wanted.push_back(i);
    std::map<std::string, std::vector<std::size_t>> by_model;
    for (const auto& [type, edges] : positions_of(wanted.size(), [&](std::size_t i) { return types[wanted[i]]; })) {
      type_at(types_->rows(), type, where());
      auto& of_model = by_model[types_->model(type)];
      for (const auto i : edges) of_model.push_back(wanted[i]);
    }
    std::vector<edge_call> all;
    for (auto& [model, edges] : by_model) {
      if (!std::ranges::is_sorted(edges)) std::ranges::sort(edges);  // those of several types
      all.push_back({some_of(sources, edges), some_of(targets, edges),
                     columns(model, some_of(types, edges), some_of(places, edges))});
    }
    return all;
  }

  source_range all_sources() const { return {0, static_cast<std::int64_t>(sources_)}; }

  /// Checks all edges, `part` at a time. Returns sweeps of about `at_once` edges each.
  std::vector<sweep> sweeps(std::uint64_t part, std::uint64_t at_once) const {
    std::vector<std::uint64_t> edges(sources_);
    std::vector<source_range> spans;  // of parts
    for (std::uint64_t first = 0; first < count_; first += part) {
      const auto count = std::min(part, count_ - first);
      calls(first, count, all_sources());
      const auto sources = positions("source_node_id", sources_, first, count);
      for (const auto source : sources) ++edges[static_cast<std::size_t>(source)];
      const auto [low, high] = std::ranges::minmax(sources);
      spans.push_back({low, high + 1});
    }
    auto all = cut(std::max<std::uint64_t>(1, (count_ + at_once - 1) / at_once), edges, spans, part);
    std::uint64_t readings = 0;
    for (const auto& one : all) readings += one.parts.size();
    return readings <= most_readings * spans.size() ? all : cut(most_readings, edges, spans, part);
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

  /// About `n` sweeps. `edges`: by source; `spans`: of the sources of each part.
  std::vector<sweep> cut(std::uint64_t n, const std::vector<std::uint64_t>& edges,
                         const std::vector<source_range>& spans, std::uint64_t part) const {
    std::vector<sweep> all{{all_sources(), {}}};
    std::uint64_t seen = 0, due = 1;
    for (std::size_t source = 0; source < edges.size(); ++source) {
      seen += edges[source];
      if (due >= n || seen < count_ / n * due) continue;
      all.back().from.end = static_cast<std::int64_t>(source) + 1;
      all.push_back({{all.back().from.end, all_sources().end}, {}});
      while (due < n && seen >= count_ / n * due) ++due;
    }
    for (auto& [from, parts] : all)
      for (std::size_t i = 0; i < spans.size(); ++i)
        if (spans[i].begin < from.end && spans[i].end > from.begin) parts.push_back(i * part);
    return all;
  }

  /// Those at some positions.
  template <class T> static std::vector<T> some_of(const std::vector<T>& all, const std::vector<std::size_t>& wanted) {
    std::vector<T> some;
    some.reserve(wanted.size());
    for (const auto i : wanted) some.push_back(all[i]);
    return some;
  }

  /// A value an edge for each parameter of the model that some type or group names; its default elsewhere.
  Dictionary columns(const std::string& model, const std::vector<std::int64_t>& types,
                     const std::vector<group_place>& places) const {
    auto& known = types_->known();
    parameter_columns columns(known, model, types.size());
    for (const auto& [type, edges] : positions_of(types.size(), [&](std::size_t i) { return types[i]; }))
      for (const auto& [key, v] : types_->spec(type)) columns.put(key, edges, {v.as<double>()}, v.is<std::int64_t>());
    const auto default_of = [&](const std::string& name) { return known.find(model, parameter_name(name)); };
    for (const auto& column : group_columns(*file_, path_, "edge", places, default_of))
      columns.put(parameter_name(column.name), column.elements, column.numbers, column.is_whole);
    auto spec = columns.values();
    spec["synapse_model"] = model;
    return spec;
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

/// Nodes at some positions of a population.
std::vector<std::int64_t> at(std::vector<std::int64_t> positions, const std::vector<std::uint64_t>& ids) {
  for (auto& position : positions) position = static_cast<std::int64_t>(ids[static_cast<std::size_t>(position)]);
  return positions;
}

}  // namespace

std::function<void(const populations&)> checked_edges(Session& session, const Dictionary& config,
                                                      const population_sizes& sizes, std::uint64_t part,
                                                      std::uint64_t at_once) {
  auto all = populations_of(session, config, sizes);
  std::vector<std::vector<sweep>> sweeps;
  for (const auto& population : all) sweeps.push_back(population.sweeps(part, at_once));
  return [&session, part, all = std::move(all), sweeps = std::move(sweeps)](const populations& nodes) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto sources = nodes.at(all[i].source()).ids(), targets = nodes.at(all[i].target()).ids();
      for (const auto& [from, parts] : sweeps[i]) {
        for (const auto first : parts)
          for (auto& call : all[i].calls(first, std::min(part, all[i].size() - first), from))
            session.ConnectArrays(at(std::move(call.sources), sources), at(std::move(call.targets), targets),
                                  call.synapse);
        if (sweeps[i].size() > 1) session.GetKernelStatus("num_connections");  // which places them
      }
    }
  };
}

}  // namespace volley::client::sonata
