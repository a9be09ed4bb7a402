// The C++ client with a real kernel. Runs twice: embedded, and, where VOLLEY_SERVER names the program, through a
// server.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <thread>

#include "client/cpp/session.hpp"
#include "tests/client/cpp/fake_kernel.hpp"
#include "tests/client/cpp/served_kernel.hpp"

namespace volley::client {
namespace {

std::unique_ptr<served_kernel> start_server() {
  const char* program = std::getenv("VOLLEY_SERVER");
  return program ? std::make_unique<served_kernel>(program) : nullptr;
}

class end_to_end : public testing::Test {
 protected:
  std::string address() const { return server ? server->address() : ""; }

  std::unique_ptr<served_kernel> server = start_server();
  Session nest{address()};
};

/// A generator that drives one neuron, recorded.
struct driven_neuron {
  NodeCollection neuron, recorder;
  explicit driven_neuron(Session& nest)
      : neuron(nest.Create("iaf_psc_alpha", 1, Dictionary{{"I_e", 1000.0}})), recorder(nest.Create("spike_recorder")) {
    nest.Connect(neuron, recorder);
  }
};

TEST_F(end_to_end, a_driven_neuron_fires_at_its_period) {
  driven_neuron network(nest);
  nest.Simulate(100);
  const auto events = network.recorder.get("events").as<Dictionary>();
  const auto times = events.at("times").as<Column<double>>();
  ASSERT_GE(times.size(), 5u);
  // tau_m ln(RI / (RI - theta)) + t_ref, on the grid: R I = 40 mV, theta = 15 mV
  const double period_ms = 10 * std::log(40.0 / 25.0) + 2;
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_NEAR(times[i] - times[i - 1], period_ms, 0.1);
  EXPECT_EQ(events.at("senders").element(0), Value(network.neuron.id(0)));
  EXPECT_EQ(network.recorder.get("n_events"), Value(times.size()));
  EXPECT_EQ(network.recorder.get("events", "times"), Value(times));
}

TEST_F(end_to_end, collections_read_and_write_their_nodes) {
  const auto nodes = nest.Create("iaf_psc_alpha", 5);
  nodes.set({{"V_m", -60.0}});
  nodes[2].set({{"V_m", -50.0}});
  EXPECT_EQ(nodes.get("V_m"), Value(Column<double>{-60, -60, -50, -60, -60}));
  EXPECT_EQ(nodes[2].get({"V_m", "C_m"}), (Dictionary{{"V_m", -50.0}, {"C_m", 250.0}}));
  EXPECT_EQ(nest.GetNodes({{"V_m", -50.0}}), nodes[2]);
  EXPECT_EQ(nest.describe(nodes).at(0).model, "iaf_psc_alpha");
}

TEST_F(end_to_end, parameters_are_drawn_by_the_kernel) {
  const auto nodes = nest.Create("iaf_psc_alpha", 100, Dictionary{{"V_m", -70.0 + 10.0 * random::uniform()}});
  const auto drawn = nodes.get("V_m").as<Column<double>>();
  for (double v : drawn) EXPECT_TRUE(v >= -70 && v < -60) << v;
  EXPECT_NE(drawn[0], drawn[1]);
  EXPECT_EQ(nest.GetValue(Parameter::constant(2) * 3.0), 6.0);
  EXPECT_EQ(nest.apply(Parameter::constant(2), nodes.slice(0, 3)), (Column<double>{2, 2, 2}));
}

TEST_F(end_to_end, values_of_single_nodes_change_what_they_name) {
  const auto nodes = nest.Create("iaf_psc_alpha", 3, std::vector<Dictionary>{{{"V_m", -60.0}}, {{"C_m", 99.0}}, {}});
  EXPECT_EQ(nodes.get("V_m"), Value(Column<double>{-60, -70, -70}));
  nodes.set(std::vector<Dictionary>{{}, {{"V_m", random::uniform(1.0, 2.0)}}, {{"V_m", 5.0}}});
  EXPECT_EQ(nodes.get("C_m"), Value(Column<double>{250, 99, 250}));
  EXPECT_EQ(nodes[0].get("V_m"), Value(-60.0));
  EXPECT_EQ(nodes[2].get("V_m"), Value(5.0));
  EXPECT_LT(nodes[1].get("V_m").as<double>(), 2.0);
  EXPECT_EQ(kind_of_error([&] { nodes.set({{"V_m", Column<double>{1, 2}}}); }), "builtins.IndexError");
}

TEST_F(end_to_end, lists_go_to_all_nodes_where_the_parameter_is_a_list) {
  const std::vector<std::string> names = {"V_m", "I_syn_ex"};
  const auto meters =
      nest.Create("multimeter", 3, Dictionary{{"record_from", names}, {"interval", Column<double>{0.1, 0.2, 0.3}}});
  EXPECT_EQ(meters[1].get("record_from"), Value(names));
  EXPECT_EQ(meters[1].get("interval"), Value(0.2));
  const auto trains = nest.Create(
      "spike_generator", 2, Dictionary{{"spike_times", std::vector<Value>{Column<double>{1}, Column<double>{2, 3}}}});
  EXPECT_EQ(trains[1].get("spike_times"), Value(Column<double>{2, 3}));
}

TEST_F(end_to_end, unknown_keys_may_be_warnings_for_the_listener) {
  std::vector<log_entry> heard;
  nest.listen(
      {.on_progress = {}, .on_log = [&](const log_entry& entry) { heard.push_back(entry); }, .interrupted = {}});
  nest.SetKernelStatus({{"dict_miss_is_error", false}});
  const auto node = nest.Create("iaf_psc_alpha", 1, Dictionary{{"no_such_key", 1.0}, {"V_m", -60.0}});
  EXPECT_EQ(node.get("V_m"), Value(-60.0));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].severity, 20);
  EXPECT_NE(heard[0].text.find("no_such_key"), std::string::npos);
}

TEST_F(end_to_end, connections_have_receptors_of_their_own) {
  const auto pre = nest.Create("parrot_neuron", 3), post = nest.Create("parrot_neuron", 3);
  nest.Connect(pre, post, "one_to_one", Dictionary{{"receptor_type", Column<std::int64_t>{0, 1, 0}}});
  EXPECT_EQ(nest.GetConnections(pre, post).get("receptor"), Value(Column<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(kind_of_error([&] { nest.Connect(pre, post, "one_to_one", synapse_spec(std::vector<Dictionary>{})); }),
            "BadProperty");
}

TEST_F(end_to_end, connections_are_made_read_changed_and_removed) {
  const auto pre = nest.Create("iaf_psc_alpha", 3), post = nest.Create("iaf_psc_alpha", 3);
  nest.Connect(pre, post, "one_to_one", Dictionary{{"weight", 2.5}, {"delay", 1.5}});
  const auto found = nest.GetConnections(pre, post);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found.targets(), (Column<std::int64_t>{4, 5, 6}));
  EXPECT_EQ(found.get("delay"), Value(Column<double>{1.5, 1.5, 1.5}));
  found.set({{"weight", Column<double>{1, 2, 3}}});
  EXPECT_EQ(found[1].get("weight"), Value(2.0));
  nest.Disconnect(found[0]);
  EXPECT_EQ(nest.GetConnections().size(), 2u);
  const std::vector<std::int64_t> sources = {1, 1}, targets = {4, 4};
  nest.ConnectArrays(sources, targets, {{"weight", Column<double>{7, 8}}, {"delay", 1.0}});
  EXPECT_EQ(nest.GetConnections(pre[0], post[0]).get("weight"), Value(Column<double>{7, 8}));
}

TEST_F(end_to_end, labels_find_their_connections) {
  const auto pre = nest.Create("iaf_psc_alpha", 2), post = nest.Create("iaf_psc_alpha", 2);
  for (const std::int64_t label : {3, 4})
    nest.Connect(pre, post, "one_to_one", Dictionary{{"synapse_model", "stdp_synapse_lbl"}, {"synapse_label", label}});
  nest.Connect(pre, post);
  EXPECT_EQ(nest.GetConnections().size(), 8u);
  const auto found = nest.GetConnections({}, {}, "", 4);
  EXPECT_EQ(found.targets(), (Column<std::int64_t>{3, 4}));
  EXPECT_EQ(found.get("synapse_label"), Value(Column<std::int64_t>{4, 4}));
  found[1].set({{"synapse_label", 9}});
  EXPECT_EQ(nest.GetConnections({}, {}, "stdp_synapse_lbl", 9).targets(), (Column<std::int64_t>{4}));
  EXPECT_EQ(kind_of_error([&] { found.set({{"synapse_label", -1}}); }), "BadProperty");
}

TEST_F(end_to_end, third_factors_take_part) {
  const auto pre = nest.Create("parrot_neuron", 4), post = nest.Create("iaf_psc_alpha", 3),
             third = nest.Create("parrot_neuron", 6);
  const Dictionary blocks{{"rule", "third_factor_bernoulli_with_pool"}, {"pool_size", 2}, {"pool_type", "block"}};
  nest.TripartiteConnect(pre, post, third, "all_to_all", blocks, {.third_in = Dictionary{{"weight", 2.0}}});
  EXPECT_EQ(nest.GetConnections(pre, post).size(), 12u);
  EXPECT_EQ(nest.GetConnections(pre, third).get("weight"), Value(Column<double>(std::vector<double>(12, 2.0))));
  EXPECT_EQ(nest.GetConnections(third[0], post).targets(),
            Column<std::int64_t>(std::vector<std::int64_t>(nest.GetConnections(third[0], post).size(), 5)));
  EXPECT_EQ(kind_of_error([&] { nest.TripartiteConnect(pre, post, third, "all_to_all", "one_to_one"); }),
            "IllegalConnection");
}

TEST_F(end_to_end, synaptic_elements_are_connected) {
  const Dictionary synapse{{"pre_synaptic_element", "Axon"}, {"post_synaptic_element", "Den"}};
  nest.SetKernelStatus({{"structural_plasticity_synapses", Dictionary{{"grown", synapse}}}});
  const Dictionary some{{"z", 3.0}, {"growth_rate", 0.0}};
  const auto neurons =
      nest.Create("iaf_psc_alpha", 4, Dictionary{{"synaptic_elements", Dictionary{{"Axon", some}, {"Den", some}}}});
  EXPECT_EQ(kind_of_error([&] {
              nest.SetKernelStatus({{"structural_plasticity_synapses", Dictionary{{"bad", some}}}});
            }),
            "BadProperty");
  nest.EnableStructuralPlasticity();
  nest.Simulate(1);
  EXPECT_EQ(nest.GetConnections(neurons, neurons).size(), 12u);
  nest.DisableStructuralPlasticity();
  neurons.set({{"synaptic_elements_param", Dictionary{{"Axon", Dictionary{{"z", 0.0}}}}}});
  nest.Simulate(1);
  EXPECT_EQ(nest.GetConnections().size(), 12u);
}

TEST_F(end_to_end, errors_name_the_exception_and_change_nothing) {
  nest.Create("iaf_psc_alpha");
  const auto before = nest.GetKernelStatus("network_size");
  EXPECT_EQ(kind_of_error([&] { nest.Create("no_such_model"); }), "UnknownModelName");
  EXPECT_EQ(kind_of_error([&] {
              nest.Create("iaf_psc_alpha", 1, Dictionary{{"no_such_key", 1.0}});
            }),
            "UnaccessedDictionaryEntry");
  EXPECT_EQ(kind_of_error([&] { nest.Create("iaf_psc_alpha", 1, Dictionary{{"tau_m", -1.0}}); }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { nest.Simulate(-1); }), "BadParameter");
  EXPECT_EQ(kind_of_error([&] { nest.Run(1); }), "KernelException");
  const std::vector<std::uint64_t> absent = {99};
  EXPECT_EQ(kind_of_error([&] { nest.nodes(absent); }), "UnknownNode");
  EXPECT_EQ(nest.GetKernelStatus("network_size"), before);
}

TEST_F(end_to_end, modules_are_loaded_where_the_kernel_may) {
  const auto loaded = nest.GetKernelStatus("modules");
  const auto refusal = [&](const char* name) -> std::string {
    try {
      nest.Install(name);
    } catch (const error& e) {
      EXPECT_EQ(e.kind(), "DynamicModuleManagementError");
      return e.what();
    }
    return "";
  };
  const auto* const reason = server ? "does not allow modules" : "there is no file 'no_such_module.so'";
  EXPECT_NE(refusal("no_such_module").find(reason), std::string::npos) << refusal("no_such_module");
  EXPECT_EQ(nest.GetKernelStatus("modules"), loaded);
}

TEST_F(end_to_end, a_reset_makes_collections_stale) {
  const auto node = nest.Create("iaf_psc_alpha");
  nest.ResetKernel();
  try {
    node.get("V_m");
    FAIL();
  } catch (const error& thrown) {
    EXPECT_EQ(thrown.kind(), "KernelException");
    EXPECT_NE(std::string(thrown.what()).find("InvalidNodeCollection"), std::string::npos);
  }
}

TEST_F(end_to_end, models_are_copied_and_defaults_kept) {
  nest.CopyModel("iaf_psc_alpha", "slow", {{"tau_m", 50.0}});
  nest.SetDefaults("slow", {{"t_ref", 5.0}});
  EXPECT_EQ(nest.GetDefaults("slow", "tau_m"), Value(50.0));
  EXPECT_EQ(nest.Create("slow").get("t_ref"), Value(5.0));
  EXPECT_EQ(kind_of_error([&] { nest.CopyModel("iaf_psc_alpha", "slow"); }), "NewModelNameExists");
}

TEST_F(end_to_end, a_run_is_cancelled_and_keeps_its_data) {
  driven_neuron network(nest);
  double reached_ms = 0;
  nest.listen({.on_progress =
                   [&](const progress& now) {
                     reached_ms = now.now_ms;
                     nest.cancel();
                   },
               .on_log = {},
               .interrupted = {}});
  nest.Simulate(1e7);
  const double stopped_ms = nest.GetKernelStatus("biological_time").as<double>();
  EXPECT_GT(reached_ms, 0);
  EXPECT_GE(stopped_ms, reached_ms);
  EXPECT_LT(stopped_ms, 1e7);
  EXPECT_GT(network.recorder.get("n_events").as<std::int64_t>(), 0);
  nest.Simulate(10);
  EXPECT_NEAR(nest.GetKernelStatus("biological_time").as<double>(), stopped_ms + 10, 1e-6);
}

TEST_F(end_to_end, an_interrupt_ends_the_run) {
  driven_neuron network(nest);
  int asked = 0;
  nest.listen({.on_progress = {}, .on_log = {}, .interrupted = [&] { return ++asked == 1; }});
  nest.Simulate(1e7);
  EXPECT_LT(nest.GetKernelStatus("biological_time").as<double>(), 1e7);
}

TEST_F(end_to_end, prepare_run_cleanup) {
  driven_neuron network(nest);
  nest.Prepare();
  nest.Run(10);
  nest.Run(10);
  EXPECT_EQ(kind_of_error([&] { nest.Prepare(); }), "KernelException");
  nest.Cleanup();
  EXPECT_EQ(nest.GetKernelStatus("biological_time"), Value(20.0));
}

TEST_F(end_to_end, a_network_goes_into_a_file_and_comes_back) {
  nest.SetKernelStatus({{"overwrite_files", true}});
  driven_neuron network(nest);
  nest.Simulate(10.3);
  nest.Save("end_to_end.volley");
  EXPECT_EQ(nest.DescribeSaved("end_to_end.volley").at("network_size"), Value(2));
  nest.Simulate(20);
  const auto events = network.recorder.get("events");
  nest.ResetKernel();
  nest.SetKernelStatus({{"total_num_virtual_procs", 3}});
  nest.Load("end_to_end.volley");
  EXPECT_EQ(kind_of_error([&] { network.recorder.get("events"); }), "KernelException") << "it is of before";
  nest.Simulate(20);
  EXPECT_EQ(nest.GetNodes({{"model", "spike_recorder"}}).get("events"), events);
  EXPECT_EQ(kind_of_error([&] { nest.Load("nothing.volley"); }), "IOError");
}

TEST_F(end_to_end, calls_from_two_threads_come_one_after_another) {
  const auto many = [&] {
    for (int i = 0; i < 200; ++i) nest.Create("iaf_psc_alpha");
  };
  std::thread other(many);
  many();
  other.join();
  EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(400));
}

}  // namespace
}  // namespace volley::client
