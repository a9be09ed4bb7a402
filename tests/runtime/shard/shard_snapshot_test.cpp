// Save, load, go on: a network that is loaded from images goes on with the bits of the one that made them, whatever it
// had done before.
#include "runtime/base/snapshot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

const std::vector<std::string> nothing;

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }
parameter_ref normal(double mean, double sd) { return parameter::make({{operation::normal, {}, {mean, sd}}}); }

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
      else
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

/// Every kind of column: cells of one model with all forms of rows onto them, plastic ones with recorded weights, all
/// kinds of generators, meters. `state` moves the potentials, and with them all that follows (of cells without one the
/// calcium); it changes nothing that calls built.
class network {
 public:
  network(int vps, const std::string& model, double state) : k(vps), into(model) {
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

  /// All bits that users can see.
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
    for (const auto& [key, column] : *values.get_if<dictionary>()) add(key, column);
    const auto found = k.connections();
    add("sources", found.sources);
    add("targets", found.targets);
    add("ports", found.ports);
    add("weights", k.weights(found));
    return all;
  }
  /// What they see of `other` that is not the same here.
  std::vector<std::string> unlike(network& other) {
    std::vector<std::string> names;
    const auto mine = seen(), theirs = other.seen();
    for (const auto& [name, column] : mine)
      if (const auto found = theirs.find(name); found == theirs.end() || found->second != column) names.push_back(name);
    return names;
  }

  solo_kernel k;
  const entrances into;
  node_set cells, spikes, weights, meter;
};

class snapshots : public testing::TestWithParam<std::string> {};

TEST_P(snapshots, a_loaded_network_goes_on_with_the_same_bits) {
  for (const int vps : {1, 3})
    for (const double cut_ms : {25.0, 20.2}) {  // at the end of an interval of 0.5 ms, and inside one
      network a(vps, GetParam(), 0), b(vps, GetParam(), 3);
      a.k.simulate(cut_ms);
      b.k.simulate(cut_ms);
      const auto cut = a.k.save();
      EXPECT_FALSE(b.k.save() == cut);
      b.k.load(cut);
      EXPECT_TRUE(b.k.save() == cut);
      EXPECT_EQ(b.unlike(a), nothing);
      a.k.simulate(30.0);
      b.k.simulate(30.0);
      ASSERT_EQ(b.unlike(a), nothing) << vps << " VPs, cut at " << cut_ms << " ms";
      EXPECT_TRUE(b.k.save() == a.k.save());
      EXPECT_GT(a.k.times(a.spikes).size(), 100u);
    }
}

TEST_P(snapshots, edited_connections_are_part_of_the_image) {
  for (const int vps : {1, 3}) {
    network a(vps, GetParam(), 0), b(vps, GetParam(), 3);
    a.k.simulate(10.2);
    a.edit(2, 7.5);
    a.k.simulate(0.8);  // what was in flight at the change is so still
    b.k.simulate(9.2);
    b.edit(5, 1.5);
    b.k.simulate(1.8);
    b.k.load(a.k.save());
    EXPECT_EQ(b.unlike(a), nothing);
    a.edit(30, 3.0);
    b.edit(30, 3.0);
    a.k.simulate(20.0);
    b.k.simulate(20.0);
    ASSERT_EQ(b.unlike(a), nothing) << vps << " VPs";
    EXPECT_TRUE(b.k.save() == a.k.save());
  }
}

std::vector<std::string> all_neurons() {
  std::vector<std::string> names;
  for (const auto& model : models::built_in_neurons())
    if (model.name != "parrot_neuron") names.emplace_back(model.name);  // every network has some
  return names;
}
INSTANTIATE_TEST_SUITE_P(models, snapshots, testing::ValuesIn(all_neurons()),
                         [](const auto& info) { return info.param; });

TEST(snapshot, images_of_other_networks_are_refused_and_change_nothing) {
  network a(2, "iaf_psc_alpha", 0), b(2, "iaf_psc_exp", 0);
  a.k.simulate(5.0);
  b.k.simulate(5.0);
  const auto before = b.k.save();
  const auto foreign = a.k.save();
  EXPECT_THROW(b.k.load(foreign), std::invalid_argument);
  EXPECT_THROW(b.k.load({before[1], before[0]}), std::invalid_argument) << "of the other VP";
  EXPECT_TRUE(b.k.save() == before);
}

TEST(snapshot, devices_and_plans_are_part_of_the_image) {
  // Loaded into a network whose devices are others, and which never ran.
  for (const int vps : {1, 3}) {
    network a(vps, "iaf_psc_alpha", 0), b(vps, "iaf_psc_alpha", 0);
    const node_set noise{a.cells.generation, {{80, 80, 1}}};
    a.k.set(noise, {{"rate", 12000.0}, {"stop", 35.0}});
    a.k.set(a.spikes, {{"start", 12.0}});
    a.k.simulate(20.2);
    b.k.status("num_connections");  // builds them
    b.k.load(a.k.save());
    EXPECT_TRUE(b.k.save() == a.k.save());
    for (std::size_t vp = 0; vp < static_cast<std::size_t>(vps); ++vp)
      EXPECT_EQ(b.k.shard_at(vp).spikes_emitted(), a.k.shard_at(vp).spikes_emitted());
    network c(vps, "iaf_psc_alpha", 3);
    c.k.set(noise, {{"rate", 12000.0}, {"stop", 35.0}});
    c.k.set(c.spikes, {{"start", 12.0}});
    c.k.simulate(20.2);
    c.k.set(noise, {{"rate", 100.0}});
    c.k.load(a.k.save());
    a.k.simulate(30.0);
    c.k.simulate(30.0);
    EXPECT_EQ(c.unlike(a), nothing);
    for (std::size_t vp = 0; vp < static_cast<std::size_t>(vps); ++vp)
      EXPECT_EQ(c.k.shard_at(vp).spikes_emitted(), a.k.shard_at(vp).spikes_emitted());
  }
}

TEST(snapshot, rows_that_were_built_in_other_steps_are_refused) {
  solo_kernel a(2), b(2);
  for (auto* k : {&a, &b}) {
    const auto cells = k->create("iaf_psc_alpha", 20);
    for (const double weight : {2.0, 1.0}) {
      k->connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 4}},
                 {{"synapse_model", "stdp_synapse"}, {"weight", weight}});
      if (k == &b) k->status("num_connections");
    }
    k->simulate(5.0);
  }
  const auto before = b.save();
  EXPECT_THROW(b.load(a.save()), std::invalid_argument);
  EXPECT_TRUE(b.save() == before);
}

TEST(snapshot, damaged_images_are_refused_or_loaded_but_never_read_beyond) {
  network a(1, "iaf_psc_alpha", 0);
  a.k.simulate(5.0);
  const auto image = a.k.save()[0];
  auto& s = a.k.shard_at(0);
  for (std::size_t length = 0; length < image.size(); length += 1 + image.size() / 200)
    EXPECT_THROW(s.load(std::span(image).first(length)), std::invalid_argument) << length;
  auto longer = image;
  longer.push_back(std::byte{0});
  EXPECT_THROW(s.load(longer), std::invalid_argument);
  s.load(image);
  EXPECT_TRUE(s.save() == image);
}

TEST(snapshot, sizes_that_the_bytes_do_not_have_are_refused_before_anything_is_allocated) {
  snapshot_writer w;
  w(~std::uint64_t{0} / 8);
  const auto bytes = w.take();
  snapshot_reader r(bytes);
  std::vector<double> numbers;
  EXPECT_THROW(r(numbers), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
