// The footprint told from calls is that of what they make.
#include "runtime/footprint/footprint.hpp"

#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

value normal(double mean, double spread) { return parameter::make({{operation::normal, {}, {mean, spread}}}); }
value below(double n) { return parameter::make({{operation::uniform_int, {}, {n}}}); }
value delays(double mean, double spread) {
  return parameter::make({{operation::normal, {}, {mean, spread}}, {operation::redraw, {0}, {0.1, 100.0}}});
}

struct network {
  const char* name;
  const char* model;
  dictionary nodes;
  std::vector<dictionary> synapses;  ///< of one Connect each
  std::int64_t indegree = 100;
};

const network networks[] = {
    {"constant", "iaf_psc_alpha", {}, {{{"weight", 10.0}, {"delay", 1.5}}, {{"weight", -40.0}, {"delay", 1.5}}}},
    {"weights", "iaf_psc_delta", {{"V_m", normal(-65, 2)}}, {{{"weight", normal(10, 1)}, {"delay", 1.5}}}},
    {"delays",
     "iaf_psc_exp",
     {{"I_e", normal(100, 5)}},
     {{{"delay", delays(1.5, 0.75)}}, {{"weight", normal(10, 1)}, {"delay", delays(0.8, 0.4)}}},
     500},
    {"plastic", "iaf_psc_alpha", {}, {{{"synapse_model", "stdp_synapse"}, {"weight", 10.0}, {"delay", 1.5}}}},
    {"plastic_delays", "iaf_psc_alpha", {}, {{{"synapse_model", "stdp_synapse"}, {"delay", delays(1.5, 0.75)}}}},
    {"plastic_parameters", "iaf_psc_alpha", {}, {{{"synapse_model", "stdp_synapse"}, {"lambda", normal(1, 0.1)}}}},
    {"labels",
     "iaf_psc_alpha",
     {},
     {{{"synapse_model", "static_synapse_lbl"}, {"synapse_label", 7}},
      {{"synapse_model", "static_synapse_lbl"}, {"synapse_label", below(4)}, {"weight", normal(10, 1)}}}},
    {"plastic_labels",
     "iaf_psc_alpha",
     {},
     {{{"synapse_model", "stdp_synapse_lbl"}, {"synapse_label", below(3)}, {"delay", 1.5}}}},
    {"compact", "iaf_psc_alpha", {}, {{{"synapse_model", "static_synapse_hpc"}}}},
    {"released", "iaf_psc_alpha", {}, {{{"synapse_model", "tsodyks_synapse"}, {"weight", 10.0}, {"delay", 1.5}}}},
    {"released_weights", "iaf_psc_alpha", {}, {{{"synapse_model", "ht_synapse"}, {"weight", normal(10, 1)}}}},
    {"released_delays", "iaf_psc_alpha", {}, {{{"synapse_model", "tsodyks2_synapse"}, {"delay", delays(1.5, 0.75)}}}},
    {"released_parameters", "iaf_psc_alpha", {}, {{{"synapse_model", "tsodyks_synapse"}, {"tau_rec", normal(800, 8)}}}},
    {"walked", "iaf_psc_alpha", {}, {{{"synapse_model", "bernoulli_synapse"}, {"p_transmit", 0.5}}}},
    {"walked_variables",
     "iaf_psc_alpha",
     {},
     {{{"synapse_model", "quantal_stp_synapse"}, {"n", 9}, {"a", below(9)}, {"weight", normal(10, 1)}}}},
    {"walked_parameters",
     "iaf_psc_alpha",
     {},
     {{{"synapse_model", "quantal_stp_synapse"}, {"tau_rec", normal(800, 8)}}}},
    {"conductances", "iaf_cond_exp", {}, {{{"weight", 1.0}, {"delay", 3.0}}}},
    {"parrots", "parrot_neuron", {}, {{{"delay", 1.0}}}},
};

class footprint_of : public testing::TestWithParam<network> {};
INSTANTIATE_TEST_SUITE_P(networks, footprint_of, testing::ValuesIn(networks),
                         [](const auto& info) { return info.param.name; });

TEST_P(footprint_of, is_what_the_network_takes) {
  const auto& n = GetParam();
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    const auto cells = k.create(n.model, 6000, n.nodes);
    for (const auto& synapse : n.synapses)
      k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", n.indegree}}, synapse);
    const auto noise = k.create("poisson_generator", 1, {{"rate", 20000.0}});
    k.connect(noise, cells, {{"rule", "all_to_all"}}, {{"weight", 50.0}, {"delay", 1.5}});
    const auto before = k.status("footprint");
    k.simulate(20.0);
    const auto& told = *before.get_if<dictionary>();
    for (const char* part : {"memory_nodes", "memory_connections"}) {
      const double real = static_cast<double>(*k.status(part).get_if<std::int64_t>()),
                   estimate = *told.find(part)->get_if<double>();
      EXPECT_NEAR(estimate / real, 1.0, 0.2) << part << " on " << vps << " VPs: " << estimate << " for " << real;
    }
  }
}

TEST(footprint, counts_what_generators_keep_for_each_connection) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps), dry(vps, no_memory_limit, true);
    for (auto* one : {&k, &dry}) {
      const auto cells = one->create("iaf_psc_alpha", 6000);
      const auto trains = one->create("ppd_sup_generator", 2, {{"rate", 20.0}, {"dead_time", 10.0}});
      one->connect(trains, cells, {{"rule", "fixed_indegree"}, {"indegree", 3}});
      one->set({trains.generation, {{trains.ranges[0].first, trains.ranges[0].first, 1}}}, {{"dead_time", 30.0}});
    }
    const auto told = [](solo_kernel& of) {
      return *of.status("footprint").get_if<dictionary>()->find("memory_connections")->get_if<double>();
    };
    const double estimate = told(k);
    EXPECT_NEAR(told(dry), estimate, 1);
    EXPECT_GT(estimate, 9000 * (100 + 300) * 8.0);
    k.simulate(1.0);
    const double real = static_cast<double>(*k.status("memory_connections").get_if<std::int64_t>());
    EXPECT_NEAR(estimate / real, 1.0, 0.1) << "on " << vps << " VPs: " << estimate << " for " << real;
  }
}

TEST(footprint, refuses_trains_that_do_not_fit_before_they_are_made) {
  solo_kernel k(2, 50 << 20);
  const auto cells = k.create("iaf_psc_alpha", 1000);
  const auto g = k.create("gamma_sup_generator", 1, {{"gamma_shape", std::int64_t{100000}}});
  EXPECT_THROW(k.connect(g, cells), api_error) << "800 MB";
  const auto small = k.create("gamma_sup_generator", 1, {{"gamma_shape", 10}});
  k.connect(small, cells);
  k.simulate(1.0);
  try {
    k.set(small, {{"gamma_shape", std::int64_t{100000}}});
    ADD_FAILURE() << "accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::MemoryError);
  }
  EXPECT_EQ(k.get(small, "gamma_shape"), value(std::vector<std::int64_t>{10}));
  k.set(small, {{"gamma_shape", 20}});
  k.simulate(1.0);
}

TEST(footprint, slots_take_four_bytes_on_a_vp_with_many) {
  store_content content;
  content.connections = 1e6;
  EXPECT_NEAR(bytes_of(content, {}, 1, 65536), 2e6, 100);
  EXPECT_NEAR(bytes_of(content, {}, 1, 65537), 4e6, 100);
}

TEST(footprint, counts_connections_by_the_cost_of_their_delivery) {
  solo_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 100), noise = k.create("poisson_generator");
  const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 10}};
  k.connect(noise, cells);
  k.connect(cells, cells, rule);
  k.connect(cells, cells, rule, {{"weight", normal(1, 1)}});
  k.connect(cells, cells, rule, {{"delay", delays(2, 1)}});
  k.connect(cells, cells, rule, {{"synapse_model", "stdp_synapse"}});
  k.connect(cells, cells, rule, {{"synapse_model", "bernoulli_synapse"}});
  k.connect(cells, cells, rule, {{"synapse_model", "ht_synapse"}});  // as static ones with one weight
  const auto status = k.status("footprint");
  const auto& by_class = *status.get_if<dictionary>()->find("connections")->get_if<dictionary>();
  EXPECT_EQ(*by_class.find("generated"), value(100.0));
  EXPECT_EQ(*by_class.find("constant"), value(2000.0));
  for (const char* name : {"weights", "random_delays", "plastic", "walked"})
    EXPECT_EQ(*by_class.find(name), value(1000.0)) << name;
}

TEST(footprint, is_told_without_building) {
  solo_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 1000000);
  k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 10000}}, {{"delay", 2.0}});
  const auto status = k.status("footprint");
  const auto& told = *status.get_if<dictionary>();
  EXPECT_NEAR(*told.find("memory_connections")->get_if<double>(), 4e10, 1e9);  // 1,000,000 slots need 32 bits
  EXPECT_EQ(*told.find("min_delay"), value(2.0));
}

}  // namespace
}  // namespace volley::runtime
