// The small circuit, built in a kernel inside this process; what is expected stands in write_circuit.py beside it.
#include "client/cpp/sonata/sonata_network.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "client/cpp/sonata/edge_files.hpp"
#include "client/cpp/sonata/hdf5_input.hpp"
#include "tests/client/cpp/sonata/hdf5_change.hpp"
#include "tests/client/cpp/sonata/scratch_folder.hpp"

namespace volley::client {
namespace {

const std::string tiny = "tests/client/python/tiny_sonata/";
using reals = std::vector<double>;
using sonata::tests::hdf5_change;

template <class T> std::vector<T> numbers(const Value& column) {
  const auto c = column.as<Column<T>>();
  return {c.begin(), c.end()};
}

class a_sonata_network : public testing::Test {
 protected:
  SonataNetwork network(const std::string& circuit = tiny + "circuit.json") {
    return {nest, circuit, tiny + "simulation.json"};
  }
  /// A file of a copy of the small circuit.
  std::string copied(const std::string& file) const {
    std::filesystem::remove_all(folder / "tiny");
    std::filesystem::copy(tiny, folder / "tiny", std::filesystem::copy_options::recursive);
    const auto path = folder / ("tiny/" + file);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  /// The small circuit with other words in one of its files.
  SonataNetwork changed(const std::string& file, const std::string& word, const std::string& other) {
    const auto path = copied(file);
    std::ifstream from(path);
    std::string text((std::istreambuf_iterator<char>(from)), {});
    const auto at = text.find(word);
    EXPECT_NE(at, std::string::npos);
    std::ofstream(path) << text.replace(at, word.size(), other);
    return {nest, folder / "tiny/circuit.json", folder / "tiny/simulation.json"};
  }

  Session nest{""};
  sonata::tests::scratch_folder folder;
};

TEST_F(a_sonata_network, sets_the_resolution) {
  const auto made = network();
  EXPECT_EQ(nest.GetKernelStatus("resolution"), Value(0.1));
  EXPECT_TRUE(made.node_collections().empty());
  EXPECT_EQ(made.config().at("run").as<Dictionary>().at("tstop"), Value(100.0));
}

TEST_F(a_sonata_network, has_nodes_in_the_order_of_their_id) {
  auto made = network();
  const auto cells = made.Create().at("cells");
  ASSERT_EQ(cells.size(), 12u);
  EXPECT_EQ(nest.describe(cells).size(), 3u);
  EXPECT_EQ(numbers<double>(cells.get("tau_m")), (reals{8, 8, 8, 8, 8, 10, 10, 10, 20, 20, 20, 20}));
  EXPECT_EQ(numbers<double>(cells.get("V_th")), (reals{-55, -55, -55, -55, -55, -55, -55, -55, -56, -57, -58, -59}));
}

TEST_F(a_sonata_network, gives_sources_their_spikes) {
  auto made = network();
  const auto trains = made.Create().at("sources").get("spike_times");
  const sonata::hdf5_input file(tiny + "spikes.h5");
  const auto ids = file.integers("spikes/sources/node_ids");
  const auto times = file.reals("spikes/sources/timestamps", 0, ids.size());
  std::vector<reals> wanted(4);
  for (std::size_t i = 0; i < ids.size(); ++i) wanted[static_cast<std::size_t>(ids[i])].push_back(times[i]);
  for (std::size_t node = 0; node < 4; ++node) {
    std::ranges::sort(wanted[node]);
    const auto train = numbers<double>(trains.element(node));
    ASSERT_EQ(train.size(), wanted[node].size());
    for (std::size_t i = 0; i < train.size(); ++i) {  // rounded up to the grid
      EXPECT_GE(train[i], wanted[node][i] - 1e-3);
      EXPECT_LT(train[i], wanted[node][i] + 0.1);
    }
  }
}

TEST_F(a_sonata_network, has_the_edges_of_the_files_whatever_the_size_of_the_parts) {
  for (const std::int64_t part : {SonataNetwork::default_part, std::int64_t{7}}) {
    nest.ResetKernel();
    auto made = network();
    const auto nodes = made.BuildNetwork(part);
    const auto first = nodes.at("cells").id(0), first_source = nodes.at("sources").id(0);
    const sonata::hdf5_input file(tiny + "cells_cells_edges.h5");
    const std::string path = "edges/cells_to_cells/";
    const auto sources = file.integers(path + "source_node_id"), targets = file.integers(path + "target_node_id"),
               rows = file.integers(path + "edge_group_index");
    const auto weights = file.reals(path + "0/syn_weight", 0, 60), delays = file.reals(path + "0/delay", 0, 60);
    std::multimap<std::pair<std::uint64_t, std::uint64_t>, std::pair<double, double>> wanted, found;
    for (std::size_t i = 0; i < 60; ++i) {
      const auto row = static_cast<std::size_t>(rows[i]);
      wanted.emplace(
          std::pair(first + static_cast<std::uint64_t>(sources[i]), first + static_cast<std::uint64_t>(targets[i])),
          std::pair(weights[row], std::round(10 * delays[row]) * 0.1));
    }
    const auto inner = nest.GetConnections(nodes.at("cells"), nodes.at("cells"));
    const auto all = inner.get({"source", "target", "weight", "delay"});
    for (std::size_t i = 0; i < inner.size(); ++i) {
      const auto at = [&](const char* key) { return all.at(key).element(i); };
      found.emplace(std::pair(static_cast<std::uint64_t>(at("source").as<std::int64_t>()),
                              static_cast<std::uint64_t>(at("target").as<std::int64_t>())),
                    std::pair(at("weight").as<double>(), at("delay").as<double>()));
    }
    EXPECT_EQ(found, wanted) << part;
    const auto outer = nest.GetConnections(nodes.at("sources"), nodes.at("cells"));
    ASSERT_EQ(outer.size(), 48u);
    const auto plastic = nest.GetConnections(nodes.at("sources"), nodes.at("cells"), "stdp_synapse");
    EXPECT_EQ(plastic.size(), 16u);
    EXPECT_EQ(numbers<double>(plastic.get("Wmax")), reals(16, 5000));
    EXPECT_EQ(numbers<double>(plastic.get("lambda")), reals(16, 0.05));
    const auto told = outer.get({"source", "target", "weight", "delay"});
    for (std::size_t i = 0; i < outer.size(); ++i) {
      const auto id = [&](const char* key) {
        return static_cast<std::uint64_t>(told.at(key).element(i).as<std::int64_t>());
      };
      const auto kind = (id("source") - first_source + id("target") - first) % 3;
      EXPECT_EQ(told.at("weight").element(i), Value((reals{900, 1200, 1000})[kind]));
      EXPECT_EQ(told.at("delay").element(i), Value((reals{1, 2.5, 1})[kind]));
    }
  }
}

TEST_F(a_sonata_network, has_the_same_connections_where_they_are_placed_some_sources_at_a_time) {
  const auto made_with = [&](std::uint64_t at_once) {
    nest.ResetKernel();
    const auto made = network();
    const auto planned = sonata::read_nodes(nest, made.config());
    const auto connect = sonata::checked_edges(nest, made.config(), sonata::sizes_of(planned), 7, at_once);
    EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(0));
    connect(sonata::create_nodes(planned));
    return nest.GetConnections().get({"source", "target", "synapse_model", "port", "weight", "delay"});
  };
  const auto whole = made_with(sonata::edges_at_once);
  EXPECT_EQ(whole.at("source").length(), 108u);
  for (const std::uint64_t at_once : {20, 1}) EXPECT_EQ(made_with(at_once), whole) << at_once;
}

TEST_F(a_sonata_network, simulates_and_records_what_the_configuration_asks_for) {
  auto made = changed("simulation.json", "\"target_simulator\"",
                      "\"output\": {\"output_dir\": \"" + folder / "out" +
                          "\", \"spikes_file\": \"spikes.h5\"}, \"reports\": {\"V\": {\"cells\": \"cells\", "
                          "\"variable_name\": \"V_m\", \"dt\": 0.5}}, \"target_simulator\"");
  made.BuildNetwork();
  const auto recorders = made.Record();
  made.Simulate();
  EXPECT_EQ(nest.GetKernelStatus("biological_time"), Value(100.0));
  const sonata::hdf5_input spikes(folder / "out/spikes.h5"), report(folder / "out/V.h5");
  EXPECT_EQ(Value(spikes.rows("spikes/cells/timestamps")), recorders.at("spikes").get("n_events"));
  EXPECT_EQ(report.rows("report/cells/mapping/node_ids"), 12u);
}

TEST_F(a_sonata_network, has_an_order_of_calls) {
  auto made = network();
  const auto kind = [](auto&& call) { return sonata::tests::kind_of(call); };
  EXPECT_EQ(kind([&] { made.Connect(); }), "builtins.RuntimeError");
  EXPECT_EQ(kind([&] { made.Record(); }), "builtins.RuntimeError");
  EXPECT_EQ(kind([&] { made.Simulate(); }), "builtins.RuntimeError");
  EXPECT_EQ(kind([&] { made.BuildNetwork(0); }), "builtins.ValueError");
  EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(0));
}

TEST_F(a_sonata_network, refuses_files_that_contradict_themselves) {
  const auto kind_with = [&](const char* file, const char* word, const char* other) {
    nest.ResetKernel();
    return sonata::tests::kind_of([&] { changed(file, word, other).BuildNetwork(); });
  };
  EXPECT_EQ(kind_with("circuit.json", "\"NEST\"", "\"other\""), "");  // the simulation's counts
  EXPECT_EQ(kind_with("simulation.json", "\"NEST\"", "\"other\""), "builtins.ValueError");
  EXPECT_EQ(kind_with("simulation.json", "\"NEST\"", "5"), "builtins.ValueError");
  EXPECT_EQ(kind_with("simulation.json", "\"dt\"", "\"other\""), "builtins.ValueError");
  EXPECT_EQ(kind_with("simulation.json", "spikes.h5", "none.h5"), "builtins.FileNotFoundError");
  EXPECT_EQ(kind_with("cells_node_types.csv", "point_neuron", "virtual"), "builtins.ValueError");
  EXPECT_EQ(kind_with("cells_node_types.csv", "\n8 ", "\n80 "), "KernelException");
  EXPECT_EQ(kind_with("cells_node_types.csv", "nest:iaf_psc_exp", "NULL"), "builtins.ValueError");
  EXPECT_EQ(kind_with("cells_node_types.csv", "nest:iaf_psc_exp", "nest:unknown"), "UnknownComponent");
  EXPECT_EQ(kind_with("cells_cells_edge_types.csv", "\n2 ", "\n20 "), "KernelException");
  EXPECT_EQ(kind_with("models/fast.json", "tau_m", "tau_mm"), "UnaccessedDictionaryEntry");
}

TEST_F(a_sonata_network, refuses_what_files_say_wrongly_by_their_name_before_a_node_is_made) {
  const auto refusal = [&](const std::string& file, auto&& change) {
    const auto path = copied(file);
    change(hdf5_change(path));
    SonataNetwork network(nest, folder / "tiny/circuit.json", folder / "tiny/simulation.json");
    const auto told = sonata::tests::error_of([&] { network.BuildNetwork(7); });
    EXPECT_NE(told.find("/" + file + "'"), std::string::npos) << told;
    EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(0));
    EXPECT_TRUE(network.node_collections().empty());
    return told.substr(0, told.find(':'));
  };
  const std::string cells = "nodes/cells/", edges = "edges/cells_to_cells/", spikes = "spikes/sources/";
  const std::vector<std::pair<std::vector<hsize_t>, hid_t>> wrong{
      {{60, 2}, H5T_NATIVE_DOUBLE}, {{}, H5T_NATIVE_DOUBLE}, {{60}, H5T_C_S1}, {{1}, H5T_NATIVE_DOUBLE}};
  for (const auto& [dimensions, type] : wrong) {
    const auto put = [&](const std::string& path) {
      return [&, path](const hdf5_change& change) { change.put(path, dimensions, type); };
    };
    for (const char* column : {"0/syn_weight", "0/delay", "source_node_id", "edge_type_id", "edge_group_index"})
      EXPECT_EQ(refusal("cells_cells_edges.h5", put(edges + column)), "KernelException") << column;
    for (const char* column : {"0/V_th", "1/dynamics_params/V_th", "node_type_id", "node_id", "node_group_id"})
      EXPECT_EQ(refusal("cells_nodes.h5", put(cells + column)), "KernelException") << column;
    for (const char* column : {"node_ids", "timestamps"})
      EXPECT_NE(refusal("spikes.h5", put(spikes + column)), "") << column;
  }
  const auto edges_with = [&](auto&& change) { return refusal("cells_cells_edges.h5", change); };
  EXPECT_EQ(edges_with([&](const hdf5_change& to) { to.remove(edges + "0"); }), "KernelException");
  EXPECT_EQ(edges_with([&](const hdf5_change& to) { to.remove(edges + "source_node_id"); }), "KernelException");
  EXPECT_EQ(edges_with([&](const hdf5_change& to) { to.remove("edges"); }), "KernelException");
  EXPECT_EQ(
      edges_with([&](const hdf5_change& to) { to.remove_attribute(edges + "target_node_id", "node_population"); }),
      "KernelException");
  EXPECT_EQ(edges_with([&](const hdf5_change& to) { to.put(edges + "edge_group_id", {60}); }), "KernelException");
  EXPECT_EQ(edges_with([&](const hdf5_change& to) { to.put(edges + "edge_type_id", {60}, H5T_NATIVE_DOUBLE, 0.5); }),
            "KernelException");
  EXPECT_EQ(refusal("spikes.h5", [&](const hdf5_change& to) { to.put(spikes + "timestamps", {40}); }),
            "builtins.ValueError");
}

TEST_F(a_sonata_network, takes_other_columns_for_what_they_are) {
  const auto path = copied("cells_cells_edges.h5");
  hdf5_change(path).put("edges/cells_to_cells/0/Wmax", {2, 3});  // no parameter of static_synapse
  SonataNetwork network(nest, folder / "tiny/circuit.json", folder / "tiny/simulation.json");
  network.BuildNetwork();
  EXPECT_EQ(nest.GetKernelStatus("num_connections"), Value(108));
}

TEST_F(a_sonata_network, refuses_texts_where_numbers_belong_and_inputs_of_no_virtual_nodes) {
  const auto told_with = [&](const char* file, const char* word, const std::string& other) {
    return sonata::tests::error_of([&] { changed(file, word, other).BuildNetwork(); });
  };
  const auto start = "builtins.ValueError: '" + folder / "tiny/";
  EXPECT_EQ(told_with("cells_cells_edge_types.csv", "1.5", "fast"),
            start + "cells_cells_edge_types.csv': delay is a str; it must be a number");
  EXPECT_EQ(told_with("models/plastic.json", "5000.0", "[1, 2]"),
            start + "models/plastic.json': Wmax is a list of int; it must be a number");
  const auto set = "\"node_set\": \"sources\"";
  const auto unknown = told_with("simulation.json", set, "\"node_set\": \"source\"");
  EXPECT_EQ(unknown,
            "builtins.ValueError: the input 'trains' is for 'source', which is neither a node set nor a population; "
            "virtual are: sources");
  EXPECT_EQ(told_with("simulation.json", set, "\"node_set\": \"cells\""),
            "builtins.ValueError: the input 'trains' is for 'cells', which is not virtual; virtual are: sources");
  EXPECT_EQ(told_with("simulation.json", set, "\"node_set\": {\"population\": \"sources\", \"node_id\": [4]}"),
            "builtins.ValueError: the input 'trains' is for nodes that 'sources' (4) does not have");
  for (const char* row : {"x 1", "5 x", "5 0.5", "0 1", "nan 1", "inf 1", "5 4"}) {
    const auto file = folder.write("spikes.csv", std::string("timestamps node_ids\n") + row + "\n");
    EXPECT_TRUE(told_with("simulation.json", "$INPUTS/spikes.h5", file).starts_with("builtins.ValueError: '" + file))
        << row;
  }
  EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(0));
}

}  // namespace
}  // namespace volley::client
