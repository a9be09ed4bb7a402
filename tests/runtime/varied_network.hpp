// A network with a bit of everything, for tests of what goes on after it was saved: cells of one model with all forms
// of rows onto them, plastic ones with recorded weights, all kinds of generators, meters.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime::tests {

inline const std::vector<std::string> nothing;

inline parameter_ref uniform(double low, double high) {
  return parameter::make({{operation::uniform, {}, {low, high}}});
}
inline parameter_ref normal(double mean, double sd) { return parameter::make({{operation::normal, {}, {mean, sd}}}); }

/// How spikes and currents reach the cells of a model.
struct entrances {
  std::int64_t excitatory = 0, inhibitory = 0;  ///< receptors
  std::optional<std::int64_t> current;
  double J = 25;           ///< weight of a spike
  double inhibition = -1;  ///< sign of inhibitory weights: receptors of their own take positive ones

  explicit entrances(const std::string& name) {
    const auto all = models::built_in_neurons();
    const auto model = std::ranges::find(all, name, &models::neuron_model::name);
    std::vector<std::int64_t> spikes;
    for (const auto& c : model->channels)
      if (c.is_current())
        current = c.receptor;
      else if (c.form != models::input_form::payload)  // which takes spikes of its like alone
        spikes.push_back(c.receptor);
    excitatory = spikes.front();
    inhibitory = spikes.back();
    if (excitatory != 0) inhibition = 1;
    const bool has_conductances = name == "iaf_cond_exp" || (excitatory != 0 && name.find("_psc_") == name.npos);
    if (name.ends_with("psc_delta")) J = 0.5;
    if (name == "hh_psc_alpha") J = 30;
    if (has_conductances) J = 2;
  }
};

/// `state` moves the potentials, and with them all that follows (of cells without one the calcium); it changes nothing
/// that calls built.
class varied_network {
 public:
  varied_network(int vps, const std::string& model, double state, network_files* files = nullptr)
      : k(options(vps, files)), into(model) {
    cells = k.create(model, 70);
    const auto relays = k.create("parrot_neuron", 8);
    const node_set all{cells.generation, {{1, 78, 1}}};
    std::vector<std::string> sampled;
    if (const auto all = std::get<value>(k.call(api::get_node_values{cells, {}}));
        all.get_if<dictionary>()->contains("V_m")) {
      const auto v = *all.get_if<dictionary>()->find("V_m");
      k.set(cells, {{"V_m", v.get_if<std::vector<double>>()->front() + state}});
      sampled.push_back("V_m");
    } else {
      k.set(cells, {{"Ca", state}});
    }
    meter = k.create("multimeter", 1, {{"record_from", sampled}, {"interval", 0.3}});
    k.connect(meter, cells);
    k.set({cells.generation, {{1, 69, 2}}}, {{"tau_minus", 33.0}});
    const double J = into.J, opposite = into.inhibition;
    const auto noise = k.create("poisson_generator", 1, {{"rate", 9000.0}});
    const auto train = k.create("spike_generator", 1,
                                {{"spike_times", std::vector<double>{3, 20.3, 41}},
                                 {"spike_weights", std::vector<double>{9, 9, opposite * 2}}});
    k.connect(noise, relays, {{"rule", "all_to_all"}}, {{"weight", J}, {"delay", 1.3}});
    k.connect(train, relays, {{"rule", "all_to_all"}}, {{"weight", J}, {"delay", 2.1}});
    excite(noise, {{"rule", "all_to_all"}}, {{"weight", J}, {"delay", 1.3}});
    excite(train, {{"rule", "all_to_all"}}, {{"weight", J}, {"delay", 2.1}});
    if (into.current) {
      const dictionary synapse = {{"delay", 0.7}, {"receptor_type", *into.current}};
      k.connect(k.create("noise_generator", 1, {{"std", 40.0}, {"dt", 0.5}}), cells, {{"rule", "all_to_all"}}, synapse);
      k.connect(k.create("step_current_generator", 1,
                         {{"amplitude_times", std::vector<double>{5, 29}},
                          {"amplitude_values", std::vector<double>{90, -20}}}),
                cells, {{"rule", "all_to_all"}}, synapse);
    }
    excite(all, {{"rule", "fixed_indegree"}, {"indegree", 6}},
           {{"weight", opposite < 0 ? normal(0, J / 2) : uniform(0, J)}, {"delay", uniform(0.5, 4)}});
    k.connect(all, cells, {{"rule", "fixed_indegree"}, {"indegree", 6}},
              {{"weight", opposite * J}, {"delay", 2.0}, {"receptor_type", into.inhibitory}});
    k.connect(cells, relays, {{"rule", "fixed_indegree"}, {"indegree", 3}}, {{"delay", uniform(0.5, 2)}});
    excite(cells, {{"rule", "fixed_indegree"}, {"indegree", 6}},
           {{"synapse_model", "stdp_synapse"}, {"weight", J / 3}, {"Wmax", J}, {"delay", uniform(0.5, 3)}});
    weights = k.create("weight_recorder");
    k.call(api::copy_model{"stdp_pl_synapse_hom", "watched", {{"weight_recorder", weights}}});
    excite(cells, {{"rule", "fixed_outdegree"}, {"outdegree", 5}},
           {{"synapse_model", "watched"}, {"weight", J / 5}, {"delay", 1.0}});
    spikes = k.create("spike_recorder");
    k.connect(all, spikes);
  }

  /// The one that was saved in a file, on so many VPs.
  varied_network(int vps, const varied_network& saved, network_files& files, const std::string& path)
      : k(options(vps, &files)), into(saved.into) {
    k.call(api::load{path});
    const auto now = [](node_set nodes) {
      nodes.generation = 0;
      return nodes;
    };
    cells = now(saved.cells);
    spikes = now(saved.spikes);
    weights = now(saved.weights);
    meter = now(saved.meter);
  }

  void excite(const node_set& sources, const dictionary& rule, dictionary synapse) {
    synapse["receptor_type"] = into.excitatory;
    k.connect(sources, cells, rule, synapse);
  }

  /// Changes what the rules made: `which` of its connections go, the weights of others become `weight`.
  void edit(std::uint64_t which, double weight) {
    const node_set some{cells.generation, {{which, which + 3, 1}}};
    k.call(api::set_connection_values{k.connections({some, {}, "static_synapse", {}}), dictionary{{"weight", weight}}});
    k.call(api::set_connection_values{k.connections({some, {}, "stdp_synapse", {}}),
                                      dictionary{{"tau_plus", 15 + weight}}});
    // Among several connections between the same two, too.
    const node_set first{cells.generation, {{1, 4, 1}}};
    excite(first, {{"rule", "all_to_all"}}, {{"delay", 1.0}});
    const auto theirs = k.connections({first, {}, "static_synapse", {}});
    std::vector<double> delays;
    for (std::size_t i = 0; i < theirs.size(); ++i) delays.push_back(0.5 + 0.1 * static_cast<double>(i * which % 30));
    k.call(api::set_connection_values{theirs, dictionary{{"delay", delays}}});
    auto one = k.connections({{}, {}, "static_synapse", {}});
    for (auto* column : {&one.sources, &one.targets, &one.models, &one.ports}) {
      column->front() = (*column)[which];
      column->resize(1);
    }
    k.call(api::disconnect_connections{one});
  }

  /// All bits that users can see, but for where nodes live.
  using bits = std::map<std::string, std::vector<std::uint64_t>>;
  bits seen() {
    bits all;
    const auto add = [&](const std::string& name, const value& v) {
      if (const auto* reals = v.get_if<std::vector<double>>())
        for (const double x : *reals) all[name].push_back(std::bit_cast<std::uint64_t>(x));
      if (const auto* integers = v.get_if<std::vector<std::int64_t>>())
        for (const auto x : *integers) all[name].push_back(static_cast<std::uint64_t>(x));
    };
    for (const auto& device : {spikes, weights, meter})
      for (const auto& [key, column] : k.events(device))
        add(std::to_string(device.ranges[0].first) + "." + key, column);
    const auto values = std::get<value>(k.call(api::get_node_values{cells, {}}));
    for (const auto& [key, column] : *values.get_if<dictionary>())
      if (key != "vp" && !key.starts_with("thread")) add(key, column);
    const auto found = k.connections();
    add("sources", found.sources);
    add("targets", found.targets);
    add("ports", found.ports);
    add("weights", k.weights(found));
    return all;
  }
  /// What they see of `other` that is not the same here.
  std::vector<std::string> unlike(varied_network& other) {
    std::vector<std::string> names;
    const auto mine = seen(), theirs = other.seen();
    for (const auto& [name, column] : mine)
      if (const auto found = theirs.find(name); found == theirs.end() || found->second != column) names.push_back(name);
    return names;
  }

  solo_kernel k;
  const entrances into;
  node_set cells, spikes, weights, meter;

 private:
  static kernel_options options(int vps, network_files* files) {
    kernel_options o;
    o.default_vps = vps;
    o.networks = files;
    return o;
  }
};

/// Models of neurons that can be connected among themselves.
inline std::vector<std::string> all_neurons() {
  std::vector<std::string> names;
  for (const auto& model : models::built_in_neurons())
    if (!model.name.starts_with("parrot_neuron")) names.emplace_back(model.name);  // among themselves, spikes double
  return names;
}

}  // namespace volley::runtime::tests
