// What the kernel itself tells of a network, and makes again.
#include "runtime/kernel/network_image.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime::tests {
namespace {

std::string refusal(const std::vector<std::byte>& image, const network& here) {
  try {
    network_of(image, here);
  } catch (const api_error& e) {
    return e.what();
  } catch (const std::invalid_argument&) {
    return "no image";
  }
  return "";
}

TEST(network_image, makes_the_same_network) {
  small_network a, b;
  a.net.models.copy_node(a.model("iaf_psc_alpha"), "mine");
  std::get<attributes>(a.net.models.node(a.model("mine")).defaults).set({{"tau_m", 13.0}});
  a.net.models.copy_synapse(a.synapse("stdp_synapse"), "learns");
  a.net.models.synapse(a.synapse("learns")).weight = 7;
  a.net.calls = 5;
  a.net.now = a.net.clocked = 77;
  a.net.has_run = true;
  a.net.state = run_state::prepared;
  a.net.size.add(planned_nodes{100, 1, 2, 3, 4, true});
  a.net.creation[store_ordinal(2)].add({{1, {{1, 4, 1}}}, {1, {{1, 4, 1}}}}, 3);
  const auto image = image_of(a.net);
  const auto made = network_of(image, b.net);
  EXPECT_EQ(image_of(*made), image);
  EXPECT_EQ(made->models.node(made->models.find_node("mine").value()).neuron()->get("tau_m"), value(13.0));
  EXPECT_EQ(made->models.synapse(made->models.find_synapse("learns").value()).weight, 7);
  EXPECT_EQ(made->generation, b.net.generation + 1);
}

TEST(network_image, is_put_where_it_comes_to) {
  small_network a, b;
  a.net.settings.overwrite_files = true;
  b.net.settings.total_num_virtual_procs = 5;
  b.net.settings.data_path = "elsewhere";
  const auto made = network_of(image_of(a.net), b.net);
  EXPECT_EQ(made->n_vps(), 5u);
  EXPECT_EQ(made->settings.data_path, "elsewhere");
  EXPECT_FALSE(made->settings.overwrite_files);
}

TEST(network_image, of_other_models_is_refused_with_the_first_that_is_missing) {
  small_network a, b;
  a.net.modules = {"mine"};
  EXPECT_NE(refusal(image_of(a.net), b.net).find("the module 'mine'; Install it first"), std::string::npos);
  a.net.modules = {"x", "y"};
  b.net.modules = {"y", "x"};
  EXPECT_NE(refusal(image_of(a.net), b.net).find("in another order"), std::string::npos);
  a.net.modules = b.net.modules = {};
  auto fewer = *b.net.catalog;
  const auto gone = std::string(fewer.neurons.back().name);
  fewer.neurons.pop_back();
  b.net.catalog = std::make_shared<const model_catalog>(fewer);
  EXPECT_NE(refusal(image_of(a.net), b.net).find("no model '" + gone + "'"), std::string::npos);
  auto turned = *a.net.catalog;
  std::swap(turned.neurons.front(), turned.neurons.back());
  b.net.catalog = std::make_shared<const model_catalog>(turned);
  EXPECT_NE(refusal(image_of(a.net), b.net).find("a build with other models"), std::string::npos);
}

TEST(network_image, of_structural_plasticity_is_refused_on_several_virtual_processes) {
  small_network a, b;
  a.net.settings.total_num_virtual_procs = 1;
  a.net.settings.structural_plasticity = true;
  EXPECT_NE(refusal(image_of(a.net), b.net).find("several threads"), std::string::npos);
  b.net.settings.structural_plasticity_threads = true;
  EXPECT_EQ(refusal(image_of(a.net), b.net), "");
}

TEST(network_image, that_is_damaged_is_refused_or_read_but_never_read_beyond) {
  small_network a, b;
  const auto image = image_of(a.net);
  for (std::size_t n = 0; n < image.size(); n += 1 + image.size() / 300)
    EXPECT_NE(refusal({image.begin(), image.begin() + static_cast<std::ptrdiff_t>(n)}, b.net), "") << n;
  for (std::size_t i = 0; i < image.size(); i += 1 + image.size() / 300) {
    auto changed = image;
    changed[i] ^= std::byte{0x81};
    refusal(changed, b.net);
  }
}

TEST(network_image, tells_people_what_there_is) {
  small_network a;
  const std::vector<std::uint64_t> connections{0, 9};
  const auto told = summary_of(a.net, connections);
  EXPECT_EQ(*told.find("network_size"), value(8));
  EXPECT_EQ(*told.find("num_connections"), value(9));
  EXPECT_EQ(*told.find("connections"), value(dictionary{{a.net.models.synapse(store_ordinal(1)).name, 9}}));
  EXPECT_EQ(told.find("nodes")->get_if<dictionary>()->size(), 5u);
}

TEST(network_image, has_the_blocks_of_neurons) {
  small_network a;
  const auto blocks = neurons_of(a.net);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].last, 4u);
  EXPECT_EQ(a.net.catalog->neurons[blocks[0].model].name, "iaf_psc_alpha");
}

}  // namespace
}  // namespace volley::runtime::tests
