// What sonata_test.py has in Python: builds the circuit, with arguments for the number of VPs, the edges at once and
// the edges a part (0: as it is), simulates it, and writes the connections and spikes of this rank.
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/edge_files.hpp"
#include "client/cpp/sonata/node_files.hpp"
#include "client/cpp/sonata/sonata_network.hpp"
#include "nlohmann/json.hpp"

namespace volley::client {
namespace {

using nlohmann::json;

json as_json(const Value& v) {
  if (const auto* x = v.get_if<double>()) return *x;
  if (const auto* n = v.get_if<std::int64_t>()) return *n;
  return v.as<std::string>();
}

json rows_of(const SynapseCollection& connections) {
  auto rows = json::array();
  if (connections.size() == 0) return rows;
  const std::vector<std::string> keys{"source", "target", "synapse_model", "weight", "delay", "port", "receptor"};
  const auto table = connections.get(keys);
  for (std::size_t i = 0; i < connections.size(); ++i) {
    auto row = json::array();
    for (const auto& key : keys)
      row.push_back(as_json(connections.size() == 1 ? table.at(key) : table.at(key).element(i)));
    rows.push_back(std::move(row));
  }
  return rows;
}

json spikes_of(const NodeCollection& recorder) {
  const auto times = recorder.get("events", "times").as<Column<double>>();
  const auto senders = recorder.get("events", "senders").as<Column<std::int64_t>>();
  std::vector<std::pair<double, std::int64_t>> spikes;
  for (std::size_t i = 0; i < times.size(); ++i) spikes.emplace_back(times[i], senders[i]);
  std::ranges::sort(spikes);
  return spikes;
}

void run(std::int64_t vps, std::uint64_t at_once, std::uint64_t part) {
  Session nest("");
  nest.SetKernelStatus({{"total_num_virtual_procs", vps}, {"rng_seed", 3}});
  const SonataNetwork network(nest, "circuit.json", "simulation.json");
  const auto planned = sonata::read_nodes(nest, network.config());
  const auto connect = sonata::checked_edges(nest, network.config(), sonata::sizes_of(planned), part,
                                             at_once == 0 ? sonata::edges_at_once : at_once);
  const auto nodes = sonata::create_nodes(planned);
  connect(nodes);
  const auto recorder = nest.Create("spike_recorder");
  nest.Connect(nodes.at("cells"), recorder);
  const auto rows = rows_of(nest.GetConnections());
  nest.Simulate(sonata::number_at(sonata::dictionary_at(network.config(), "run"), "tstop"));
  const auto fact = [&](const char* key) { return as_json(nest.GetKernelStatus(key)); };
  std::ofstream("part-" + fact("mpi_rank").dump() + ".json")
      << json::array({rows, spikes_of(recorder), json::array({fact("min_delay"), fact("max_delay")})});
}

}  // namespace
}  // namespace volley::client

int main(int, char** arguments) try {
  volley::client::run(std::stoll(arguments[1]), std::stoull(arguments[2]), std::stoull(arguments[3]));
} catch (const std::exception& fault) {
  std::cerr << fault.what() << '\n';
  return 1;
}
