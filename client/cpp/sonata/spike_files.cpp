#include "client/cpp/sonata/spike_files.hpp"

#include <algorithm>
#include <filesystem>

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
    if (file.is_column(group + "/" + key)) ids = group + "/" + key;
  const auto times = group + "/timestamps";
  if (ids.empty() || !file.is_column(times))
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
    all.nodes.push_back(number_of(row[ids]).as<std::int64_t>());
    all.times_ms.push_back(number_of(row[times]).as<double>());
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

}  // namespace

std::vector<std::vector<double>> spike_trains(const Dictionary& config, const std::string& population,
                                              std::uint64_t nodes) {
  std::vector<std::vector<double>> trains(nodes);
  const auto* inputs = find_dictionary(config, "inputs");
  if (inputs == nullptr) return trains;
  const auto known = read_node_sets(config);
  for (const auto& [name, described] : *inputs) {
    const auto section = described.as<Dictionary>();
    const auto* type = find_text(section, "input_type");
    if (type != nullptr && *type != "spikes") continue;
    const auto wanted = node_set(section.at("node_set"), known);
    if (wanted.population != population) continue;
    const auto& file = text_at(section, "input_file");
    const auto all = read(file, population);
    for (std::size_t i = 0; i < all.nodes.size(); ++i) {
      const auto id = all.nodes[i];
      if (id < 0 || static_cast<std::uint64_t>(id) >= nodes)
        throw error("builtins.ValueError", "'" + file + "' has spikes of nodes that '" + population + "' (" +
                                               std::to_string(nodes) + ") does not have");
      if (wanted.has(id)) trains[static_cast<std::size_t>(id)].push_back(all.times_ms[i]);
    }
  }
  for (auto& train : trains) std::ranges::sort(train);
  return trains;
}

}  // namespace volley::client::sonata
