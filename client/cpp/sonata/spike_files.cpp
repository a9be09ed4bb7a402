#include "client/cpp/sonata/spike_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/files.hpp"
#include "client/cpp/sonata/hdf5_input.hpp"
#include "client/cpp/sonata/node_sets.hpp"

namespace volley::client::sonata {
namespace {

struct spikes {
  std::vector<std::int64_t> nodes;
  std::vector<double> times_ms;
};

spikes read_hdf5(const std::string& name, const std::string& population) {
  const hdf5_input file(name);
  const auto own = "spikes/" + population;
  const auto group = file.has("spikes") && file.has(own) ? own : std::string("spikes");
  std::string ids;
  for (const char* key : {"gids", "node_ids"})
    if (file.has(group + "/" + key)) ids = group + "/" + key;
  const auto times = group + "/timestamps";
  if (ids.empty() || !file.has(times))
    throw error("builtins.ValueError",
                "'" + name + "' has neither spikes of '" + population + "' nor of nodes without a population");
  const auto unit = file.attribute(times, "units").value_or("ms");
  if (unit != "ms" && unit != "s")
    throw error("builtins.ValueError", "'" + name + "': the unit of time is '" + unit + "', not ms or s");
  spikes all{file.integers(ids), file.reals(times, 0, file.rows(times))};
  if (unit == "s")
    for (double& t : all.times_ms) t *= 1000;
  return all;
}

spikes read_table_of_spikes(const std::string& name, const std::string& population) {
  const auto table = read_table(name, " \t,");
  const bool named = table.has("node_ids");
  if ((!named && !table.has("gids")) || !table.has("timestamps"))
    throw error("builtins.ValueError", "'" + name + "' lacks the columns timestamps and node_ids");
  const auto ids = table.column(named ? "node_ids" : "gids"), times = table.column("timestamps");
  const bool several = table.has("population");
  spikes all;
  for (const auto& row : table.rows) {
    if (several && row[table.column("population")] != population) continue;
    const auto node = number_of(row[ids]), time = number_of(row[times]);
    if (!node.is<std::int64_t>() || time.is_none())
      throw error("builtins.ValueError", "'" + name + "' has the spike '" + row[times] + "' of the node '" + row[ids] +
                                             "'; they must be a time in ms and an integer");
    all.nodes.push_back(node.as<std::int64_t>());
    all.times_ms.push_back(time.as<double>());
  }
  return all;
}

spikes read(const std::string& name, const std::string& population) {
  const bool is_table = std::filesystem::path(name).extension() == ".csv";
  auto all = is_table ? read_table_of_spikes(name, population) : read_hdf5(name, population);
  if (all.nodes.size() != all.times_ms.size())
    throw error("builtins.ValueError", "'" + name + "' has " + std::to_string(all.nodes.size()) + " nodes for " +
                                           std::to_string(all.times_ms.size()) + " times");
  return all;
}

/// Throws builtins.ValueError unless an input is for virtual nodes.
void check_nodes(const std::string& input, const chosen_nodes& wanted, const population_sizes& sources,
                 const population_sizes& populations) {
  const auto of = sources.find(wanted.population);
  if (of == sources.end()) {
    std::string there;
    for (const auto& [name, size] : sources) there += (there.empty() ? "; virtual are: " : ", ") + name;
    throw error("builtins.ValueError",
                "the input '" + input + "' is for '" + wanted.population + "', which is " +
                    (populations.contains(wanted.population) ? "not virtual" : "neither a node set nor a population") +
                    there);
  }
  if (wanted.ids &&
      !std::ranges::all_of(*wanted.ids, [&](auto id) { return std::cmp_less(id, of->second) && id >= 0; }))
    throw error("builtins.ValueError", "the input '" + input + "' is for nodes that '" + of->first + "' (" +
                                           std::to_string(of->second) + ") does not have");
}

}  // namespace

std::map<std::string, std::vector<std::vector<double>>> spike_trains(const Dictionary& config,
                                                                     const population_sizes& sources,
                                                                     const population_sizes& populations) {
  std::map<std::string, std::vector<std::vector<double>>> all_trains;
  for (const auto& [name, nodes] : sources) all_trains[name].resize(nodes);
  const auto* inputs = find_dictionary(config, "inputs");
  if (inputs == nullptr) return all_trains;
  const auto known = read_node_sets(config);
  for (const auto& [name, described] : *inputs) {
    const auto section = described.as<Dictionary>();
    const auto* type = find_text(section, "input_type");
    if (type != nullptr && *type != "spikes") continue;
    const auto wanted = node_set(section.at("node_set"), known);
    check_nodes(name, wanted, sources, populations);
    const auto& file = text_at(section, "input_file");
    const auto all = read(file, wanted.population);
    auto& trains = all_trains.at(wanted.population);
    for (std::size_t i = 0; i < all.nodes.size(); ++i) {
      const auto id = all.nodes[i];
      const double time_ms = all.times_ms[i];
      if (id < 0 || std::cmp_greater_equal(id, trains.size()))
        throw error("builtins.ValueError", "'" + file + "' has spikes of nodes that '" + wanted.population + "' (" +
                                               std::to_string(trains.size()) + ") does not have");
      if (!wanted.has(id)) continue;
      if (!(time_ms > 0) || std::isinf(time_ms))
        throw error("builtins.ValueError",
                    "'" + file + "' has a spike at " + std::to_string(time_ms) + " ms; it must be after 0");
      trains[static_cast<std::size_t>(id)].push_back(time_ms);
    }
  }
  for (auto& [name, trains] : all_trains)
    for (auto& train : trains) std::ranges::sort(train);
  return all_trains;
}

}  // namespace volley::client::sonata
