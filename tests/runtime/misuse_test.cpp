// Every misuse gives the contract's exception and leaves the kernel as it was.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct misuse {
  const char* name;
  error_kind kind;
  const char* fragment;  ///< of the message
  std::function<void(solo_kernel&)> call;
};

// Nodes 1-3 iaf_psc_alpha, 4 poisson_generator, 5 spike_recorder, 6 multimeter, 7 spike_generator, 8 dc_generator.
node_set ids(std::uint64_t first, std::uint64_t last) { return {0, {{first, last, 1}}}; }
const dictionary all{{"rule", "all_to_all"}};
const dictionary symmetric{{"rule", "one_to_one"}, {"make_symmetric", true}};
value no_number() { return parameter::make({{operation::uniform, {}, {-2.0, -1.0}}, {operation::power, {0}, {0.5}}}); }
value drawn() { return parameter::make({{operation::uniform, {}, {1.0, 2.0}}}); }

const misuse cases[] = {
    {"arrays_in_space", error_kind::TypeError, "need a rule",
     [](auto& k) {
       k.call(api::connect_arrays{{1}, {2}, {{"weight", parameter::make({{operation::distance, {}, {0}}})}}});
     }},
    {"arrays_of_two_lengths", error_kind::ValueError, "2 sources and 1 targets",
     [](auto& k) {
       k.call(api::connect_arrays{{1, 2}, {2}, {}});
     }},
    {"weights_without_positions", error_kind::TypeError, "need nodes with positions",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "pairwise_bernoulli"}, {"p", 0.5}},
                 {{"weight", parameter::make({{operation::distance, {}, {0}}})}});
     }},
    {"create_unknown", error_kind::UnknownModelName, "is not a known model name; did you mean 'iaf_psc_alpha'",
     [](auto& k) { k.create("iaf_psc_alfa"); }},
    {"create_none", error_kind::BadParameterValue, "n = 0", [](auto& k) { k.create("iaf_psc_alpha", 0); }},
    {"create_negative", error_kind::BadProperty, "n = -1", [](auto& k) { k.create("iaf_psc_alpha", -1); }},
    {"create_too_many", error_kind::KernelException, "1000000000000",
     [](auto& k) { k.create("iaf_psc_alpha", 1000000000000); }},
    {"create_bad_key", error_kind::UnaccessedDictionaryEntry, "did you mean 'tau_m'",
     [](auto& k) {
       k.create("iaf_psc_alpha", 1, {{"tau_M", 1.0}});
     }},
    {"create_bad_value", error_kind::BadProperty, "tau_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 1, {{"tau_m", -1.0}});
     }},
    {"create_bad_type", error_kind::TypeMismatch, "tau_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 1, {{"tau_m", "x"}});
     }},
    {"create_not_a_number", error_kind::BadProperty, "tau_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 1, {{"tau_m", std::nan("")}});
     }},
    {"create_drawn_bad", error_kind::BadProperty, "tau_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 20, {{"tau_m", parameter::make({{operation::uniform, {}, {-1.0, 1.0}}})}});
     }},
    {"create_few_values", error_kind::IndexError, "V_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 3, {{"V_m", std::vector<double>{-60.0, -61.0}}});
     }},
    {"create_many_values", error_kind::ValueError, "V_m",
     [](auto& k) {
       k.create("iaf_psc_alpha", 1, {{"V_m", std::vector<double>{1.0, 2.0}}});
     }},
    {"set_one_dictionary_bad", error_kind::BadProperty, "C_m",
     [](auto& k) {
       const std::vector<value> each{dictionary{{"V_m", -1.0}}, dictionary(), dictionary{{"C_m", -1.0}}};
       k.call(api::set_node_values{ids(1, 3), value(each)});
     }},
    {"set_unknown_node", error_kind::UnknownNode, "Node with id 99 does not exist.",
     [](auto& k) {
       k.set(ids(99, 99), {{"V_m", 1.0}});
     }},
    {"set_threshold_below_reset", error_kind::BadProperty, "V_reset",
     [](auto& k) {
       k.set(ids(1, 3), {{"V_reset", 0.0}});
     }},
    {"set_one_of_many_bad", error_kind::BadProperty, "C_m",
     [](auto& k) {
       k.set(ids(1, 3), {{"V_m", -1.0}, {"C_m", std::vector<double>{1.0, 1.0, -1.0}}});
     }},
    {"set_generator_bad", error_kind::BadProperty, "rate",
     [](auto& k) {
       k.set(ids(4, 4), {{"rate", -5.0}});
     }},
    {"set_off_grid_start", error_kind::BadProperty, "resolution",
     [](auto& k) {
       k.set(ids(4, 4), {{"start", 0.05}});
     }},
    {"set_times_off_grid", error_kind::BadProperty, "Time point 1.05 is not representable in current resolution",
     [](auto& k) {
       k.set(ids(7, 7), {{"spike_times", std::vector<double>{1.05}}});
     }},
    {"set_times_descending", error_kind::BadProperty, "descend",
     [](auto& k) {
       k.set(ids(7, 7), {{"spike_times", std::vector<double>{2.0, 1.0}}});
     }},
    {"set_time_zero", error_kind::BadProperty, "spike time cannot be set to 0",
     [](auto& k) {
       k.set(ids(7, 7), {{"spike_times", std::vector<double>{0.0}}});
     }},
    {"set_backend", error_kind::BadProperty, "record_to",
     [](auto& k) {
       k.set(ids(5, 5), {{"record_to", "tape"}});
     }},
    {"set_label_byte", error_kind::BadProperty, "label",
     [](auto& k) {
       k.set(ids(5, 5), {{"label", std::string("a\0b", 3)}});
     }},
    {"set_n_events", error_kind::BadProperty, "n_events",
     [](auto& k) {
       k.set(ids(5, 5), {{"n_events", 3}});
     }},
    {"set_interval", error_kind::BadProperty, "interval",
     [](auto& k) {
       k.set(ids(6, 6), {{"interval", 0.15}});
     }},
    {"connect_rule", error_kind::BadProperty, "fixed_indegre",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "fixed_indegre"}});
     }},
    {"connect_model", error_kind::UnknownSynapseType, "did you mean 'static_synapse'",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"synapse_model", "static_synaps"}});
     }},
    {"connect_key", error_kind::UnaccessedDictionaryEntry, "weigth",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"weigth", 1.0}});
     }},
    {"connect_delay", error_kind::BadDelay, "Delay must be greater than or equal to resolution",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"delay", 0.0}});
     }},
    {"connect_drawn_delay", error_kind::BadDelay, "elay",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"delay", parameter::make({{operation::normal, {}, {0.0, 1.0}}})}});
     }},
    {"connect_drawn_indegree", error_kind::BadProperty, "the drawn degree",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "fixed_indegree"}, {"indegree", no_number()}});
     }},
    {"connect_too_many_drawn", error_kind::MemoryError, "would bring the network",
     [](auto& k) {
       const auto wild = parameter::make({{operation::normal, {}, {0.0, 1e300}}});
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "fixed_indegree"}, {"indegree", wild}});
     }},
    {"connect_drawn_outdegree", error_kind::BadProperty, "cannot be met: only 2 nodes can be at the other end",
     [](auto& k) {
       const auto degree = parameter::make({{operation::uniform_int, {}, {1000}}});
       k.connect(
           ids(1, 3), ids(1, 3),
           {{"rule", "fixed_outdegree"}, {"outdegree", degree}, {"allow_multapses", false}, {"allow_autapses", false}});
     }},
    {"connect_drawn_probability", error_kind::BadProperty, "a drawn p is not a number",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "pairwise_bernoulli"}, {"p", no_number()}});
     }},
    {"connect_drawn_mean", error_kind::BadProperty, "the drawn mean",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", no_number()}});
     }},
    {"connect_no_probability", error_kind::KernelException, "redraw found no value",
     [](auto& k) {
       const auto never = parameter::make({{operation::uniform, {}, {0.0, 1.0}}, {operation::redraw, {0}, {2.0, 3.0}}});
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "pairwise_bernoulli"}, {"p", never}});
     }},
    {"connect_receptor", error_kind::UnknownReceptorType, "receptor_type = 7",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"receptor_type", 7}});
     }},
    {"connect_to_generator", error_kind::IllegalConnection, "Creation of connection is not possible",
     [](auto& k) { k.connect(ids(1, 1), ids(4, 4)); }},
    {"connect_to_meter", error_kind::IllegalConnection, "Creation of connection is not possible",
     [](auto& k) { k.connect(ids(1, 1), ids(6, 6)); }},
    {"connect_current_to_recorder", error_kind::IllegalConnection, "Creation of connection is not possible",
     [](auto& k) { k.connect(ids(8, 8), ids(5, 5)); }},
    {"connect_device_plastic", error_kind::IllegalConnection, "stdp_synapse",
     [](auto& k) {
       k.connect(ids(4, 4), ids(1, 3), all, {{"synapse_model", "stdp_synapse"}});
     }},
    {"connect_recorder_randomly", error_kind::IllegalConnection, "fixed_indegree",
     [](auto& k) {
       k.connect(ids(1, 3), ids(5, 5), {{"rule", "fixed_indegree"}, {"indegree", 1}});
     }},
    {"connect_collocated", error_kind::BadProperty, "at most 127",
     [](auto& k) {
       k.call(api::connect{ids(1, 3), ids(1, 3), all, std::vector<dictionary>(128)});
     }},
    {"connect_unequal", error_kind::DimensionMismatch, "",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 2), {{"rule", "one_to_one"}});
     }},
    {"connect_common", error_kind::NotImplemented, "SetDefaults",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"synapse_model", "stdp_pl_synapse_hom"}, {"lambda", 0.1}});
     }},
    {"connect_sign", error_kind::BadProperty, "sign",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), all, {{"synapse_model", "stdp_synapse"}, {"weight", -1.0}, {"lambda", 0.1}});
     }},
    {"connect_sign_of_a_drawn_weight", error_kind::BadProperty, "sign",
     [](auto& k) {
       const auto negative = parameter::make({{operation::uniform, {}, {-2.0, -1.0}}});
       k.connect(ids(1, 3), ids(1, 3), all, {{"synapse_model", "stdp_synapse"}, {"weight", negative}, {"lambda", 0.1}});
     }},
    {"connect_nothing", error_kind::BadProperty, "CollocatedSynapses",
     [](auto& k) {
       k.call(api::connect{ids(1, 3), ids(1, 3), all, {}});
     }},
    {"connect_array_rank", error_kind::TypeError, "weight",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "one_to_one"}}, {{"weight", matrix{1, 3, {1.0, 2.0, 3.0}}}});
     }},
    {"set_connection_few_values", error_kind::IndexError, "weight",
     [](auto& k) {
       k.call(api::set_connection_values{k.connections(), value(dictionary{{"weight", std::vector<double>{1.0}}})});
     }},
    {"connect_array_shape", error_kind::ValueError, "weight",
     [](auto& k) {
       k.connect(ids(1, 3), ids(1, 3), {{"rule", "one_to_one"}}, {{"weight", std::vector<double>{1.0, 2.0}}});
     }},
    {"connect_symmetric_drawn_weight", error_kind::NotImplemented, "'weight'",
     [](auto& k) {
       k.connect(ids(1, 1), ids(2, 2), symmetric, {{"weight", drawn()}});
     }},
    {"connect_symmetric_drawn_delay", error_kind::NotImplemented, "'delay'",
     [](auto& k) {
       k.connect(ids(1, 1), ids(2, 2), symmetric, {{"delay", drawn()}});
     }},
    {"connect_symmetric_drawn_parameter", error_kind::NotImplemented, "'alpha'",
     [](auto& k) {
       k.connect(ids(1, 1), ids(2, 2), symmetric, {{"synapse_model", "stdp_synapse"}, {"alpha", drawn()}});
     }},
    {"meter_unknown", error_kind::IllegalConnection, "g_ex",
     [](auto& k) {
       const auto m = std::get<node_set>(
           k.call(api::create_nodes{"multimeter", 1, dictionary{{"record_from", std::vector<std::string>{"g_ex"}}}}));
       try {
         k.connect(m, ids(1, 3));
       } catch (...) {
         k.call(api::get_kernel_status{{}});
         throw;
       }
     }},
    {"defaults_unknown", error_kind::UnknownComponent, "iaf", [](auto& k) { k.call(api::get_defaults{"iaf"}); }},
    {"set_defaults_key", error_kind::UnaccessedDictionaryEntry, "xyz",
     [](auto& k) {
       k.call(api::set_defaults{"iaf_psc_alpha", {{"xyz", 1.0}}});
     }},
    {"set_defaults_list", error_kind::ValueError, "tau_m",
     [](auto& k) {
       k.call(api::set_defaults{"iaf_psc_alpha", {{"tau_m", std::vector<double>{1.0}}}});
     }},
    {"set_defaults_unknown_list", error_kind::KeyErrorBuiltin, "xyz",
     [](auto& k) {
       k.call(api::set_defaults{"poisson_generator", {{"xyz", std::vector<double>{1.0}}}});
     }},
    {"set_defaults_known_list", error_kind::UnaccessedDictionaryEntry, "cannot be set",
     [](auto& k) {
       k.call(api::set_defaults{"iaf_psc_alpha", {{"recordables", std::vector<std::string>{"V_m"}}}});
     }},
    {"copy_list", error_kind::TypeMismatch, "weight",
     [](auto& k) {
       k.call(api::copy_model{"static_synapse", "x", {{"weight", std::vector<double>{1.0}}}});
     }},
    {"set_defaults_synapse", error_kind::BadDelay, "delay",
     [](auto& k) {
       k.call(api::set_defaults{"static_synapse", {{"delay", -1.0}}});
     }},
    {"copy_taken", error_kind::NewModelNameExists, "static_synapse",
     [](auto& k) {
       k.call(api::copy_model{"iaf_psc_alpha", "static_synapse", {}});
     }},
    {"copy_unknown", error_kind::UnknownModelName, "not a known model name",
     [](auto& k) {
       k.call(api::copy_model{"nothing", "x", {}});
     }},
    {"status_unknown", error_kind::ValueError, "rng_seed",
     [](auto& k) {
       k.set_status({{"rng_sed", 1}});
     }},
    {"status_seed", error_kind::BadProperty, "rng_seed",
     [](auto& k) {
       k.set_status({{"rng_seed", 0}});
     }},
    {"status_type", error_kind::TypeMismatch, "overwrite_files",
     [](auto& k) {
       k.set_status({{"overwrite_files", 1}});
     }},
    {"status_late_resolution", error_kind::KernelException, "nodes exist",
     [](auto& k) {
       k.set_status({{"resolution", 0.2}});
     }},
    {"status_late_vps", error_kind::KernelException, "nodes exist",
     [](auto& k) {
       k.set_status({{"total_num_virtual_procs", 5}});
     }},
    {"status_single_delay", error_kind::BadProperty, "Both",
     [](auto& k) {
       k.set_status({{"min_delay", 0.5}});
     }},
    {"run_unprepared", error_kind::KernelException, "Prepare", [](auto& k) { k.call(api::run{1.0}); }},
    {"cleanup_unprepared", error_kind::KernelException, "Prepare", [](auto& k) { k.call(api::cleanup{}); }},
    {"simulate_negative", error_kind::BadParameter, "-1", [](auto& k) { k.simulate(-1); }},
    {"simulate_infinite", error_kind::BadParameter, "finite", [](auto& k) { k.simulate(HUGE_VAL); }},
    {"simulate_off_grid", error_kind::BadParameter, "resolution", [](auto& k) { k.simulate(0.05); }},
    {"stale_nodes", error_kind::KernelException, "InvalidNodeCollection",
     [](auto& k) {
       k.set({77, {{1, 1, 1}}}, {{"V_m", 0.0}});
     }},
    {"missing_connection", error_kind::InexistentConnection, "does not exist",
     [](auto& k) {
       k.call(api::get_connection_values{{0, {1}, {3}, {0}, {5}}, {}});
     }},
    {"disconnect_device", error_kind::InexistentConnection, "devices",
     [](auto& k) {
       k.call(api::disconnect{ids(4, 4), ids(1, 1), {{"rule", "one_to_one"}}, {}});
     }},
};

class wrong_call : public testing::TestWithParam<misuse> {};

INSTANTIATE_TEST_SUITE_P(contract, wrong_call, testing::ValuesIn(cases),
                         [](const auto& info) { return info.param.name; });

/// All that users can see of the kernel, without what changes by itself or by the nodes a case makes.
dictionary visible(solo_kernel& k) {
  const auto all = std::get<value>(k.call(api::get_kernel_status{}));
  dictionary status;
  for (const auto& [key, v] : *all.get_if<dictionary>())
    if (!key.starts_with("time_") && !key.starts_with("memory_") && key != "network_size") status[key] = v;
  status["nodes"] = std::get<value>(k.call(api::get_node_values{ids(1, 8), {}}));
  const auto c = k.connections();
  status["connections"] = std::get<value>(k.call(api::get_connection_values{c, {}}));
  return status;
}

TEST_P(wrong_call, gives_its_exception_and_changes_nothing) {
  std::string told;
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    k.create("iaf_psc_alpha", 3);
    k.create("poisson_generator");
    k.create("spike_recorder");
    k.create("multimeter");
    k.create("spike_generator");
    k.create("dc_generator");
    k.connect(ids(1, 2), ids(2, 3), {{"rule", "one_to_one"}}, {{"synapse_model", "stdp_synapse"}, {"delay", 1.0}});
    k.connect(ids(4, 4), ids(1, 3));
    const auto before = visible(k);
    try {
      GetParam().call(k);
      ADD_FAILURE() << "the call was accepted";
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(GetParam().kind)) << e.what();
      EXPECT_NE(std::string(e.what()).find(GetParam().fragment), std::string::npos) << e.what();
      if (vps == 1) told = e.what();
      if (e.kind() != error_kind::MemoryError) {
        EXPECT_EQ(e.what(), told) << "on another layout";
      }
    }
    const auto after = visible(k);
    for (const auto& [key, v] : before) EXPECT_TRUE(after.contains(key) && *after.find(key) == v) << key;
    k.simulate(5.0);
  }
}

/// What the next call that draws gets.
value next_draw(solo_kernel& k) {
  return k.get(k.create("iaf_psc_alpha", 4, {{"V_m", parameter::make({{operation::uniform, {}, {-70.0, -60.0}}})}}),
               "V_m");
}

TEST(misuse, a_refused_call_takes_no_draws) {
  solo_kernel plain, refused;
  const auto bad = parameter::make({{operation::uniform, {}, {-2.0, -1.0}}});
  for (auto* k : {&plain, &refused}) k->create("iaf_psc_alpha", 2);
  EXPECT_THROW(refused.set(ids(1, 2), {{"tau_m", bad}}), api_error);
  EXPECT_THROW(refused.create("iaf_psc_alpha", 2, {{"tau_m", bad}}), api_error);
  EXPECT_THROW(refused.connect(ids(1, 2), ids(1, 2), all, {{"delay", bad}}), api_error);
  EXPECT_THROW(refused.call(api::evaluate{bad, ids(1, 9)}), api_error);
  EXPECT_EQ(next_draw(plain), next_draw(refused));
}

}  // namespace
}  // namespace volley::runtime
