#include "client/cpp/sonata/node_files.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/model_parameters.hpp"
#include "client/cpp/sonata/spike_files.hpp"

namespace volley::client::sonata {
namespace {

constexpr std::array<std::string_view, 3> kinds{"point_neuron", "point_process", "virtual"};

std::string model_type(const type_rows& types, const std::string& file) {
  std::set<std::string> found;
  for (const auto& [id, row] : types) {
    const auto* type = find_text(row, "model_type");
    found.insert(type == nullptr ? "" : *type);
  }
  if (found.size() != 1) throw error("builtins.ValueError", "'" + file + "' must have exactly one model_type");
  if (std::ranges::find(kinds, std::string_view(*found.begin())) == kinds.end())
    throw error("builtins.ValueError", "'" + file + "': model_type '" + *found.begin() +
                                           "' is not supported; use point_neuron, point_process, virtual");
  return *found.begin();
}

NodeCollection create_virtual(Session& session, const std::vector<std::vector<double>>& trains) {
  if (trains.empty()) return {};
  const auto nodes = session.Create("spike_train_injector", static_cast<std::int64_t>(trains.size()));
  std::vector<Dictionary> values;
  for (const auto& train : trains)
    values.push_back({{"allow_offgrid_times", true}, {"spike_times", Column<double>(std::vector(train))}});
  nodes.set(values);
  return nodes;
}

/// Nodes of one model that follow each other, with their parameters.
struct stretch {
  std::string model;
  std::int64_t count;
  Dictionary values;
  std::vector<std::pair<std::vector<std::int64_t>, Dictionary>> others;  ///< lists and texts of some of them
};

NodeCollection create_neurons(Session& session, const std::vector<stretch>& stretches) {
  NodeCollection nodes;
  for (const auto& s : stretches) {
    const auto some = session.Create(s.model, s.count, s.values);
    for (const auto& [positions, values] : s.others) some.select(positions).set(values);
    nodes = nodes + some;
  }
  return nodes;
}

/// The neurons of a population with their parameters: those of a type in columns of the CSV file and in its JSON file,
/// those of a node in columns of the group that it belongs to. The node's own come last and count.
class neurons {
 public:
  neurons(Session& session, const Dictionary& config, const type_rows& types, const std::string& types_file,
          const hdf5_input& file, const std::string& population)
      : known_(session), types_file_(types_file), file_(file), path_("nodes/" + population) {
    const auto* components = find_dictionary(config, "components");
    const auto* folder = components == nullptr ? nullptr : find_text(*components, "point_neuron_models_dir");
    const auto type_ids = file.integers(path_ + "/node_type_id");
    places_ = group_places(file, path_, "node", 0, type_ids.size());
    sort_by_id(type_ids);
    for (const auto id : types_) read_type(id, type_at(types, id, where()), folder);
  }

  std::vector<stretch> stretches() {
    std::vector<stretch> all;
    for (std::size_t begin = 0; begin < types_.size();) {
      std::size_t end = begin;
      const auto& model = models_.at(types_[begin]);
      while (end < types_.size() && models_.at(types_[end]) == model) ++end;
      all.push_back(some(model, begin, end));
      begin = end;
    }
    return all;
  }

 private:
  std::string where() const { return "'" + file_.file() + "': /" + path_; }

  /// Brings what was read into the order of node ids; without ids it stays as it is.
  void sort_by_id(const std::vector<std::int64_t>& type_ids) {
    types_ = type_ids;
    if (!file_.has(path_ + "/node_id")) return;
    const auto ids = file_.integers(path_ + "/node_id");
    const auto n = type_ids.size();
    std::vector<bool> seen(n);
    const auto read = places_;
    for (std::size_t i = 0; i < n; ++i) {
      const auto id = i < ids.size() ? ids[i] : -1;
      if (id < 0 || static_cast<std::uint64_t>(id) >= n || seen[static_cast<std::size_t>(id)])
        throw error("KernelException",
                    where() + ": the ids of its " + std::to_string(n) + " nodes are not 0 to " + std::to_string(n - 1));
      seen[static_cast<std::size_t>(id)] = true;
      types_[static_cast<std::size_t>(id)] = type_ids[i];
      places_[static_cast<std::size_t>(id)] = read[i];
    }
  }

  void read_type(std::int64_t id, const Dictionary& row, const std::string* folder) {
    if (models_.contains(id)) return;
    const auto* model_template = find_text(row, "model_template");
    if (model_template == nullptr)
      throw error("builtins.ValueError",
                  where() + ": node type " + std::to_string(id) + " has no model_template, which names its model");
    const auto& model = models_[id] = model_name(*model_template);
    auto& shared = shared_[id];
    for (const auto& [key, v] : row) {
      if (!known_.is_single(model, key)) continue;
      check_number(types_file_, key, v);
      shared[key] = v;
    }
    for (const auto& [key, v] : dynamics_of(row, folder)) shared[key] = v;
  }

  stretch some(const std::string& model, std::size_t begin, std::size_t end) {
    parameter_columns columns(known_, model, end - begin);
    std::map<std::int64_t, Dictionary> others;  // lists and texts, which all nodes of a type have alike
    const auto by_type = positions_of(end - begin, [&](std::size_t i) { return types_[begin + i]; });
    for (const auto& [type, elements] : by_type)
      for (const auto& [key, v] : shared_.at(type)) {
        if (v.is<double>() || v.is<std::int64_t>() || v.is<bool>())
          columns.put(key, elements, {v.is<bool>() ? v.as<bool>() : v.as<double>()}, v.is<std::int64_t>());
        else
          others[type][key] = v;
      }
    const std::vector<group_place> places(places_.begin() + static_cast<std::ptrdiff_t>(begin),
                                          places_.begin() + static_cast<std::ptrdiff_t>(end));
    const auto default_of = [&](const std::string& name) { return known_.find(model, name); };
    for (const auto& own : group_columns(file_, path_, "node", places, default_of))
      columns.put(own.name, own.elements, own.numbers, own.is_whole);
    stretch made{model, static_cast<std::int64_t>(end - begin), columns.values(), {}};
    for (const auto& [type, values] : others) {
      const auto& elements = by_type.at(type);
      made.others.emplace_back(std::vector<std::int64_t>(elements.begin(), elements.end()), values);
    }
    return made;
  }

  model_parameters known_;
  const std::string& types_file_;
  const hdf5_input& file_;
  std::string path_;
  std::vector<std::int64_t> types_;             // by node
  std::vector<group_place> places_;             // by node
  std::map<std::int64_t, std::string> models_;  // by type
  std::map<std::int64_t, Dictionary> shared_;
};

}  // namespace

planned_populations read_nodes(Session& session, const Dictionary& config) {
  planned_populations all;
  population_sizes sources;
  for (const auto& entry : dictionaries_at(dictionary_at(config, "networks"), "nodes")) {
    const auto &types_file = text_at(entry, "node_types_file"), &nodes_file = text_at(entry, "nodes_file");
    const auto types = read_types(types_file, "node_type_id");
    const auto kind = model_type(types, types_file);
    const hdf5_input file(nodes_file);
    file.need_group("nodes");
    for (const auto& name : file.members("nodes")) {
      if (sizes_of(all).contains(name))
        throw error("builtins.ValueError", "'" + nodes_file + "': there is a population '" + name + "' already");
      const auto count = file.rows("nodes/" + name, {"node_type_id", "node_id", "node_group_id", "node_group_index"});
      all.push_back({name, {count, {}}});
      if (kind == "virtual") {
        sources[name] = count;
        continue;
      }
      all.back().second.create = [&session,
                                  stretches = neurons(session, config, types, types_file, file, name).stretches()] {
        return create_neurons(session, stretches);
      };
    }
  }
  auto trains = spike_trains(config, sources, sizes_of(all));
  for (auto& [name, nodes] : all)
    if (sources.contains(name))
      nodes.create = [&session, own = std::move(trains[name])] { return create_virtual(session, own); };
  return all;
}

populations create_nodes(const planned_populations& planned) {
  populations made;
  for (const auto& [name, nodes] : planned) made[name] = nodes.create();
  return made;
}

}  // namespace volley::client::sonata
