// Every verb of the C++ client with every kind of wrong value: it is taken, or refused with a clear error and without
// effect, and the kernel goes on. Runs embedded, and, where VOLLEY_SERVER names the program, through a server.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>

#include "client/cpp/session.hpp"
#include "tests/client/cpp/served_kernel.hpp"

namespace volley::client {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max(), smallest = std::numeric_limits<std::int64_t>::min();
constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::nan("");

std::unique_ptr<served_kernel> start_server() {
  ::setenv("VOLLEY_MEMORY_LIMIT", "1G", 1);
  const char* program = std::getenv("VOLLEY_SERVER");
  return program ? std::make_unique<served_kernel>(program) : nullptr;
}

Value nested(int levels) {
  Value value = 1.0;
  for (int i = 0; i < levels; ++i) value = Dictionary{{"a", value}};
  return value;
}

Dictionary wide(int keys) {
  Dictionary entries;
  for (int i = 0; i < keys; ++i) entries[std::to_string(i)] = i;
  return entries;
}

struct named_value {
  std::string name;
  Value value;
};

std::vector<named_value> wrong_values() {
  const auto text = [](const char* bytes, std::size_t size) { return std::string(bytes, size); };
  return {{"none", {}},
          {"true", true},
          {"zero", 0},
          {"minus one", -1},
          {"largest", largest},
          {"smallest", smallest},
          {"2^31", std::int64_t{1} << 31},
          {"0.0", 0.0},
          {"-1.0", -1.0},
          {"1.5", 1.5},
          {"nan", not_a_number},
          {"inf", infinity},
          {"-inf", -infinity},
          {"1e300", 1e300},
          {"-1e300", -1e300},
          {"denormal", 5e-324},
          {"2^53", 0x1p53},
          {"2^63", 0x1p63},
          {"2^64", 0x1p64},
          {"empty text", ""},
          {"text", "text"},
          {"zero byte", text("a\0b", 3)},
          {"no UTF-8", "\xff\xfe"},
          {"long text", std::string(1 << 20, 'x')},
          {"empty vector", EmptyVector{}},
          {"booleans", Booleans{0, 1, 7}},
          {"integers", Column<std::int64_t>{largest, smallest}},
          {"no integers", Column<std::int64_t>{}},
          {"reals", Column<double>{not_a_number, infinity}},
          {"no reals", Column<double>{}},
          {"many reals", std::vector<double>(100'000)},
          {"texts", std::vector<std::string>{"", "x"}},
          {"no texts", std::vector<std::string>{}},
          {"many texts", std::vector<std::string>(10'000)},
          {"matrix", Matrix{1, 2, {1, 2}}},
          {"flat matrix", Matrix{0, 5, {}}},
          {"ragged matrix", Matrix{2, 2, {1, 2, 3}}},
          {"gigantic matrix", Matrix{std::uint64_t{1} << 32, std::uint64_t{1} << 32, {}}},
          {"no nodes", NodeCollection()},
          {"parameter", random::uniform()},
          {"wild parameter", random::normal(0, 1e300)},
          {"endless redraw", math::redraw(random::uniform(), 2, 3)},
          {"no parameter", random::normal(not_a_number, -1)},
          {"spatial", Parameter({{operation::distance, {}, {0}}})},
          {"dictionary", Dictionary{{"a", 1}}},
          {"empty dictionary", Dictionary{}},
          {"empty key", Dictionary{{"", 1}}},
          {"zero byte key", Dictionary{{text("a\0b", 3), 1}}},
          {"wide dictionary", wide(1000)},
          {"too wide", wide(2000)},
          {"nested", nested(7)},
          {"nested deeply", nested(500)},
          {"values", std::vector<Value>{1, "two", {}}},
          {"no values", std::vector<Value>{}},
          {"dictionaries", std::vector<Dictionary>{{}, {}}}};
}

/// What the contract lets a call be refused with.
bool is_clear(const error& refusal) {
  const std::string kind = refusal.kind(), builtin = "builtins.";
  if (std::string(refusal.what()).empty() || kind == "InternalError" || dynamic_cast<const connection_lost*>(&refusal))
    return false;
  if (!kind.starts_with(builtin)) return true;
  for (const char* known :
       {"TypeError", "ValueError", "KeyError", "IndexError", "OverflowError", "MemoryError", "AttributeError"})
    if (kind == builtin + known) return true;
  return false;
}

class wrong_values_of_the_client : public testing::Test {
 protected:
  void build() {
    nest.ResetKernel();
    nest.SetKernelStatus(kept_by_reset);
    neurons = nest.Create("iaf_psc_alpha", 4);
    generator = nest.Create("poisson_generator");
    train = nest.Create("spike_generator");
    recorder = nest.Create("spike_recorder");
    meter = nest.Create("multimeter", 1, Dictionary{{"record_from", std::vector<std::string>{"V_m"}}});
    nest.Connect(neurons, neurons, "all_to_all", Dictionary{{"weight", 2.0}, {"delay", 1.5}});
    nest.Connect(neurons, neurons, "one_to_one", "stdp_synapse");
    nest.Connect(meter, neurons);
    nest.Simulate(1.0);
    connections = nest.GetConnections(neurons, neurons);
    before = state();
  }

  Dictionary state() {
    Dictionary seen;
    for (const auto& [key, value] : nest.GetKernelStatus())
      if (!key.starts_with("time_") && !key.starts_with("memory_")) seen[key] = value;
    if (const auto nodes = nest.GetNodes(); !nodes.empty()) seen["nodes"] = nodes.get();
    if (const auto all = nest.GetConnections(); !all.empty()) seen["connections"] = all.get();
    return seen;
  }

  /// Makes the call; where it is taken, the network is made anew.
  void attempt(const std::string& what, const std::function<void()>& call) {
    SCOPED_TRACE(what);
    try {
      call();
    } catch (const error& refusal) {
      EXPECT_TRUE(is_clear(refusal)) << refusal.kind() << ": " << refusal.what();
      EXPECT_NO_THROW(EXPECT_TRUE(state() == before)) << refusal.kind() << ": " << refusal.what();
      return;
    }
    build();
  }

  /// The same in a state that `prepare` leads to.
  void attempt_after(const std::string& what, const std::function<void()>& prepare, const std::function<void()>& call) {
    prepare();
    before = state();
    attempt(what, call);
    build();
  }

  /// `call` with a dictionary of each key and each wrong value, and with the values that are dictionaries.
  void attempt_all(const std::string& verb, const std::vector<std::string>& keys,
                   const std::function<void(const Dictionary&)>& call) {
    for (const auto& [name, value] : wrong_values()) {
      if (const auto* entries = value.get_if<Dictionary>()) attempt(verb + " of " + name, [&] { call(*entries); });
      for (const auto& key : keys) attempt(verb + " of {" + key + ": " + name + "}", [&] { call({{key, value}}); });
    }
  }

  void TearDown() override {
    nest.ResetKernel();
    build();
    nest.Simulate(1.0);  // it goes on
  }

  std::unique_ptr<served_kernel> server = start_server();
  Session nest{server ? server->address() : ""};
  Session other;  // another kernel
  const Dictionary kept_by_reset = nest.GetKernelStatus(std::vector<std::string>{
      "data_path", "data_prefix", "eprop_update_interval", "eprop_learning_window", "eprop_reset_neurons_on_update"});
  NodeCollection neurons, generator, train, recorder, meter;
  SynapseCollection connections;
  Dictionary before;  // what stands
};

TEST_F(wrong_values_of_the_client, create) {
  build();
  for (const char* model : {"iaf_psc_alpha", "spike_generator", "multimeter"})
    attempt_all(std::string("Create ") + model,
                {"V_m", "frozen", "spike_times", "record_from", "interval", "start", "label", "nothing"},
                [&](const Dictionary& params) { nest.Create(model, 3, params); });
  for (const auto& [name, value] : wrong_values())
    attempt("Create with " + name, [&] { nest.Create("iaf_psc_alpha", 3, value); });
  for (const std::int64_t count : {largest, smallest, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 32})
    for (const char* model : {"parrot_neuron", "poisson_generator", "spike_recorder"})
      attempt("Create " + std::to_string(count), [&] { nest.Create(model, count); });
}

TEST_F(wrong_values_of_the_client, set_and_find_nodes) {
  build();
  for (const auto& nodes : {neurons, train, meter, generator + train})
    attempt_all("set", {"V_m", "tau_m", "rate", "spike_times", "n_events", "nothing"},
                [&](const Dictionary& values) { nodes.set(values); });
  attempt_all("GetNodes", {"V_m", "model", "events"}, [&](const Dictionary& properties) { nest.GetNodes(properties); });
  attempt("set of wrong length", [&] { neurons.set(std::vector<Dictionary>{{}, {}}); });
  attempt("get", [&] {
    neurons.get(std::vector<std::string>{"", "nothing", std::string(1 << 20, 'x'), std::string("a\0b", 3)});
  });
}

TEST_F(wrong_values_of_the_client, connect) {
  build();
  attempt_all("Connect rule", {"rule", "indegree", "p", "N", "allow_autapses", "mask"},
              [&](const Dictionary& rule) { nest.Connect(neurons, neurons, connection_rule(rule)); });
  for (const auto& [rule, key] :
       std::vector<std::pair<std::string, std::string>>{{"fixed_indegree", "indegree"},
                                                        {"fixed_outdegree", "outdegree"},
                                                        {"fixed_total_number", "N"},
                                                        {"pairwise_bernoulli", "p"},
                                                        {"pairwise_poisson", "pairwise_avg_num_conns"},
                                                        {"symmetric_pairwise_bernoulli", "p"}})
    for (const auto& [name, value] : wrong_values())
      attempt(rule + " " + name, [&] {
        nest.Connect(neurons, neurons, connection_rule({{"rule", rule}, {key, value}}));
      });
  attempt_all("Connect synapse", {"weight", "delay", "receptor_type", "synapse_model", "weight_recorder", "nothing"},
              [&](const Dictionary& synapse) { nest.Connect(neurons, neurons, "one_to_one", synapse_spec(synapse)); });
  attempt("many synapses",
          [&] { nest.Connect(neurons, neurons, "all_to_all", synapse_spec(std::vector<Dictionary>(10'000))); });
  attempt("no synapses",
          [&] { nest.Connect(neurons, neurons, "all_to_all", synapse_spec(std::vector<Dictionary>{})); });
}

TEST_F(wrong_values_of_the_client, third_factors) {
  build();
  attempt_all("TripartiteConnect third factor", {"rule", "p", "pool_size", "pool_type", "nothing"},
              [&](const Dictionary& spec) {
                nest.TripartiteConnect(neurons, neurons, neurons, "one_to_one", connection_rule(spec));
              });
  attempt_all("TripartiteConnect synapse", {"weight", "delay", "receptor_type", "synapse_model"},
              [&](const Dictionary& synapse) {
                nest.TripartiteConnect(neurons, neurons, neurons, "one_to_one", "third_factor_bernoulli_with_pool",
                                       {.third_in = synapse_spec(synapse)});
              });
}

TEST_F(wrong_values_of_the_client, connect_arrays_and_disconnect) {
  build();
  using ids = std::vector<std::int64_t>;
  for (const auto& [from, to] : std::vector<std::pair<ids, ids>>{{{}, {}},
                                                                 {{1}, {}},
                                                                 {{}, {1}},
                                                                 {{1, 2}, {1}},
                                                                 {{0}, {1}},
                                                                 {{-1}, {1}},
                                                                 {{smallest}, {largest}},
                                                                 {{1}, {largest}},
                                                                 {{99}, {1}}})
    attempt("ConnectArrays", [&, from = from, to = to] { nest.ConnectArrays(from, to); });
  attempt_all("ConnectArrays synapse", {"weight", "delay", "receptor_type", "synapse_model"},
              [&](const Dictionary& synapse) {
                nest.ConnectArrays(ids{1, 2}, ids{2, 1}, synapse);
              });
  attempt_all("Disconnect", {"rule", "synapse_model"},
              [&](const Dictionary& spec) { nest.Disconnect(neurons, neurons, "one_to_one", synapse_spec(spec)); });
  attempt_all("Disconnect", {"rule"},
              [&](const Dictionary& spec) { nest.Disconnect(neurons, neurons, connection_rule(spec)); });
}

TEST_F(wrong_values_of_the_client, connections) {
  build();
  attempt_all("set", {"weight", "delay", "port", "Kplus", "nothing"},
              [&](const Dictionary& values) { connections.set(values); });
  attempt("set of wrong length", [&] { connections.set(std::vector<Dictionary>{{{"weight", 1.0}}}); });
  attempt("set unlike", [&] {
    std::vector<Dictionary> unlike(connections.size());
    unlike[0] = {{"weight", 1.0}};
    connections.set(unlike);
  });
  SynapseCollection removed;
  const auto remove = [&] {
    removed = connections[0];
    removed.disconnect();
  };
  attempt_after("removed twice", remove, [&] { removed.disconnect(); });
  attempt_after("get of a removed one", remove, [&] { removed.get("weight"); });
  attempt_after("set of a removed one", remove, [&] { removed.set({{"weight", 1.0}}); });
}

TEST_F(wrong_values_of_the_client, handles_of_others) {
  build();
  const auto foreign = other.Create("iaf_psc_alpha", 50);
  other.Connect(foreign, foreign);
  const auto foreign_connections = other.GetConnections();
  const auto old = neurons;
  const auto old_connections = connections;
  build();
  const auto node = [&](std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) {
    return NodeCollection({}, nest.generation(), {{first, last, step}});
  };
  for (const auto& nodes : {foreign, old, NodeCollection(), node(99, 99), node(1, largest), node(largest, largest),
                            node(1, ~std::uint64_t{0}), node(1, 3, 2)}) {
    attempt("Connect from", [&] { nest.Connect(nodes, neurons); });
    attempt("Connect to", [&] { nest.Connect(neurons, nodes); });
    attempt("Disconnect", [&] { nest.Disconnect(nodes, nodes); });
    attempt("GetConnections", [&] { nest.GetConnections(nodes, nodes); });
    attempt("describe", [&] { nest.describe(nodes); });
    attempt("apply", [&] { nest.apply(random::uniform(), nodes); });
    attempt("a value", [&] { nest.SetDefaults("stdp_synapse", {{"weight_recorder", nodes}}); });
    attempt("another value", [&] { nest.Create("weight_recorder", 1, Dictionary{{"senders", nodes}}); });
  }
  const auto gen = static_cast<std::int64_t>(nest.generation());
  const auto connection = [&](std::int64_t source, std::int64_t target, std::int64_t model, std::int64_t port) {
    return SynapseCollection({}, static_cast<std::uint64_t>(gen), {{source}, {target}, {model}, {port}});
  };
  for (const auto& some : {foreign_connections, old_connections, connection(0, 0, 0, 0), connection(1, 2, 99, 0),
                           connection(1, 2, 0, 77), connection(largest, smallest, largest, smallest),
                           connection(1, 2, std::int64_t{1} << 32, std::int64_t{1} << 32), connection(99, 99, 0, 0),
                           connection(5, 1, 0, 0), connection(1, 2, -1, -1)})
    attempt("Disconnect of a foreign connection", [&] { nest.Disconnect(some); });
}

TEST_F(wrong_values_of_the_client, models_and_settings) {
  build();
  for (const char* model :
       {"iaf_psc_alpha", "spike_generator", "multimeter", "static_synapse", "stdp_synapse", "nothing", ""})
    attempt_all(std::string("SetDefaults ") + model,
                {"V_m", "weight", "delay", "weight_recorder", "spike_times", "interval", "nothing"},
                [&](const Dictionary& values) {
                  nest.SetDefaults(model, values);
                  nest.CopyModel(model, "copy", values);
                });
  for (const auto& name : {std::string(), std::string("a\0b", 3), std::string(1 << 20, 'x'), std::string("\xff")}) {
    attempt("a model's name", [&] { nest.GetDefaults(name); });
    attempt("a model's name", [&] { nest.Create(name); });
    attempt("a model's new name", [&] { nest.CopyModel("iaf_psc_alpha", name); });
    attempt("a key", [&] { nest.GetKernelStatus(std::vector{name}); });
  }
  const std::vector<std::string> settings{"resolution",         "tics_per_ms",
                                          "min_delay",          "rng_seed",
                                          "rng_type",           "total_num_virtual_procs",
                                          "local_num_threads",  "data_path",
                                          "data_prefix",        "overwrite_files",
                                          "biological_time",    "wfr_comm_interval",
                                          "update_time_limit",  "network_size",
                                          "dict_miss_is_error", "nothing"};
  const auto set_status = [&](const Dictionary& values) { nest.SetKernelStatus(values); };
  attempt_all("SetKernelStatus", settings, set_status);
  const auto reset = [&] { nest.ResetKernel(); };
  for (const auto& [name, value] : wrong_values())
    for (const auto& [one, two] : {std::pair{"min_delay", "max_delay"}, std::pair{"resolution", "tics_per_ms"}}) {
      attempt_after(std::string("early ") + one + " of " + name, reset, [&] {
        nest.SetKernelStatus({{one, value}, {two, value}});
      });
      attempt_after(std::string("early ") + two + " of " + name, reset, [&] {
        nest.SetKernelStatus({{one, 0.1}, {two, value}});
      });
    }
}

TEST_F(wrong_values_of_the_client, times_and_parameters) {
  build();
  for (const double ms : {not_a_number, infinity, -infinity, -1.0, -0.0, 1e300, 1e17, 0x1p63, 0.05, 5e-324, 1e-300}) {
    attempt("Simulate", [&] { nest.Simulate(ms); });
    attempt("Run", [&] { nest.Run(ms); });
    attempt_after(
        "Run prepared", [&] { nest.Prepare(); }, [&] { nest.Run(ms); });
  }
  for (const double a : {0.0, -1.0, 1e300, not_a_number, infinity})
    for (std::uint16_t what = 0; what < operation_count; ++what)
      attempt("Parameter " + std::string(name_of(operation(what))), [&] {
        const Parameter made({{operation::constant, {}, {1}}, {operation(what), {0, 0}, {a, -a, a, a, a, a}}});
        nest.GetValue(made);
        nest.apply(made, neurons);
      });
  attempt("no terms", [&] { nest.GetValue(Parameter(std::vector<term>{})); });
  attempt("many terms", [&] { nest.GetValue(Parameter(std::vector<term>(70'000))); });
  attempt("an argument that comes later", [&] { nest.GetValue(Parameter({{operation::exp, {5}, {}}})); });
}

}  // namespace
}  // namespace volley::client
