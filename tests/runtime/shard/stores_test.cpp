#include "runtime/shard/stores.hpp"

#include "runtime/base/snapshot.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class stores_test : public testing::Test {
 protected:
  stores_test() {
    neurons.add(1, 4, prototype("iaf_psc_alpha"), 0);
    all.add(synapse("static_synapse"));
    all.add(synapse("stdp_synapse"));
    all.begin_change();
  }
  projection plastic(const node_set& sources, const node_set& targets) const {
    auto p = all_to_all(sources, targets, 1.0, 1.0, synapse("stdp_synapse"));
    p.store = store_ordinal(1);
    return p;
  }

  cells neurons{layout{0, 1}};
  stores all;
};

TEST_F(stores_test, place_what_is_pending) {
  EXPECT_FALSE(all.has_pending());
  all.connect(plastic(ids(1, 2), ids(3, 4)));
  all.connect(all_to_all(ids(1, 1), ids(2, 4), 2.0, 0.3));
  EXPECT_TRUE(all.has_pending());
  EXPECT_EQ(all.n_connections(), 0u);
  EXPECT_FALSE(all.compute_arrivals());
  all.build(neurons, {});
  EXPECT_FALSE(all.has_pending());
  EXPECT_EQ(all.rows(store_ordinal(0)).size(), 3u);
  EXPECT_EQ(all.rows(store_ordinal(1)).size(), 4u);
  EXPECT_EQ(all.n_connections(), 7u);
  EXPECT_TRUE(all.compute_arrivals());
  EXPECT_EQ(all.delays().min, 3);
  EXPECT_EQ(all.delays().max, 10);
}

TEST_F(stores_test, go_by_their_models) {
  for (const char* model : {"tsodyks_synapse", "quantal_stp_synapse"}) all.add(synapse(model));
  const auto &fixed = all[store_ordinal(0)], &plastic = all[store_ordinal(1)], &released = all[store_ordinal(2)],
             &walked = all[store_ordinal(3)];
  EXPECT_FALSE(fixed.plastic || fixed.released || fixed.walked || fixed.rows->has_cohorts());
  EXPECT_TRUE(plastic.plastic && plastic.rows->plastic() && plastic.rows->has_cohorts());
  EXPECT_TRUE(released.released && !released.rows->plastic() && released.rows->n_traces() == 3);
  EXPECT_TRUE(walked.walked && walked.rows->has_cohorts() && walked.rows->n_variables() == 1);
}

TEST_F(stores_test, know_which_of_them_have_rows) {
  const auto used = [](const stores& s) { return std::vector(s.used().begin(), s.used().end()); };
  EXPECT_TRUE(all.used().empty());
  all.connect(plastic(ids(1, 2), ids(3, 4)));
  all.build(neurons, {});
  EXPECT_EQ(used(all), std::vector{store_ordinal(1)});
  all.connect(all_to_all(ids(1, 1), ids(2, 4), 2.0, 0.3));
  all.build(neurons, {});
  EXPECT_EQ(used(all), (std::vector{store_ordinal(0), store_ordinal(1)}));
  all.rows(store_ordinal(0)).set_shared_weights(3.0);  // from here on in images
  stores other;
  other.add(synapse("static_synapse"));
  other.add(synapse("stdp_synapse"));
  const auto bytes = bytes_of(all);
  snapshot_reader image(bytes);
  other.snapshot(image);
  EXPECT_EQ(used(other), std::vector{store_ordinal(0)});
}

TEST_F(stores_test, open_the_histories_of_plastic_targets) {
  all.connect(plastic(ids(1, 1), ids(3, 3)));
  all.connect(all_to_all(ids(1, 1), ids(4, 4), 2.0, 0.3));
  all.build(neurons, {});
  neurons.prepare({});
  for (const std::uint64_t id : {3, 4}) neurons.histories().append(neurons.targets().line(id), 5, 1, 0.1);
  EXPECT_EQ(neurons.histories().length(neurons.targets().line(3)), 1u);
  EXPECT_EQ(neurons.histories().length(neurons.targets().line(4)), 0u);
}

TEST_F(stores_test, forget_what_is_taken_back) {
  all.connect(all_to_all(ids(1, 1), ids(2, 4), 2.0, 0.3));
  all.begin_change();
  all.add(synapse("static_synapse"));
  all.connect(all_to_all(ids(1, 1), ids(2, 4), 2.0, 0.3));
  all.take_back();
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(all.all_rows().size(), 2u);
  all.build(neurons, {});
  EXPECT_EQ(all.n_connections(), 3u);
}

TEST_F(stores_test, agree_when_the_rules_made_the_same) {
  stores other;
  for (auto* s : {&all, &other}) {
    if (s == &other) other.add(synapse("static_synapse")), other.add(synapse("stdp_synapse"));
    s->connect(all_to_all(ids(1, 1), ids(2, 4), 2.0, 0.3));
    s->build(neurons, {});
  }
  EXPECT_TRUE(all.agree_with(other.digests()));
  EXPECT_FALSE(all.agree_with({}));
  other.connect(all_to_all(ids(2, 2), ids(2, 4), 2.0, 0.3));
  other.build(neurons, {});
  EXPECT_FALSE(all.agree_with(other.digests()));
  other.rows(store_ordinal(0)).set_shared_weights(3.0);  // edited rows are in the image
  EXPECT_TRUE(all.agree_with(other.digests()));
}

TEST_F(stores_test, have_a_value_for_each_common_parameter) {
  all.add(synapse("stdp_pl_synapse_hom"));
  EXPECT_THROW(all.set_common_parameters(store_ordinal(2), {1.0}), broken_contract);
  const auto defaults = synapse("stdp_pl_synapse_hom").defaults;
  all.set_common_parameters(store_ordinal(2), {defaults.begin(), defaults.end()});
}

}  // namespace
}  // namespace volley::runtime
