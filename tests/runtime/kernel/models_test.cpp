// GetDefaults, SetDefaults and CopyModel.
#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct models_of_a_kernel : testing::Test {
  solo_kernel k{2};

  dictionary defaults(const std::string& model) {
    return *std::get<value>(k.call(api::get_defaults{model})).get_if<dictionary>();
  }
  void set(const std::string& model, dictionary values) { k.call(api::set_defaults{model, std::move(values)}); }
  void copy(const std::string& from, const std::string& to, dictionary values = {}) {
    k.call(api::copy_model{from, to, std::move(values)});
  }
  template <class Call> std::string refused(error_kind kind, Call&& call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return "";
  }
};

TEST_F(models_of_a_kernel, tell_what_they_are) {
  EXPECT_EQ(*defaults("iaf_psc_alpha").find("element_type"), value("neuron"));
  EXPECT_EQ(*defaults("iaf_psc_alpha").find("C_m"), value(250.0));
  EXPECT_EQ(*defaults("dc_generator").find("element_type"), value("stimulator"));
  EXPECT_EQ(*defaults("spike_recorder").find("n_events"), value(0));
  for (const auto* backend : {"ascii", "memory", "screen", "sonata"}) {
    EXPECT_EQ(defaults(backend), (dictionary{{"element_type", "recording_backend"}}));
    k.call(api::set_defaults{backend, {}});
    EXPECT_THROW(k.call(api::set_defaults{backend, {{"precision", 3}}}), api_error);
  }
  const auto before = defaults("static_synapse");
  EXPECT_EQ(*before.find("num_connections"), value(0));
  const auto neurons = k.create("iaf_psc_alpha", 3);
  k.connect(neurons, neurons);
  EXPECT_EQ(*defaults("static_synapse").find("num_connections"), value(9));
  EXPECT_EQ(*defaults("iaf_psc_alpha").find("instantiations"), value(std::vector<std::int64_t>{3}));
  refused(error_kind::UnknownComponent, [&] { defaults("nonsense"); });
}

TEST_F(models_of_a_kernel, give_later_nodes_their_defaults) {
  const auto before = k.create("iaf_psc_alpha");
  set("iaf_psc_alpha", {{"C_m", 99.0}});
  EXPECT_EQ(k.get(k.create("iaf_psc_alpha"), "C_m"), value(std::vector<double>{99}));
  EXPECT_EQ(k.get(before, "C_m"), value(std::vector<double>{250}));
  set("dc_generator", {{"amplitude", 7.0}});
  EXPECT_EQ(k.get(k.create("dc_generator"), "amplitude"), value(std::vector<double>{7}));
}

TEST_F(models_of_a_kernel, refuse_what_cannot_be_set_and_change_nothing) {
  const auto before = defaults("iaf_psc_alpha");
  refused(error_kind::BadProperty, [&] { set("iaf_psc_alpha", {{"V_m", -60.0}, {"C_m", -1.0}}); });
  refused(error_kind::UnaccessedDictionaryEntry, [&] { set("iaf_psc_alpha", {{"V_m", -60.0}, {"C_n", 1.0}}); });
  refused(error_kind::UnaccessedDictionaryEntry, [&] { set("iaf_psc_alpha", {{"element_type", "x"}}); });
  refused(error_kind::UnknownComponent, [&] { set("nonsense", {{"C_m", 1.0}}); });
  refused(error_kind::BadProperty, [&] { set("spike_recorder", {{"n_events", 3}}); });
  EXPECT_EQ(defaults("iaf_psc_alpha"), before);
}

TEST_F(models_of_a_kernel, are_copied_with_values_of_their_own) {
  copy("iaf_psc_alpha", "mine", {{"C_m", 99.0}});
  EXPECT_EQ(*defaults("mine").find("C_m"), value(99.0));
  EXPECT_EQ(*defaults("iaf_psc_alpha").find("C_m"), value(250.0));
  EXPECT_EQ(k.get(k.create("mine"), "C_m"), value(std::vector<double>{99}));
  copy("static_synapse", "heavy", {{"weight", 7.0}});
  const auto nodes = k.create("mine", 2);
  k.connect(nodes, nodes, {{"rule", "one_to_one"}}, {{"synapse_model", "heavy"}});
  EXPECT_EQ(k.weights(k.connections()), (std::vector<double>{7, 7}));
}

TEST_F(models_of_a_kernel, have_names_of_their_own) {
  copy("iaf_psc_alpha", "mine");
  for (const char* taken : {"mine", "iaf_psc_exp", "static_synapse"})
    refused(error_kind::NewModelNameExists, [&] { copy("iaf_psc_alpha", taken); });
  refused(error_kind::BadProperty, [&] { copy("iaf_psc_alpha", ""); });
  refused(error_kind::BadProperty, [&] { copy("iaf_psc_alpha", std::string(129, 'x')); });
  refused(error_kind::UnknownModelName, [&] { copy("nonsense", "other"); });
}

TEST_F(models_of_a_kernel, weights_are_recorded_by_a_weight_recorder) {
  const auto recorder = k.create("weight_recorder"), neuron = k.create("iaf_psc_alpha");
  set("static_synapse", {{"weight_recorder", recorder}});
  EXPECT_EQ(*defaults("static_synapse").find("weight_recorder"), value(recorder));
  refused(error_kind::BadProperty, [&] { set("static_synapse", {{"weight_recorder", neuron}}); });
  auto of_another_network = recorder;
  ++of_another_network.generation;
  refused(error_kind::KernelException, [&] { set("static_synapse", {{"weight_recorder", of_another_network}}); });
}

}  // namespace
}  // namespace volley::runtime
