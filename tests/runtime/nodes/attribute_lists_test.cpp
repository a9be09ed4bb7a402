#include "runtime/nodes/attributes.hpp"

#include <gtest/gtest.h>

#include "models/catalog.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::runtime::tests {
namespace {

using numbers = std::vector<double>;

attributes three_nodes(const char* model = "iaf_psc_exp_multisynapse") {
  return attributes(attributes(neuron(model)), {5, 3, 3});
}
const std::vector<std::uint32_t> all{0, 1, 2}, second{1};

TEST(attribute_lists, one_list_is_that_of_all_nodes) {
  auto a = three_nodes();
  a.set({{"tau_syn", numbers{3, 4}}});
  for (const auto cell : all) EXPECT_EQ(a.get("tau_syn", cell), value(numbers{3, 4}));
  EXPECT_EQ(a.get("n_synapses", 2), value(2));
}

TEST(attribute_lists, a_list_of_lists_has_one_for_each_node) {
  auto a = three_nodes();
  a.set({{"tau_syn", std::vector<value>{numbers{1}, numbers{2, 3, 4}, {}}}});
  EXPECT_EQ(a.get("tau_syn", 0), value(numbers{1}));
  EXPECT_EQ(a.get("tau_syn", 1), value(numbers{2, 3, 4}));
  EXPECT_EQ(a.get("tau_syn", 2), value(numbers{2}));  // as it was
}

TEST(attribute_lists, a_cell_has_the_receptors_and_recordables_of_its_list) {
  auto a = three_nodes();
  a.set({{"tau_syn", numbers{1, 2, 3}}}, second);
  EXPECT_EQ(a.channels(0).size(), 2u);  // with the one for currents
  EXPECT_EQ(a.channels(1).size(), 4u);
  EXPECT_EQ(a.channels(1).back().receptor, 3);
  EXPECT_EQ(a.recordables(0), (std::vector<std::string>{"I_syn", "I_syn_1", "V_m"}));
  EXPECT_EQ(a.recordables(1), (std::vector<std::string>{"I_syn", "I_syn_1", "I_syn_2", "I_syn_3", "V_m"}));
}

TEST(attribute_lists, other_values_stay_when_lists_grow_and_shrink) {
  auto a = three_nodes();
  a.set({{"V_m", numbers{-60, -61, -62}}});
  a.set({{"tau_syn", numbers{1, 2, 3}}}, second);
  a.set({{"tau_syn", numbers{1}}}, second);
  EXPECT_EQ(a.get("V_m", 1), value(-61.0));
  EXPECT_EQ(a.get("tau_syn", 1), value(numbers{1}));
}

TEST(attribute_lists, a_refused_list_changes_nothing) {
  auto a = three_nodes("aeif_cond_beta_multisynapse");
  const auto before = a.image();
  const auto refuse = [&](const dictionary& values) {
    EXPECT_THROW(a.set(values), api_error);
    EXPECT_EQ(a.image(), before);
  };
  refuse({{"tau_rise", numbers{1, 2}}});  // the others have one entry
  refuse({{"E_rev", numbers{0, 0}}, {"tau_rise", numbers{1, 2}}, {"tau_decay", numbers{1, -2}}});
  refuse({{"E_rev", numbers{0, 0}}, {"tau_rise", numbers{1, 2}}, {"tau_decay", numbers{1}}});
  refuse({{"E_rev", 1.0}});
  refuse({{"E_rev", "none"}});
  refuse({{"g", numbers{1}}});
  refuse({{"E_rev", std::vector<value>{numbers{0}}}});  // one list for three nodes
  refuse({{"E_rev", numbers(40000)}, {"tau_rise", numbers(40000, 1.0)}, {"tau_decay", numbers(40000, 1.0)}});
}

TEST(attribute_lists, receptors_with_connections_stay) {
  auto a = three_nodes();
  a.set({{"tau_syn", numbers{1, 2}}});
  EXPECT_TRUE(a.note_connections(1, true));
  EXPECT_FALSE(a.note_connections(1, true)) << "known";
  EXPECT_EQ(a.get("has_connections", 0), value(false));
  EXPECT_EQ(a.get("has_connections", 1), value(true));
  EXPECT_THROW(a.set({{"tau_syn", numbers{1}}}, second), api_error);
  EXPECT_NO_THROW(a.set({{"tau_syn", numbers{1, 2, 3}}}, second));
  EXPECT_TRUE(a.note_connections(1, false));
  EXPECT_NO_THROW(a.set({{"tau_syn", numbers{1}}}, second));
  EXPECT_FALSE(three_nodes("iaf_psc_exp").note_connections(1, true));
}

TEST(attribute_lists, room_is_made_for_what_is_to_come) {
  const auto a = three_nodes();
  const auto roomy = a.with_room_for({{"tau_syn", std::vector<value>{numbers{1}, numbers{2, 3, 4}, {}}}});
  EXPECT_EQ(roomy.model().shape[0], 3u);
  EXPECT_EQ(roomy.get("tau_syn", 1), a.get("tau_syn", 1)) << "nothing is set yet";
  EXPECT_EQ(a.with_room_for({{"V_m", -60.0}}).image(), a.image());
  EXPECT_THROW(a.with_room_for({{"tau_syn", numbers(40000, 1.0)}}), api_error);
}

TEST(attribute_lists, models_of_a_module_keep_their_loops) {
  auto own = neuron("iaf_psc_exp_multisynapse");
  const int loops = 0;
  own.own_loops = &loops;
  attributes a(own);
  a.set({{"tau_syn", numbers{1, 2, 3}}});
  EXPECT_EQ(a.model().own_loops, &loops);
  EXPECT_EQ(a.model().loop, own.loop);
}

TEST(attribute_lists, an_image_brings_the_lists_with_it) {
  auto a = three_nodes(), b = three_nodes();
  a.set({{"tau_syn", numbers{1, 2}}}, second);
  b.restore(a.image());
  EXPECT_EQ(b.image(), a.image());
  EXPECT_EQ(b.get("tau_syn", 1), value(numbers{1, 2}));
  snapshot_writer writer;
  writer(a);
  const auto bytes = writer.take();
  snapshot_reader reader(bytes);
  auto c = three_nodes();
  reader(c);
  EXPECT_EQ(c.image(), a.image());
}

TEST(attribute_lists, an_image_of_another_model_changes_nothing) {
  auto a = three_nodes();
  a.set({{"tau_syn", numbers{1, 2}}}, second);
  const auto before = a.image();
  EXPECT_THROW(a.restore(three_nodes("iaf_psc_exp").image()), std::invalid_argument);
  EXPECT_EQ(a.image(), before);
  EXPECT_EQ(a.get("tau_syn", 1), value(numbers{1, 2}));
}

/// Spikes on the first receptor of cell 0, whose neighbour has so many receptors.
double potential_beside(std::size_t receptors) {
  driven_population p(neuron("iaf_psc_exp_multisynapse"), 2,
                      {{"tau_syn", std::vector<value>{numbers{2}, numbers(receptors, 3.0)}}});
  p.input(1, 0, 0, 500.0);
  p.run(30, 7);
  return p.value_of("V_m", 0);
}

TEST(attribute_lists, entries_of_a_neighbour_do_not_matter) { EXPECT_EQ(potential_beside(1), potential_beside(9)); }

}  // namespace
}  // namespace volley::runtime::tests
