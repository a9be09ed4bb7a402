// Create and set: values from one dictionary, lists, or one dictionary a node.
#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;

value list(std::initializer_list<value> entries) { return std::vector<value>(entries); }

const value uniform = parameter::make({{operation::uniform, {}, {1.0, 2.0}}});

template <class Call> error_kind kind_of(Call&& call) {
  try {
    call();
  } catch (const api_error& refusal) {
    return refusal.kind();
  }
  ADD_FAILURE() << "accepted";
  return error_kind::InternalError;
}

class nodes_of_a_kernel : public testing::TestWithParam<std::int64_t> {
 protected:
  solo_kernel k{GetParam()};
  node_set make(const std::string& model, std::int64_t n, value parameters) {
    return std::get<node_set>(k.call(api::create_nodes{model, n, std::move(parameters)}));
  }
};

INSTANTIATE_TEST_SUITE_P(on, nodes_of_a_kernel, testing::Values(1, 2, 3, 7),
                         [](const auto& info) { return "vps_" + std::to_string(info.param); });

TEST_P(nodes_of_a_kernel, take_what_their_dictionary_names) {
  const auto nodes =
      make("iaf_psc_alpha", 4,
           list({dictionary{{"V_m", -60.0}}, dictionary{{"tau_m", 5.0}, {"V_m", -50}}, dictionary(), dictionary()}));
  EXPECT_EQ(k.get(nodes, "V_m"), value(reals{-60, -50, -70, -70}));
  EXPECT_EQ(k.get(nodes, "tau_m"), value(reals{10, 5, 10, 10}));
  k.call(api::set_node_values{
      nodes, list({dictionary(), dictionary{{"E_L", -65.0}}, dictionary{{"V_th", -40.0}}, dictionary()})});
  EXPECT_EQ(k.get(nodes, "E_L"), value(reals{-70, -65, -70, -70}));
  EXPECT_EQ(k.get(nodes, "V_th"), value(reals{-55, -55, -40, -55})) << "stored relative to E_L, but it was not named";
  EXPECT_EQ(k.get(nodes, "V_m"), value(reals{-60, -50, -70, -70}));
}

TEST_P(nodes_of_a_kernel, of_several_kinds_have_dictionaries_of_their_own) {
  const auto generators = make("spike_generator", 2, dictionary{{"spike_times", reals{1, 2}}}),
             neurons = make("iaf_psc_alpha", 2, {});
  const node_set both{generators.generation, {{1, 4, 1}}};
  k.call(api::set_node_values{both, list({dictionary{{"spike_times", reals{5}}}, dictionary{{"stop", 9.0}},
                                          dictionary{{"C_m", 99.0}}, dictionary()})});
  EXPECT_EQ(k.get(generators, "spike_times"), list({reals{5}, reals{1, 2}}));
  EXPECT_EQ(k.get(neurons, "C_m"), value(reals{99, 250}));
  const auto wrong = [&] {
    k.call(api::set_node_values{both, list({dictionary(), dictionary(), dictionary{{"stop", 1.0}}, dictionary()})});
  };
  EXPECT_EQ(kind_of(wrong), error_kind::UnaccessedDictionaryEntry);
}

TEST_P(nodes_of_a_kernel, draw_in_lists_as_they_do_alone) {
  const auto drawn = [](const value& parameters) {  // by nodes of a fresh kernel, since the node owns the draw
    solo_kernel fresh(GetParam());
    const auto nodes = std::get<node_set>(fresh.call(api::create_nodes{"iaf_psc_alpha", 3, parameters}));
    return *fresh.get(nodes, "V_m").get_if<reals>();
  };
  const auto for_all = drawn(dictionary{{"V_m", uniform}});
  EXPECT_EQ(drawn(dictionary{{"V_m", list({uniform, uniform, uniform})}}), for_all);
  EXPECT_EQ(drawn(list({dictionary{{"V_m", uniform}}, dictionary(), dictionary{{"V_m", 7}}})),
            (reals{for_all[0], -70, 7}));
  const auto rates = k.get(make("poisson_generator", 2, dictionary{{"rate", list({uniform, 3})}}), "rate");
  EXPECT_LT((*rates.get_if<reals>())[0], 2);
  EXPECT_EQ((*rates.get_if<reals>())[1], 3);
  EXPECT_EQ(kind_of([&] {
              make("spike_generator", 2, dictionary{{"spike_times", uniform}});
            }),
            error_kind::TypeMismatch);
}

TEST_P(nodes_of_a_kernel, are_found_by_properties_that_others_lack) {
  const auto neurons = make("iaf_psc_alpha", 2, {}),
             generators = make("poisson_generator", 2, dictionary{{"rate", list({1.0, 2.0})}});
  const auto found = [&](dictionary properties) {
    return std::get<node_set>(k.call(api::match_nodes{std::move(properties)})).ranges;
  };
  EXPECT_EQ(found({{"rate", 2.0}}), (std::vector<node_range>{{4, 4, 1}}));
  EXPECT_EQ(found({{"C_m", 250.0}}), neurons.ranges);
  EXPECT_TRUE(found({{"nothing", 1.0}}).empty());
  EXPECT_EQ(found({}), (std::vector<node_range>{{1, 4, 1}}));
}

TEST(refused_values, leave_the_draws_of_later_calls_alone) {
  reals values[2];
  for (const bool refused : {false, true}) {
    solo_kernel k;
    const auto generator = k.create("poisson_generator");
    if (refused) {
      EXPECT_EQ(kind_of([&] { k.set(generator, {{"rate", -1.0}}); }), error_kind::BadProperty);
    }
    values[refused] = *k.get(k.create("iaf_psc_alpha", 3, {{"V_m", uniform}}), "V_m").get_if<reals>();
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(created_nodes, are_as_many_as_are_asked_for) {
  solo_kernel k(2);
  EXPECT_EQ(k.create("iaf_psc_alpha", 3).ranges, (std::vector<node_range>{{1, 3, 1}}));
  EXPECT_EQ(k.create("poisson_generator", 2).ranges, (std::vector<node_range>{{4, 5, 1}}));
  EXPECT_EQ(kind_of([&] { k.create("nonsense"); }), error_kind::UnknownModelName);
  EXPECT_EQ(kind_of([&] { k.create("iaf_psc_alpha", 0); }), error_kind::BadParameterValue);
  EXPECT_EQ(kind_of([&] { k.create("iaf_psc_alpha", -1); }), error_kind::BadProperty);
  EXPECT_EQ(k.status("network_size"), value(5));
}

}  // namespace
}  // namespace volley::runtime
