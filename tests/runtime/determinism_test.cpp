// The same network on any number of VPs, from any build: spikes, weights and membrane potentials are the same, bit for
// bit.
#include <gtest/gtest.h>

#include <bit>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct outcome_of_run {
  std::vector<double> times, weights, potentials, samples;
  std::vector<std::int64_t> senders;

  /// One number for all bits (FNV-1a).
  std::uint64_t hash() const {
    std::uint64_t h = 0xcbf29ce484222325;
    const auto add = [&h](std::uint64_t word) {
      for (int byte = 0; byte < 8; ++byte) h = (h ^ (word >> 8 * byte & 0xff)) * 0x100000001b3;
    };
    for (const auto* column : {&times, &weights, &potentials, &samples})
      for (const double x : *column) add(std::bit_cast<std::uint64_t>(x));
    for (const auto sender : senders) add(static_cast<std::uint64_t>(sender));
    return h;
  }
};

void expect_same_bits(const std::vector<double>& a, const std::vector<double>& b, const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]))
        << what << " " << i << ": " << a[i] << " and " << b[i];
}

void expect_same_bits(const outcome_of_run& a, const outcome_of_run& b) {
  expect_same_bits(a.times, b.times, "spike time");
  EXPECT_EQ(a.senders, b.senders);
  expect_same_bits(a.weights, b.weights, "weight");
  expect_same_bits(a.potentials, b.potentials, "V_m");
  expect_same_bits(a.samples, b.samples, "sample");
}

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }
parameter_ref normal(double mean, double sd) { return parameter::make({{operation::normal, {}, {mean, sd}}}); }
parameter_ref redrawn_normal(double mean, double sd, double low, double high) {
  return parameter::make({{operation::normal, {}, {mean, sd}}, {operation::redraw, {0}, {low, high}}});
}

/// A balanced network (Brunel 2000) with plastic connections among excitatory cells, random weights and delays, Poisson
/// drive, a meter, and a pause in the middle of an interval with a change of weights.
outcome_of_run run_network(int vps, const std::string& model) {
  solo_kernel k(vps);
  const int n_exc = 160, n_inh = 40;
  dictionary cell{{"E_L", 0.0}, {"V_m", uniform(0, 18)}, {"V_th", 20.0}, {"V_reset", 0.0}, {"t_ref", 2.0}};
  const bool conductances = model == "iaf_cond_exp";
  if (conductances)
    cell = {{"V_m", uniform(-70, -56)}, {"tau_syn_ex", 1.0}};
  else
    cell["tau_m"] = 20.0;
  const auto E = k.create(model, n_exc, cell), I = k.create(model, n_inh, cell);
  const node_set all{E.generation, {{E.ranges[0].first, I.ranges[0].last, 1}}};
  const auto noise = k.create("poisson_generator", 1, {{"rate", 9000.0}});
  const auto spikes = k.create("spike_recorder");
  const auto meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}, {"interval", 0.7}});
  const double J = model == "iaf_psc_delta" ? 0.9 : conductances ? 9.0 : 60.0;
  k.connect(noise, all, {{"rule", "all_to_all"}}, {{"weight", J / 3}, {"delay", 1.5}});
  k.connect(E, E, {{"rule", "fixed_indegree"}, {"indegree", 16}},
            {{"synapse_model", "stdp_synapse"},
             {"weight", redrawn_normal(J, J / 4, 0, 3 * J)},
             {"Wmax", 3 * J},
             {"delay", redrawn_normal(1.5, 0.75, 0.5, 4)}});
  k.connect(E, I, {{"rule", "pairwise_bernoulli"}, {"p", 0.1}},
            {{"weight", normal(J, J / 5)}, {"delay", uniform(0.5, 3)}});
  k.connect(I, all, {{"rule", "fixed_total_number"}, {"N", 900}}, {{"weight", normal(-4 * J, J)}, {"delay", 1.1}});
  k.connect(E, I, {{"rule", "fixed_outdegree"}, {"outdegree", 3}}, {{"weight", J}, {"delay", uniform(1, 2)}});
  k.connect(all, spikes);
  k.connect(meter, {E.generation, {{2, 20, 3}}});
  k.simulate(60.25 - 0.05);
  k.call(api::set_connection_values{k.connections({I, E, "static_synapse", {}}), dictionary{{"weight", -4.5 * J}}});
  k.simulate(90.0);
  outcome_of_run o;
  o.times = k.times(spikes);
  o.senders = k.senders(spikes);
  o.weights = k.weights(k.connections({{}, {}, "stdp_synapse", {}}));
  o.potentials = *k.get(all, "V_m").get_if<std::vector<double>>();
  o.samples = *k.events(meter).find("V_m")->get_if<std::vector<double>>();
  return o;
}

/// All ways to hold and deliver a row side by side, in one store and in several: one weight, a weight each, one delay,
/// many, stretches of equal weights, counts, both signs, two plastic models. On one VP slots take 32 bits, on
/// several 16.
outcome_of_run run_mixture(int vps) {
  solo_kernel k(vps);
  const auto many = k.create("parrot_neuron", 66000);
  const auto E = k.create("iaf_psc_alpha", 120, {{"V_m", uniform(-70, -56)}, {"I_e", 420.0}});
  const auto I = k.create("iaf_psc_exp", 40, {{"V_m", uniform(-70, -56)}, {"I_e", 450.0}});
  const node_set all{E.generation, {{E.ranges[0].first, I.ranges[0].last, 1}}};
  const node_set parrots{E.generation, {{1, 65001, 500}}};
  const auto spikes = k.create("spike_recorder");
  const dictionary constant{{"weight", 15.0}, {"delay", 1.5}};
  k.connect(E, all, {{"rule", "fixed_indegree"}, {"indegree", 10}}, constant);
  k.connect(E, all, {{"rule", "fixed_indegree"}, {"indegree", 5}}, {{"weight", normal(15, 3)}, {"delay", 1.5}});
  k.connect(E, all, {{"rule", "fixed_indegree"}, {"indegree", 5}}, {{"weight", 15.0}, {"delay", uniform(0.5, 4)}});
  k.connect(I, all, {{"rule", "pairwise_bernoulli"}, {"p", 0.2}},
            {{"weight", normal(0, 40)}, {"delay", uniform(0.5, 4)}});
  k.connect(E, parrots, {{"rule", "pairwise_bernoulli"}, {"p", 0.05}}, {{"delay", uniform(0.5, 2)}});
  k.connect(parrots, I, {{"rule", "fixed_total_number"}, {"N", 800}}, {{"weight", -8.0}, {"delay", 0.5}});
  k.connect(
      E, E, {{"rule", "fixed_indegree"}, {"indegree", 6}},
      {{"synapse_model", "stdp_synapse"}, {"weight", 10.0}, {"tau_plus", uniform(15, 25)}, {"delay", uniform(0.5, 2)}});
  k.connect(E, E, {{"rule", "fixed_outdegree"}, {"outdegree", 6}},
            {{"synapse_model", "stdp_pl_synapse_hom"}, {"weight", normal(10, 1)}, {"delay", 1.0}});
  k.connect(E, I, {{"rule", "fixed_outdegree"}, {"outdegree", 30}}, constant);
  k.connect(all, spikes);
  k.simulate(40.0);
  k.connect(E, I, {{"rule", "fixed_indegree"}, {"indegree", 4}},
            {{"weight", normal(9, 2)}, {"delay", uniform(0.5, 4)}});
  k.simulate(60.0);
  outcome_of_run o;
  o.times = k.times(spikes);
  o.senders = k.senders(spikes);
  for (const char* model : {"stdp_synapse", "stdp_pl_synapse_hom", "static_synapse"})
    for (const double w : k.weights(k.connections({{}, {}, model, {}}))) o.weights.push_back(w);
  o.potentials = *k.get(all, "V_m").get_if<std::vector<double>>();
  return o;
}

struct expectation {
  const char* model;
  std::uint64_t hash;  ///< of what every build computes, portable and native, on any instruction set
};

class determinism : public testing::TestWithParam<expectation> {};

TEST_P(determinism, layouts_and_builds_do_not_change_a_bit) {
  const auto reference = run_network(1, GetParam().model);
  ASSERT_GT(reference.times.size(), 200u);
  ASSERT_LT(reference.times.size(), 20000u);
  EXPECT_EQ(reference.hash(), GetParam().hash);
  for (const int vps : {2, 3, 4, 7, 16}) {
    SCOPED_TRACE(testing::Message() << vps << " VPs");
    expect_same_bits(run_network(vps, GetParam().model), reference);
  }
}

TEST(determinism, every_mix_of_rows_gives_the_same_bits) {
  const auto reference = run_mixture(1);
  ASSERT_GT(reference.times.size(), 1000u);
  EXPECT_EQ(reference.hash(), 5940614063892646366u);  // as below: of every build
  for (const int vps : {2, 3, 5, 16}) {
    SCOPED_TRACE(testing::Message() << vps << " VPs");
    expect_same_bits(run_mixture(vps), reference);
  }
}

TEST(determinism, another_seed_gives_another_network) {
  solo_kernel a, b;
  b.set_status({{"rng_seed", 5}});
  const auto draw = [](solo_kernel& k) {
    const auto n = k.create("iaf_psc_alpha", 50);
    k.connect(n, n, {{"rule", "fixed_indegree"}, {"indegree", 5}});
    return k.connections().sources;
  };
  EXPECT_NE(draw(a), draw(b));
}

INSTANTIATE_TEST_SUITE_P(models, determinism,
                         testing::Values(expectation{"iaf_psc_delta", 13019265804434031190u},
                                         expectation{"iaf_psc_alpha", 1999531767817567132u},
                                         expectation{"iaf_psc_exp", 8109878906980185769u},
                                         expectation{"iaf_cond_exp", 6545569032096206242u}),
                         [](const auto& info) { return info.param.model; });

// Rows apply what they have not seen every ten seconds. Whoever has no rows of a model at the time may get some later.
TEST(determinism, of_plastic_connections_that_are_the_first_of_their_model_on_a_virtual_process) {
  std::vector<double> first;
  for (const int vps : {1, 2, 3}) {
    solo_kernel k(vps);
    const auto cells = k.create("iaf_psc_delta", 6, {{"I_e", std::vector<double>{400, 410, 420, 430, 440, 450}}});
    const auto one = [&](std::uint64_t id) { return node_set{cells.generation, {{id, id, 1}}}; };
    k.call(api::copy_model{"stdp_synapse", "other", {}});
    k.connect(one(1), one(2), {{"rule", "all_to_all"}}, {{"synapse_model", "stdp_synapse"}});
    k.connect(one(1), cells, {{"rule", "all_to_all"}}, {{"synapse_model", "other"}});  // keeps the spikes of all
    k.simulate(10030.0);
    k.connect(one(1), cells, {{"rule", "all_to_all"}}, {{"synapse_model", "stdp_synapse"}});
    k.simulate(100.0);
    const auto weights = k.weights(k.connections({{}, {}, "stdp_synapse", {}}));
    if (vps == 1) first = weights;
    expect_same_bits(weights, first, "weight");
  }
}

}  // namespace
}  // namespace volley::runtime
