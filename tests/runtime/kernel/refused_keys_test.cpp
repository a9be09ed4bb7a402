// What a refused key is told: whose it is, and never that it be spelled as it was.
#include <gtest/gtest.h>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

class refused_keys : public testing::Test {
 protected:
  solo_kernel k;
  const dictionary all{{"rule", "all_to_all"}};

  api::connection_columns connected(const std::string& synapse) {
    const auto n = k.create("iaf_psc_alpha", 2);
    k.connect(n, n, all, {{"synapse_model", synapse}});
    return k.connections({n, n, "", {}});
  }
  template <class Call> std::string text(error_kind kind, Call call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return "";
  }
  std::string set(const api::connection_columns& c, const std::string& key) {
    return text(error_kind::UnaccessedDictionaryEntry, [&] {
      k.call(api::set_connection_values{c, dictionary{{key, 1.0}}});
    });
  }
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(refused_keys, a_common_property_is_not_set_for_one_connection) {
  for (const auto& [synapse, key] : {std::pair{"static_synapse_hom_w", "weight"}, {"stdp_pl_synapse_hom", "lambda"}}) {
    const auto message = set(connected(synapse), key);
    EXPECT_TRUE(says(message, "belongs to all synapses of the model; set it with SetDefaults")) << message;
    EXPECT_FALSE(says(message, "did you mean")) << message;
  }
}

TEST_F(refused_keys, what_is_told_of_a_connection_is_not_unknown) {
  const auto c = connected("stdp_synapse");
  for (const char* key : {"source", "target", "port", "receptor", "synapse_model"})
    EXPECT_TRUE(says(set(c, key), "is told, it cannot be set")) << set(c, key);
  EXPECT_TRUE(says(set(c, "Wmx"), "no property of these connections; did you mean 'Wmax'?")) << set(c, "Wmx");
}

TEST_F(refused_keys, a_key_of_connections_is_not_asked_of_nodes) {
  const auto c = connected("static_synapse");
  const auto of_connections = text(error_kind::KeyErrorBuiltin, [&] {
    k.call(api::get_connection_values{c, {"rate"}});
  });
  EXPECT_TRUE(says(of_connections, "no key of these connections")) << of_connections;
  const auto of_nodes = text(error_kind::KeyErrorBuiltin, [&] { k.get(k.create("parrot_neuron"), "rate"); });
  EXPECT_TRUE(says(of_nodes, "no key of these nodes")) << of_nodes;
}

TEST_F(refused_keys, what_describes_a_model_or_node_is_not_unknown) {
  const auto told = [&](auto call) {
    const auto message = text(error_kind::UnaccessedDictionaryEntry, call);
    EXPECT_TRUE(says(message, "is told, it cannot be set")) << message;
    EXPECT_FALSE(says(message, "did you mean")) << message;
  };
  for (const char* model : {"parrot_neuron", "poisson_generator", "spike_recorder"}) {
    const auto n = k.create(model);
    for (const char* key : {"global_id", "model", "vp", "thread"}) {
      told([&] { k.set(n, {{key, 1}}); });
      told([&] { k.create(model, 1, {{key, 1}}); });
      told([&] { k.call(api::set_defaults{model, {{key, 1}}}); });
    }
  }
  told([&] { k.set(k.create("spike_recorder"), {{"events", dictionary{}}}); });
  for (const char* key : {"synapse_model", "synapse_modelid", "has_delay", "num_connections", "type_id"}) {
    told([&] { k.call(api::set_defaults{"stdp_synapse", {{key, 1}}}); });
    if (std::string(key) == "synapse_model") continue;
    told([&] { k.connect(k.create("parrot_neuron"), k.create("parrot_neuron"), all, {{key, 1}}); });
  }
}

/// Every key that users can read, set where they cannot set it: no answer suggests the key itself.
TEST_F(refused_keys, no_message_suggests_the_word_it_refuses) {
  const auto check = [&](const std::string& key, auto call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_FALSE(says(e.what(), "did you mean '" + key + "'?")) << e.what();
    }
  };
  const auto keys_of = [&](const api::request& r) {
    const auto values = std::get<value>(k.call(r));
    std::vector<std::string> keys;
    for (const auto& [key, v] : *values.get_if<dictionary>()) keys.push_back(key);
    return keys;
  };
  for (const char* synapse : {"static_synapse", "static_synapse_hom_w", "stdp_synapse", "stdp_pl_synapse_hom"}) {
    const auto c = connected(synapse);
    for (const auto& key : keys_of(api::get_connection_values{c, {}}))
      check(key, [&] { k.call(api::set_connection_values{c, dictionary{{key, 1.0}}}); });
    for (const auto& key : keys_of(api::get_defaults{synapse}))
      check(key, [&] { k.call(api::set_defaults{synapse, {{key, 1.0}}}); });
  }
  for (const auto& kind : device_kinds()) {
    const std::string model(kind.name);
    const auto n = k.create(model);
    for (const auto& key : keys_of(api::get_node_values{n, {}})) check(key, [&] { k.set(n, {{key, 1.0}}); });
    for (const auto& key : keys_of(api::get_defaults{model}))
      check(key, [&] { k.call(api::set_defaults{model, {{key, 1.0}}}); });
  }
  for (const auto& key : keys_of(api::get_kernel_status{})) check(key, [&] { k.set_status({{key, "x"}}); });
}

}  // namespace
}  // namespace volley::runtime
