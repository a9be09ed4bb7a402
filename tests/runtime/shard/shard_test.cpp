// A shard as a whole: what is tried is kept or taken back, and what it counts.
#include "runtime/shard/shard.hpp"

#include "runtime/devices/record_file.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class a_shard : public testing::Test {
 protected:
  a_shard() {
    s.begin_change();
    s.add_cells(1, 10, prototype("iaf_psc_alpha"));
    s.keep_values();
    s.end_change();
  }
  static projection static_connections(node_set sources, node_set targets) {
    auto p = all_to_all(std::move(sources), std::move(targets), 1, 1);
    p.store = store_ordinal(built_in_models().number_of(synapse("static_synapse")));
    return p;
  }

  system_record_files files;
  shard s{layout{1, 2}, built_in_models(), files};
};

TEST_F(a_shard, has_a_store_for_each_model_of_the_catalog) {
  ASSERT_EQ(s.parts().stores.size(), built_in_models().synapses.size());
  for (std::uint32_t i = 0; i < s.parts().stores.size(); ++i)
    EXPECT_EQ(&s.parts().stores.synapse(store_ordinal(i)), &s.catalog().synapses[i]);
  EXPECT_EQ(s.place(), (layout{1, 2}));
}

TEST_F(a_shard, is_as_it_was_when_a_change_is_taken_back) {
  const auto before = s.save();
  s.begin_change();
  s.add_cells(11, 20, prototype("iaf_psc_exp"));
  s.parts().stores.connect(static_connections(ids(1, 10), ids(11, 20)));
  EXPECT_EQ(s.parts().cells.n_blocks(), 2u);
  EXPECT_TRUE(s.parts().stores.has_pending());
  s.take_back();
  EXPECT_EQ(s.parts().cells.n_blocks(), 1u);
  EXPECT_FALSE(s.parts().stores.has_pending());
  EXPECT_TRUE(s.save() == before);
}

TEST_F(a_shard, builds_the_connections_to_its_own_nodes) {
  s.parts().stores.connect(static_connections(ids(1, 10), ids(1, 10)));
  s.build(time_grid());
  EXPECT_FALSE(s.parts().stores.has_pending());
  EXPECT_EQ(s.parts().stores.n_connections(), 10u * 5);
  const auto bytes = s.bytes().connections;
  EXPECT_GT(bytes, 0u);
  s.build(time_grid());
  EXPECT_EQ(s.parts().stores.n_connections(), 10u * 5) << "nothing waited";
}

TEST_F(a_shard, counts_the_times_of_its_phases) {
  EXPECT_EQ(s.times().build, 0);
  s.add_time(&shard_times::build, 2.5);
  EXPECT_EQ(s.times().build, 2.5);
  EXPECT_EQ(s.times().spikes, 0u);
}

}  // namespace
}  // namespace volley::runtime
