// Saved on V virtual processes and loaded on V', a network goes on with the bits of the one that was not interrupted:
// what the calls of the API tell of nodes, connections, events and draws, however the network was made and wherever its
// run had stopped. What is refused changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/base/snapshot.hpp"
#include "runtime/shard/saved_parts.hpp"
#include "tests/runtime/saved_in_memory.hpp"
#include "tests/runtime/varied_network.hpp"

namespace volley::runtime {
namespace {

using namespace tests;
using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

node_set ids(std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) { return {0, {{first, last, step}}}; }
dictionary indegree(std::int64_t n) { return {{"rule", "fixed_indegree"}, {"indegree", n}}; }
dictionary with(dictionary values, const std::string& key, value v) {
  values[key] = std::move(v);
  return values;
}

kernel_options on(int vps, network_files& files) {
  kernel_options o;
  o.default_vps = vps;
  o.networks = &files;
  return o;
}

void forget_generation(value& v) {
  if (auto* nodes = v.get_if<node_set>()) nodes->generation = 0;
  if (auto* all = v.get_if<std::vector<value>>()) std::ranges::for_each(*all, forget_generation);
}

/// All that calls tell of a network, to the bit, but for where its nodes live. The next draw is among it.
std::map<std::string, std::vector<std::byte>> all_of(solo_kernel& k) {
  std::map<std::string, std::vector<std::byte>> all;
  const auto add = [&](const std::string& what, const value& v) {
    for (auto [key, x] : *v.get_if<dictionary>()) {
      forget_generation(x);
      if (key != "vp" && key != "target_thread" && !key.starts_with("thread")) all[what + key] = bytes_of(x);
    }
  };
  const auto size = static_cast<std::uint64_t>(*k.status("network_size").get_if<std::int64_t>());
  for (std::uint64_t id = 1; id <= size; ++id)
    add(std::to_string(id) + ".", std::get<value>(k.call(api::get_node_values{ids(id, id), {}})));
  auto connections = k.connections();
  connections.generation = 0;
  all["connections"] = bytes_of(connections);
  const auto synapses = k.status("synapse_models"), neurons = k.status("node_models");
  for (const auto& model : *synapses.get_if<std::vector<std::string>>()) {
    const auto some = k.connections({{}, {}, model, {}});
    if (some.size() != 0) add(model + ".", std::get<value>(k.call(api::get_connection_values{some, {}})));
    add(model + ": ", std::get<value>(k.call(api::get_defaults{model})));
  }
  for (const auto& model : *neurons.get_if<std::vector<std::string>>())
    add(model + ": ", std::get<value>(k.call(api::get_defaults{model})));
  for (const auto* key : {"biological_time", "num_connections", "local_spike_counter", "min_delay", "max_delay",
                          "rng_seed", "resolution", "structural_plasticity_synapses", "prepared"})
    all[key] = bytes_of(k.status(key));
  all["next draw"] = bytes_of(std::get<value>(k.call(api::evaluate{uniform(0, 1), ids(1, 3)})));
  return all;
}

/// A network: how it is made, what it did until it was saved, and what it does then.
struct scenario {
  const char* name;
  std::function<void(solo_kernel&)> begin, go_on;
};

void simulate(solo_kernel& k) { k.simulate(20.3); }

node_set of_model(solo_kernel& k, const char* model) {
  return std::get<node_set>(k.call(api::match_nodes{{{"model", model}}}));
}

/// Cells that spike now and then.
node_set cells(solo_kernel& k, std::int64_t n, const std::string& model = "iaf_psc_alpha") {
  return k.create(model, n, {{"V_m", uniform(-70, -56)}, {"I_e", 420.0}});
}

void random_row(solo_kernel& k, const node_set& from, const node_set& to, dictionary synapse = {}) {
  k.connect(from, to, indegree(4), with(std::move(synapse), "delay", uniform(0.5, 4)));
}

/// Generators that draw spikes for each connection or once for all, with states or without, and what they go on with.
struct drawing_generator {
  const char* model;
  dictionary at_first, later;
};
const std::vector<drawing_generator> drawing_generators{
    {"inhomogeneous_poisson_generator",
     {{"rate_times", numbers{1, 12, 20.4, 27}}, {"rate_values", numbers{3000, 900, 5000, 2000}}},
     {{"rate_times", numbers{25, 29}}, {"rate_values", numbers{8000, 400}}}},
    {"gamma_sup_generator", {{"rate", 500.0}, {"gamma_shape", 3}, {"n_proc", 5}}, {{"rate", 900.0}}},
    {"ppd_sup_generator",
     {{"rate", 90.0}, {"dead_time", 1.5}, {"n_proc", 9}, {"frequency", 20.0}, {"relative_amplitude", 0.5}},
     {{"n_proc", 12}}},
    {"sinusoidal_gamma_generator",
     {{"rate", 800.0}, {"amplitude", 300.0}, {"frequency", 30.0}, {"order", 2.5}},
     {{"rate", 1200.0}}},
    {"sinusoidal_gamma_generator", {{"rate", 800.0}, {"order", 3.0}, {"individual_spike_trains", false}}, {}},
    {"mip_generator", {{"rate", 4000.0}, {"p_copy", 0.3}}, {{"p_copy", 0.7}}},
    {"pulsepacket_generator",
     {{"pulse_times", numbers{4, 19, 20.5, 31}}, {"activity", 20}, {"sdev", 1.5}},
     {{"sdev", 0.3}}},
};

void connect_to_all(solo_kernel& k, const node_set& g, const node_set& n, const dictionary& synapse) {
  k.connect(g, n, all_to_all, with(synapse, "delay", uniform(0.5, 3)));
  k.connect(g, n, all_to_all, with(synapse, "delay", 1.5));  // each twice
}

const dictionary grown{{"pre_synaptic_element", "out"}, {"post_synaptic_element", "in"}};
dictionary element(double z, double rate) { return {{"z", z}, {"growth_rate", rate}, {"eps", 0.7}}; }

const scenario scenarios[] = {
    {"nothing", [](solo_kernel&) {}, [](solo_kernel& k) { k.create("parrot_neuron", 3); }},
    {"never_ran",
     [](solo_kernel& k) {
       const auto n = cells(k, 20);
       random_row(k, n, n, {{"weight", normal(50, 20)}});
       k.connect(n, k.create("spike_recorder"));
     },
     simulate},
    {"connections_of_all_kinds",
     [](solo_kernel& k) {
       const auto n = cells(k, 30);
       for (const char* model : {"static_synapse", "static_synapse_hom_w", "static_synapse_lbl", "stdp_synapse",
                                 "stdp_synapse_hom", "stdp_pl_synapse_hom", "jonke_synapse", "vogels_sprekeler_synapse",
                                 "stdp_synapse_lbl", "static_synapse_hpc"})
         random_row(k, n, n, {{"synapse_model", model}});
       k.connect(n, n, indegree(3), {{"weight", normal(30, 30)}, {"delay", 1.5}});
       k.connect(n, n, all_to_all, {{"weight", 2.5}, {"delay", 2.0}});
       k.connect(n, k.create("spike_recorder"));
       k.simulate(13.2);
       // Born later, with parameters of their own, and between nodes that were connected before.
       random_row(k, n, n, {{"synapse_model", "stdp_synapse"}, {"tau_plus", uniform(15, 25)}, {"weight", 20.0}});
       k.connect(n, n, one_to_one, {{"synapse_model", "static_synapse_lbl"}, {"synapse_label", std::int64_t{7}}});
       k.simulate(8.1);
     },
     [](solo_kernel& k) {
       const auto n = ids(1, 30);
       k.simulate(9.0);
       random_row(k, n, n, {{"synapse_model", "stdp_synapse"}, {"weight", uniform(1, 30)}});
       k.call(api::set_defaults{"static_synapse_hom_w", {{"weight", 3.0}}});
       k.simulate(9.0);
     }},
    {"edited_connections",
     [](solo_kernel& k) {
       const auto n = cells(k, 20);
       for (int i = 0; i < 3; ++i) k.connect(n, n, indegree(5), {{"weight", 30.0}, {"delay", 1.0 + i}});
       random_row(k, n, n, {{"synapse_model", "stdp_synapse"}, {"weight", 30.0}});
       k.connect(n, k.create("spike_recorder"));
       k.simulate(11.3);
       auto some = k.connections({ids(1, 9, 2), {}, "static_synapse", {}});
       numbers delays;
       for (std::size_t i = 0; i < some.size(); ++i) delays.push_back(1.0 + 0.1 * static_cast<double>(i % 17));
       k.call(api::set_connection_values{some, dictionary{{"delay", delays}}});
       for (auto* column : {&some.sources, &some.targets, &some.models, &some.ports}) column->resize(7);
       k.call(api::disconnect_connections{some});
       k.call(api::set_connection_values{k.connections({ids(2, 4), {}, "stdp_synapse", {}}),
                                         dictionary{{"tau_plus", 33.0}, {"weight", 11.0}}});
     },
     [](solo_kernel& k) {
       k.simulate(0.4);
       k.connect(ids(1, 9, 2), ids(1, 20), all_to_all, {{"weight", 3.0}, {"delay", 1.7}});
       auto some = k.connections({ids(1, 3, 2), {}, "static_synapse", {}});
       for (auto* column : {&some.sources, &some.targets, &some.models, &some.ports}) column->resize(5);
       k.call(api::disconnect_connections{some});
       k.simulate(15.0);
     }},
    {"generators_of_all_kinds",
     [](solo_kernel& k) {
       const auto n = cells(k, 12), relays = k.create("parrot_neuron", 6);
       const auto heard = k.create("spike_recorder");
       for (const char* model : {"poisson_generator", "sinusoidal_poisson_generator", "spike_generator"}) {
         auto g = k.create(model, 2);
         if (model == std::string("spike_generator"))
           k.set(g, {{"spike_times", numbers{2, 19.8, 20.4, 31}}, {"spike_weights", numbers{1, 2, -3, 4}}});
         else
           k.set(g, {{"rate", 4000.0}});
         k.connect(g, n, all_to_all, {{"weight", 20.0}, {"delay", uniform(0.5, 3)}});
         k.connect(g, n, all_to_all, {{"weight", -20.0}, {"delay", 1.5}});  // each twice
         k.connect(g, relays, all_to_all, {{"delay", 1.1}});
         k.connect(g, heard);
       }
       const auto injector = k.create("spike_train_injector", 2, {{"spike_times", numbers{1, 7.3, 20.1, 20.6, 28}}});
       k.connect(injector, n, all_to_all, {{"synapse_model", "stdp_synapse"}, {"weight", 20.0}, {"delay", 2.2}});
       const auto meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"I"}}});
       for (const char* model : {"dc_generator", "ac_generator", "noise_generator", "step_current_generator"}) {
         auto g = k.create(model, 2);
         if (model == std::string("step_current_generator"))
           k.set(g, {{"amplitude_times", numbers{5, 20.5, 29}}, {"amplitude_values", numbers{90, -20, 300}}});
         else if (model == std::string("noise_generator"))
           k.set(g, {{"std", 90.0}, {"dt", 0.7}});
         else
           k.set(g, {{"amplitude", 90.0}, {"stop", 30.0}});
         k.connect(g, n, all_to_all, {{"weight", 1.5}, {"delay", uniform(0.5, 2)}});
         if (model != std::string("step_current_generator")) k.connect(meter, g);
       }
       k.connect(relays, heard);
       k.connect(n, heard);
       k.simulate(10.4);
       k.set(of_model(k, "poisson_generator"), {{"rate", 9000.0}});  // what was sent is in flight
       k.simulate(10.0);
     },
     [](solo_kernel& k) {
       k.set(of_model(k, "dc_generator"), {{"amplitude", -50.0}});
       k.simulate(7.3);
       k.connect(of_model(k, "poisson_generator"), ids(1, 12), all_to_all, {{"weight", 9.0}, {"delay", 3.0}});
       k.simulate(12.0);
     }},
    {"generators_that_draw",
     [](solo_kernel& k) {
       const auto n = cells(k, 12), relays = k.create("parrot_neuron", 6);
       const auto heard = k.create("spike_recorder");
       for (const auto& [model, values, later] : drawing_generators) {
         auto at_first = values;
         if (at_first.contains("individual_spike_trains")) {
           k.call(api::copy_model{model, "of_one_train", {{"individual_spike_trains", false}}});
           at_first.erase("individual_spike_trains");
         }
         const auto g = k.create(at_first.size() == values.size() ? model : "of_one_train", 2, at_first);
         connect_to_all(k, g, n, {{"weight", 15.0}});
         k.connect(g, relays, all_to_all, {{"delay", 1.1}});
         k.connect(g, heard);
       }
       k.connect(relays, heard);
       k.connect(n, heard);
       k.simulate(20.4);
     },
     [](solo_kernel& k) {
       k.simulate(3.3);
       for (const auto& [model, values, later] : drawing_generators) {
         const auto g = of_model(k, model);
         if (later.size() != 0) k.set(g, later);
         k.connect(g, ids(1, 12), all_to_all, {{"weight", 9.0}, {"delay", 3.0}});
       }
       k.simulate(12.0);
     }},
    {"detectors_of_all_kinds",
     [](solo_kernel& k) {
       const auto relays = k.create("parrot_neuron", 6);
       const auto noise = k.create("poisson_generator", 2, {{"rate", 2000.0}});
       const auto trains = k.create("gamma_sup_generator", 2, {{"rate", 300.0}, {"n_proc", 4}});
       const auto pulses = k.create("pulsepacket_generator", 1, {{"pulse_times", numbers{9, 20}}, {"activity", 30}});
       k.connect(noise, relays);
       for (const char* model : {"correlation_detector", "correlomatrix_detector", "correlospinmatrix_detector"}) {
         const bool is_pair = model == std::string("correlation_detector");
         dictionary values{{"delta_tau", 0.5}, {"tau_max", 5.0}};
         if (!is_pair) values["N_channels"] = 3;
         const auto d = k.create(model, 2, values);
         connect_to_all(k, relays, d, {{"weight", uniform(0.5, 2)}});
         k.connect(relays, d, all_to_all, {{"receptor_type", parameter::make({{operation::uniform_int, {}, {2}}})}});
         for (const auto& g : {noise, trains, pulses})
           k.connect(g, d, all_to_all, {{"receptor_type", is_pair ? 1 : 2}, {"weight", 1.5}});
       }
       const auto dilutors = k.create("spike_dilutor", 2, {{"p_copy", 0.4}});
       k.connect(relays, dilutors, all_to_all, {{"delay", 2.5}});
       k.connect(dilutors, k.create("parrot_neuron", 3));
       k.connect(dilutors, k.create("spike_recorder"));
       k.simulate(20.3);
     },
     [](solo_kernel& k) {
       k.set(of_model(k, "correlation_detector"), {{"stop", 25.0}});
       k.simulate(4.4);
       k.connect(ids(1, 3), of_model(k, "correlomatrix_detector"), all_to_all, {{"receptor_type", 2}});
       k.simulate(9.0);
     }},
    {"binary_neurons",
     [](solo_kernel& k) {
       for (const char* model : {"erfc_neuron", "ginzburg_neuron", "mcculloch_pitts_neuron"})
         k.create(model, 10, {{"tau_m", 3.0}, {"theta", 0.5}});
       const auto n = ids(1, 30);
       k.connect(n, n, indegree(10), {{"weight", normal(0, 1)}, {"delay", uniform(0.5, 2)}});
       k.connect(n, n, indegree(4),
                 {{"synapse_model", "stdp_synapse"}, {"weight", 0.4}, {"Wmax", 1.0}, {"delay", 0.7}});
       k.connect(k.create("poisson_generator", 1, {{"rate", 500.0}}), n, all_to_all, {{"weight", 0.05}});
       k.connect(k.create("noise_generator", 1, {{"std", 1.0}}), n);
       k.connect(n, k.create("spin_detector"));
       k.connect(n, k.create("spike_recorder"));
       k.connect(n, k.create("correlospinmatrix_detector", 1, {{"N_channels", 2}}), all_to_all, {{"receptor_type", 1}});
       k.simulate(20.3);
     },
     [](solo_kernel& k) {
       k.set(of_model(k, "poisson_generator"), {{"rate", 1500.0}});
       k.simulate(20.0);
     }},
    {"synapses_that_release_or_draw",
     [](solo_kernel& k) {
       const auto n = cells(k, 20), relays = k.create("parrot_neuron", 3);
       k.connect(k.create("poisson_generator", 1, {{"rate", 4000.0}}), relays);
       const auto watcher = k.create("weight_recorder");
       for (const std::string model : {"tsodyks_synapse", "tsodyks2_synapse", "ht_synapse", "tsodyks_synapse_hom_lbl",
                                       "bernoulli_synapse_lbl", "bernoulli_synapse", "quantal_stp_synapse"}) {
         dictionary synapse{{"synapse_model", model}};
         k.connect(relays, n, indegree(2), with(synapse, "delay", 1.5));  // several spikes of a step
         if (model == "bernoulli_synapse") synapse["p_transmit"] = 0.4;
         if (model == "quantal_stp_synapse") synapse["n"] = 4;
         if (model == "tsodyks_synapse") synapse["x"] = uniform(0.2, 0.9);
         if (model != "tsodyks_synapse_hom_lbl") synapse["weight"] = uniform(-8, 14);
         random_row(k, n, n, synapse);
         random_row(k, n, n, synapse);  // some pairs twice
       }
       for (const auto* model : {"tsodyks_synapse", "quantal_stp_synapse"}) {
         const auto watched = std::string("watched_") + model;
         k.call(api::copy_model{model, watched, {{"weight_recorder", watcher}}});
         random_row(k, n, n, {{"synapse_model", watched}, {"weight", 9.0}});
       }
       k.connect(n, k.create("spike_recorder"));
       k.simulate(20.3);
     },
     [](solo_kernel& k) {
       for (const auto* model : {"tsodyks_synapse", "ht_synapse", "bernoulli_synapse", "quantal_stp_synapse"}) {
         const auto some = k.connections({ids(1, 9, 2), {}, model, {}});
         numbers delays;
         for (std::size_t i = 0; i < some.size(); ++i) delays.push_back(0.5 + 0.1 * static_cast<double>(i * 7 % 30));
         k.call(api::set_connection_values{some, dictionary{{"delay", delays}}});
         k.call(api::disconnect_connections{k.connections({ids(3, 4), {}, model, {}})});
         k.simulate(2.3);
         random_row(k, ids(1, 20), ids(1, 20), {{"synapse_model", model}, {"weight", 5.0}});
       }
       k.simulate(9.0);
     }},
    {"recorders_of_all_kinds",
     [](solo_kernel& k) {
       const auto n = cells(k, 14);
       const auto weights = k.create("weight_recorder");
       k.call(api::copy_model{"stdp_synapse", "watched", {{"weight_recorder", weights}}});
       k.call(api::copy_model{"static_synapse", "seen", {{"weight_recorder", weights}}});
       random_row(k, n, n, {{"synapse_model", "watched"}, {"weight", 20.0}});
       random_row(k, n, n, {{"synapse_model", "seen"}, {"weight", uniform(1, 20)}});
       const auto spikes = k.create("spike_recorder", 2, {{"start", 4.0}});
       k.connect(n, spikes, all_to_all, {{"weight", uniform(1, 2)}, {"delay", uniform(1, 3)}});
       k.call(api::connect_arrays{{3, 3, 1}, {17, 17, 17}, {}});
       const auto meter =
           k.create("multimeter", 2, {{"record_from", std::vector<std::string>{"V_m", "I_syn_ex"}}, {"interval", 0.3}});
       k.connect(meter, n);
       k.connect(k.create("voltmeter"), ids(2, 14, 3));
       k.simulate(20.3);
     },
     simulate},
    {"structural_plasticity",
     [](solo_kernel& k) {
       k.set_status({{"structural_plasticity_threads", true}, {"structural_plasticity_update_interval", 2.0}});
       k.set_status({{"structural_plasticity", true},
                     {"structural_plasticity_synapses", value(dictionary{{"growing", value(grown)}})}});
       const dictionary both{{"out", value(element(1.5, 0.15))}, {"in", value(element(1.2, 0.1))}};
       k.create("iaf_psc_alpha", 20, {{"I_e", 500.0}, {"synaptic_elements", value(both)}, {"V_m", uniform(-70, -56)}});
       k.connect(ids(1, 20), k.create("spike_recorder"));
       k.simulate(17.3);
     },
     [](solo_kernel& k) {
       k.simulate(8.7);
       k.set(ids(1, 5), {{"synaptic_elements_param", value(dictionary{{"in", value(dictionary{{"z", 0.0}})}})}});
       k.simulate(10.0);
     }},
    {"space",
     [](solo_kernel& k) {
       const auto create = [&](std::int64_t n, dictionary positions) {
         return std::get<node_set>(k.call(api::create_nodes{"iaf_psc_alpha", n, {}, value(std::move(positions))}));
       };
       const auto grid = create(1, {{"shape", integers{4, 4}}, {"extent", numbers{2, 2}}, {"edge_wrap", true}});
       const auto drawn = create(16, {{"positions", std::vector<value>{value(uniform(-1, 1)), value(uniform(-1, 1))}},
                                      {"extent", numbers{2, 2}},
                                      {"edge_wrap", true}});
       k.connect(grid, drawn, {{"rule", "pairwise_bernoulli"}, {"p", 0.5}}, {{"weight", 9.0}});
       k.simulate(5.0);
     },
     [](solo_kernel& k) {
       const dictionary near{{"circular", value(dictionary{{"radius", 0.6}})}};
       k.connect(ids(1, 16), ids(17, 32), with(indegree(2), "mask", value(near)),
                 {{"weight", parameter::make({{operation::distance, {}, {0}}})}});
       k.simulate(5.0);
     }},
    {"receptors_that_nodes_have",
     [](solo_kernel& k) {
       const auto relays = k.create("parrot_neuron", 4);  // 1 ... 4
       k.connect(k.create("poisson_generator", 1, {{"rate", 3000.0}}), relays);
       k.create("iaf_psc_exp_multisynapse", 9, {{"I_e", 400.0}});  // 6 ... 14
       k.set(ids(7, 10), {{"tau_syn", numbers{1, 2, 3}}});
       k.set(ids(11, 11), {{"tau_syn", numbers{1, 2, 3, 4, 5}}});
       k.create("aeif_cond_alpha_multisynapse", 4, {{"E_rev", numbers{0, -80}}, {"tau_syn", numbers{2, 4}}});
       for (const int receptor : {1, 2, 3})
         k.connect(relays, ids(7, 11), all_to_all, {{"receptor_type", receptor}, {"weight", 15.0}, {"delay", 1.5}});
       k.connect(relays, ids(11, 11), all_to_all, {{"receptor_type", 5}, {"weight", 15.0}, {"delay", 4.0}});
       k.connect(relays, ids(15, 18), all_to_all, {{"receptor_type", 2}, {"weight", 5.0}});
       k.simulate(12.4);
     },
     [](solo_kernel& k) {
       k.simulate(3.3);
       k.set(ids(6, 6), {{"tau_syn", numbers{2, 9}}});
       k.connect(ids(1, 4), ids(6, 6), all_to_all, {{"receptor_type", 2}, {"weight", 40.0}});
       k.simulate(9.0);
     }},
    {"models_of_users",
     [](solo_kernel& k) {
       k.call(api::set_defaults{"iaf_psc_alpha", {{"tau_m", 12.5}, {"I_e", 450.0}}});
       k.call(api::copy_model{"iaf_psc_alpha", "mine", {{"C_m", 200.0}}});
       k.call(api::copy_model{"poisson_generator", "noise", {{"rate", 2000.0}}});
       k.call(api::copy_model{"stdp_synapse", "learns", {{"lambda", 0.05}, {"weight", 40.0}}});
       const auto n = k.create("mine", 10);
       k.connect(k.create("noise"), n, all_to_all, {{"weight", 10.0}});
       random_row(k, n, n, {{"synapse_model", "learns"}});
       k.simulate(9.0);
     },
     [](solo_kernel& k) {
       const auto n = k.create("mine", 5, {{"V_m", uniform(-70, -60)}});
       k.connect(ids(1, 10), {0, n.ranges}, indegree(3), {{"synapse_model", "learns"}});
       k.simulate(9.0);
     }},
    {"cells_that_are_told_or_frozen",
     [](solo_kernel& k) {
       const auto n = cells(k, 12);
       k.create("iaf_psc_delta", 6);
       k.set(ids(13, 16), {{"ignore_and_spike", true},
                           {"ignore_and_spike_offset", 1.3},
                           {"ignore_and_spike_interval", numbers{2, 3.3, 4.1, 7}}});
       k.create("ignore_and_fire", 3, {{"rate", 90.0}});
       k.set(ids(2, 12, 5), {{"frozen", true}});
       random_row(k, ids(1, 21), n, {{"weight", 20.0}});
       k.connect(ids(1, 21), k.create("spike_recorder"));
       k.simulate(7.9);
     },
     [](solo_kernel& k) {
       k.set(ids(2, 2), {{"frozen", false}});
       k.simulate(14.0);
     }},
    {"between_Prepare_and_Cleanup",
     [](solo_kernel& k) {
       const auto n = cells(k, 12);
       random_row(k, n, n, {{"synapse_model", "stdp_synapse"}, {"weight", 30.0}});
       k.connect(k.create("noise_generator", 1, {{"std", 50.0}}), n);
       k.connect(n, k.create("spike_recorder"));
       k.call(api::prepare{});
       k.call(api::run{5.2});
       k.call(api::run{3.1});
     },
     [](solo_kernel& k) {
       k.call(api::run{9.0});
       k.call(api::cleanup{});
       k.simulate(3.0);
     }},
    {"a_run_of_no_time_that_began_an_interval",
     [](solo_kernel& k) {
       const auto n = cells(k, 12);
       k.connect(n, n, indegree(4), {{"weight", 30.0}, {"delay", 2.0}});
       k.connect(n, k.create("spike_recorder"));
       k.simulate(10.0);  // an interval's end
       k.call(api::prepare{});
     },
     [](solo_kernel& k) {
       k.call(api::run{0.1});
       k.call(api::cleanup{});
       k.simulate(11.0);
     }},
};

class saving : public testing::TestWithParam<scenario> {};
INSTANTIATE_TEST_SUITE_P(scenarios, saving, testing::ValuesIn(scenarios),
                         [](const auto& info) { return info.param.name; });

/// What two networks tell, where they do not tell the same.
std::vector<std::string> unlike(const std::map<std::string, std::vector<std::byte>>& a,
                                const std::map<std::string, std::vector<std::byte>>& b) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : a)
    if (const auto found = b.find(name); found == b.end() || found->second != bytes) names.push_back(name);
  for (const auto& [name, bytes] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

TEST_P(saving, goes_on_with_the_same_bits_on_any_number_of_virtual_processes) {
  const auto& [name, begin, go_on] = GetParam();
  solo_kernel undisturbed(1);
  begin(undisturbed);
  go_on(undisturbed);
  const auto expected = all_of(undisturbed);
  for (const int v : {1, 2, 3, 7}) {
    saved_in_memory files;
    solo_kernel saved(on(v, files));
    begin(saved);
    saved.call(api::save{"first"});
    for (const int w : {1, 2, 3, 7}) {
      solo_kernel loaded(on(w, files));
      loaded.call(api::load{"first"});
      EXPECT_EQ(loaded.status("total_num_virtual_procs"), value(w));
      // Once more, as it came: what one layout has read, another one reads.
      loaded.call(api::save{"second " + std::to_string(w)});
      go_on(loaded);
      EXPECT_EQ(unlike(all_of(loaded), expected), nothing) << "saved on " << v << ", loaded on " << w;
      solo_kernel again(on(8 - w, files));
      again.call(api::load{"second " + std::to_string(w)});
      go_on(again);
      EXPECT_EQ(unlike(all_of(again), expected), nothing) << "from " << v << " by " << w << " to " << 8 - w;
    }
    go_on(saved);
    EXPECT_EQ(unlike(all_of(saved), expected), nothing) << "saving changed what comes later, on " << v;
  }
}

api_error refusal_of(solo_kernel& k, const api::request& r) {
  try {
    k.call(r);
  } catch (const api_error& e) {
    return e;
  }
  ADD_FAILURE() << "was accepted";
  return {error_kind::InternalError, ""};
}
bool says(const api_error& e, error_kind kind, const std::string& what) {
  return e.kind() == kind && std::string(e.what()).find(what) != std::string::npos;
}

TEST_P(saving, rescaled_it_goes_on_with_the_same_bits) {
  const auto& [name, begin, go_on] = GetParam();
  solo_kernel undisturbed(1);
  begin(undisturbed);
  if (undisturbed.status("prepared") == value(true)) {
    EXPECT_TRUE(says(refusal_of(undisturbed, api::rescale{3}), error_kind::KernelException, "Cleanup"));
    return;
  }
  go_on(undisturbed);
  const auto expected = all_of(undisturbed);
  for (const int v : {1, 3})
    for (const int w : {1, 2, 7}) {
      solo_kernel k(v);
      begin(k);
      k.call(api::rescale{w});
      EXPECT_EQ(k.status("total_num_virtual_procs"), value(w));
      k.call(api::rescale{w + 1});
      go_on(k);
      EXPECT_EQ(unlike(all_of(k), expected), nothing) << "from " << v << " by " << w << " to " << w + 1;
    }
}

// ---- models of neurons

class saved_cells : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(models, saved_cells, testing::ValuesIn(all_neurons()),
                         [](const auto& info) { return info.param; });

TEST_P(saved_cells, go_on_with_the_same_bits) {
  using pairs = std::vector<std::pair<int, int>>;
  // At the end of an interval of 0.5 ms, and inside one.
  for (const auto& [cut_ms, layouts] : {std::pair(15.0, pairs{{1, 3}}), {10.2, pairs{{3, 2}, {7, 1}}}}) {
    saved_in_memory files;
    varied_network undisturbed(2, GetParam(), 0);
    undisturbed.k.simulate(cut_ms);
    undisturbed.edit(2, 7.5);
    undisturbed.k.simulate(15.0);
    for (const auto& [v, w] : layouts) {
      varied_network saved(v, GetParam(), 0, &files);
      saved.k.simulate(cut_ms);
      const auto path = std::to_string(v);
      saved.k.call(api::save{path});
      varied_network loaded(w, saved, files, path);
      EXPECT_EQ(loaded.unlike(saved), nothing);
      loaded.edit(2, 7.5);
      loaded.k.simulate(15.0);
      ASSERT_EQ(loaded.unlike(undisturbed), nothing) << v << " to " << w << ", cut at " << cut_ms << " ms";
    }
  }
}

// ---- what a loaded network is

TEST(saving, settings_of_the_place_stay_and_those_of_the_network_come) {
  saved_in_memory files;
  solo_kernel a(on(2, files));
  a.set_status({{"resolution", 0.25}, {"rng_seed", 77}, {"overwrite_files", true}, {"data_prefix", "theirs"}});
  a.set_status({{"min_delay", 0.5}, {"max_delay", 4.0}, {"dict_miss_is_error", false}});
  a.create("iaf_psc_alpha", 3);
  a.call(api::save{"x"});
  solo_kernel b(on(3, files));
  b.set_status({{"data_prefix", "ours"}});
  const auto before = b.get().generation();
  b.call(api::load{"x"});
  for (const auto& [key, v] : dictionary{{"resolution", 0.25},
                                         {"rng_seed", 77},
                                         {"min_delay", 0.5},
                                         {"max_delay", 4.0},
                                         {"dict_miss_is_error", false},
                                         {"overwrite_files", false},
                                         {"data_prefix", "ours"},
                                         {"total_num_virtual_procs", 3},
                                         {"network_size", 3}})
    EXPECT_EQ(b.status(key), v) << key;
  EXPECT_EQ(b.get().generation(), before + 1) << "collections of before are stale";
}

TEST(saving, a_network_comes_in_place_of_another_wherever_that_stands) {
  saved_in_memory files;
  const auto make = [&](solo_kernel& k, double weight) {
    const auto n = cells(k, 12);
    k.connect(n, n, indegree(4), {{"weight", weight}, {"delay", 1.0}});
    k.connect(n, k.create("spike_recorder"));
  };
  solo_kernel a(on(3, files));
  make(a, 30.0);
  a.simulate(10.4);
  a.call(api::save{"x"});
  a.simulate(10.0);
  const auto expected = all_of(a);
  // Others stand at another step of an interval, at the same one, or at one of another length.
  for (const double ms : {0.0, 7.0, 10.4, 12.9}) {
    solo_kernel b(on(3, files));
    make(b, 60.0);
    if (ms == 12.9) b.connect(ids(1, 2), ids(1, 2), one_to_one, {{"delay", 0.3}});
    b.simulate(ms);
    b.call(api::load{"x"});
    b.simulate(10.0);
    EXPECT_EQ(unlike(all_of(b), expected), nothing) << ms;
  }
}

TEST(saving, an_emission_before_a_connection_was_made_does_not_arrive_over_it) {
  for (const bool saves : {false, true}) {
    saved_in_memory files;
    solo_kernel k(on(2, files));
    const auto n = k.create("parrot_neuron", 2);
    const auto noise = k.create("poisson_generator", 1, {{"rate", 9000.0}});
    const auto heard = k.create("spike_recorder");
    k.connect(noise, ids(1, 1), all_to_all, {{"delay", 5.0}});
    k.connect(n, heard);
    k.simulate(20.0);
    k.connect(noise, ids(2, 2), all_to_all, {{"delay", 5.0}});
    k.connections();
    if (saves) k.call(api::save{"x"});
    if (saves) k.save();
    k.simulate(10.0);
    const auto times = k.times(heard);
    const auto senders = k.senders(heard);
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (senders[i] == 2) {
        EXPECT_GT(times[i], 25.0);
      }
    }
  }
}

TEST(saving, tells_what_a_file_holds) {
  saved_in_memory files;
  solo_kernel k(on(2, files));
  const auto n = k.create("iaf_psc_alpha", 5);
  k.create("iaf_psc_alpha", 2);
  k.create("poisson_generator");
  k.connect(n, n, all_to_all, {{"synapse_model", "stdp_synapse"}});
  k.connect(n, k.create("spike_recorder"));
  k.simulate(2.5);
  k.call(api::save{"x"});
  const auto told = *std::get<value>(k.call(api::describe_saved{"x"})).get_if<dictionary>();
  EXPECT_EQ(*told.find("biological_time"), value(2.5));
  EXPECT_EQ(*told.find("total_num_virtual_procs"), value(2));
  EXPECT_EQ(*told.find("network_size"), value(9));
  EXPECT_EQ(*told.find("num_connections"), value(30));
  EXPECT_EQ(*told.find("nodes"),
            value(dictionary{{"iaf_psc_alpha", 7}, {"poisson_generator", 1}, {"spike_recorder", 1}}));
  EXPECT_EQ(*told.find("connections"), value(dictionary{{"static_synapse", 5}, {"stdp_synapse", 25}}));
}

// ---- refusals

TEST(saving, is_refused_where_there_is_nothing_to_save_or_nowhere) {
  saved_in_memory files;
  solo_kernel nowhere(1);
  auto options = on(1, files);
  options.dry_run = true;
  solo_kernel dry(options);
  for (const api::request& r : {api::request(api::save{"x"}), api::request(api::load{"x"})}) {
    EXPECT_TRUE(says(refusal_of(nowhere, r), error_kind::NotImplemented, "keeps no networks in files"));
    EXPECT_TRUE(says(refusal_of(dry, r), error_kind::NotImplemented, "a dry run has no network"));
  }
  solo_kernel k(on(1, files));
  k.call(api::save{"x"});
  EXPECT_TRUE(says(refusal_of(k, api::save{"x"}), error_kind::IOError, "exists"));
  k.set_status({{"overwrite_files", true}});
  k.call(api::save{"x"});
  EXPECT_TRUE(says(refusal_of(k, api::load{"y"}), error_kind::IOError, "there is none"));
}

TEST(rescaling, is_refused_in_a_run_and_where_it_does_not_fit_and_collections_stay) {
  solo_kernel k(2);
  const auto cells = k.create("iaf_psc_alpha", 5);
  for (const int wrong : {0, -1, 4097})
    EXPECT_TRUE(says(refusal_of(k, api::rescale{wrong}), error_kind::BadProperty, "must be in 1..4096"));
  k.call(api::prepare{});
  EXPECT_TRUE(says(refusal_of(k, api::rescale{3}), error_kind::KernelException, "Cleanup"));
  k.call(api::cleanup{});
  EXPECT_EQ(k.status("total_num_virtual_procs"), value(2));
  k.call(api::rescale{3});
  k.set(cells, {{"V_m", -60.0}});
  solo_kernel structural, dry(1, no_memory_limit, true);
  structural.set_status({{"structural_plasticity", true}});
  EXPECT_TRUE(says(refusal_of(structural, api::rescale{3}), error_kind::KernelException, "volley.allow"));
  EXPECT_TRUE(says(refusal_of(dry, api::rescale{3}), error_kind::NotImplemented, "a dry run has no network"));
}

// A VP that has no room for its part: the network is where it was.
TEST(rescaling, goes_back_where_there_is_no_room) {
  solo_kernel k(2), other(2);
  for (auto* one : {&k, &other}) {
    const auto cells = one->create("iaf_psc_alpha", 5, {{"I_e", 400.0}});
    one->connect(cells, cells, all_to_all, {{"weight", 10.0}});
    one->simulate(20.0);
  }
  k.before_obeying = [](const shard& s, const order& o) {
    if (s.place().n_vps == 3 && std::holds_alternative<orders::load_part>(o)) throw std::bad_alloc();
  };
  EXPECT_EQ(refusal_of(k, api::rescale{3}).kind(), error_kind::MemoryError);
  k.before_obeying = [](const shard&, const order&) {};
  EXPECT_EQ(k.status("total_num_virtual_procs"), value(2));
  for (auto* one : {&k, &other}) one->simulate(20.0);
  EXPECT_EQ(unlike(all_of(k), all_of(other)), nothing);
}

TEST(saving, a_network_that_does_not_fit_here_is_refused_and_nothing_has_changed) {
  saved_in_memory files;
  solo_kernel a(on(1, files));
  a.set_status({{"structural_plasticity", true}});
  a.create("iaf_psc_alpha", 9);
  a.call(api::save{"structural"});
  solo_kernel b(on(3, files));
  cells(b, 5);
  b.simulate(3.0);
  const auto before = b.save();
  EXPECT_TRUE(says(refusal_of(b, api::load{"structural"}), error_kind::KernelException, "volley.allow"));
  EXPECT_TRUE(b.save() == before);
  b.set_status({{"structural_plasticity_threads", true}});
  b.call(api::load{"structural"});

  auto few = on(3, files);
  few.memory_limit = 1000;
  solo_kernel small(few);
  small.set_status({{"structural_plasticity_threads", true}});
  EXPECT_TRUE(says(refusal_of(small, api::load{"structural"}), error_kind::MemoryError, "structural"));
  EXPECT_EQ(small.status("network_size"), value(0));
}

// Sections whose checksums are right may still be none that belong together.
TEST(saving, sections_that_do_not_fit_together_are_refused_and_nothing_has_changed) {
  saved_in_memory files;
  solo_kernel a(on(2, files));
  const auto n = cells(a, 12);
  random_row(a, n, n, {{"synapse_model", "stdp_synapse"}, {"weight", 30.0}});
  a.connect(n, a.create("spike_recorder"));
  a.simulate(7.3);
  a.call(api::save{"whole"});
  const auto whole = files.files.at("whole");
  solo_kernel b(on(3, files));
  cells(b, 5);
  b.simulate(3.0);
  const auto before = b.save();
  const auto refused = [&](saved_in_memory::sections sections, const std::string& what) {
    files.files["broken"] = std::move(sections);
    EXPECT_EQ(refusal_of(b, api::load{"broken"}).kind(), error_kind::IOError) << what;
    EXPECT_TRUE(b.save() == before) << what;
    for (std::size_t vp = 0; vp < 3; ++vp) EXPECT_EQ(b.shard_at(vp).loader(), nullptr) << what;
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto sections = whole;
    sections.erase(sections.begin() + static_cast<std::ptrdiff_t>(i));
    if (i + 2 < whole.size()) refused(sections, "without section " + std::to_string(i));
    sections = whole;
    sections[i].pop_back();
    refused(sections, "with a shorter section " + std::to_string(i));
    sections = whole;
    std::swap(sections[i], sections[(i + 1) % whole.size()]);
    refused(sections, "with sections " + std::to_string(i) + " and the next the other way round");
  }
  b.call(api::load{"whole"});
}

TEST(saving, a_shard_that_has_no_memory_refuses_and_nothing_has_changed) {
  saved_in_memory files;
  solo_kernel a(on(2, files));
  cells(a, 12);
  a.simulate(2.0);
  a.call(api::save{"x"});
  solo_kernel b(on(3, files));
  cells(b, 5);
  b.simulate(3.0);
  const auto before = b.save();
  for (int order = 0; order < 3; ++order) {
    int left = 3 * order + 1;
    b.before_obeying = [&](const shard&, const volley::runtime::order& o) {
      if (!std::holds_alternative<orders::forget_loaded>(o) && left-- == 0) throw std::bad_alloc();
    };
    EXPECT_TRUE(says(refusal_of(b, api::load{"x"}), error_kind::MemoryError, "no memory")) << order;
    EXPECT_TRUE(b.save() == before);
  }
  b.before_obeying = [](const shard&, const volley::runtime::order&) {};
  b.call(api::load{"x"});
}

TEST(saving, is_refused_after_a_run_that_failed_and_loading_mends_it) {
  saved_in_memory files;
  solo_kernel k(on(2, files));
  cells(k, 5);
  k.call(api::save{"x"});
  k.set_status({{"update_time_limit", 1e-12}});
  EXPECT_ANY_THROW(k.simulate(5.0));
  EXPECT_TRUE(says(refusal_of(k, api::save{"y"}), error_kind::KernelException, "failed run"));
  k.call(api::load{"x"});
  k.simulate(5.0);
}

}  // namespace
}  // namespace volley::runtime
