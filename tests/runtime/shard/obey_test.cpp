// What a shard does with orders that no kernel gives: it refuses them, and is as it was.
#include "runtime/shard/obey.hpp"

#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/record_file.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime {
namespace {

class orders_to_a_shard : public testing::Test {
 protected:
  orders_to_a_shard() {
    do_all(neurons(1, 10));
    do_all(orders::add_devices{
        {stimulator(11, parameters_of<devices::poisson_generator>{}, time_grid())}, false, {recorder_spec()}});
  }

  orders::add_nodes neurons(std::uint64_t first, std::uint64_t last) const {
    const attributes prototype(built_in_models().neurons[0]);
    return {first, last, 0, prototype.image(), {}, {}, 0};
  }
  void do_all(const order& o) {
    obey(s, o);
    keep(s, o);
  }
  void expect_refused(const order& o) {
    EXPECT_THROW(obey(s, o), std::logic_error) << o.index();
    EXPECT_EQ(s.parts().cells.n_blocks(), 1u);
    EXPECT_EQ(s.parts().stores.size(), built_in_models().synapses.size());
    EXPECT_TRUE(s.save() == before) << o.index();
  }

  system_record_files files;
  shard s{layout{0, 1}, built_in_models(), files};
  shard_image before;
};

TEST_F(orders_to_a_shard, of_positions_that_are_not_there_are_refused) {
  before = s.save();
  auto nodes = neurons(13, 20);
  nodes.model = 1000;
  expect_refused(nodes);
  nodes = neurons(20, 13);
  expect_refused(nodes);
  nodes = neurons(13, 20);
  nodes.prototype.pop_back();
  expect_refused(nodes);
  const auto generator = stimulator(11, parameters_of<devices::poisson_generator>{}, time_grid());
  expect_refused(orders::set_nodes{{}, {}, {}, 0, {{stimulator_ordinal(1), generator}}, {}, 0});
  expect_refused(orders::set_nodes{{}, {}, {}, 0, {}, {{recorder_ordinal(7), {}, true}}, 0});
  const store_ordinal no_store(1000);
  const auto nobody = recorder_ordinal::none();
  projection p;
  p.store = no_store;
  expect_refused(orders::connect{{p}, {connection_trial{}}, {}, 0});
  expect_refused(orders::set_store{no_store, {}, {}, {}, nobody, 0});
  expect_refused(orders::set_store{{}, 0, {}, {}, nobody, 0});
  expect_refused(orders::set_store{{}, {}, std::vector<double>(8), {}, recorder_ordinal(5), 0});
  expect_refused(orders::remove_pairs{{no_store, false, {}, {}}, 0});
  tap t;
  t.recorder = recorder_ordinal(4);
  expect_refused(orders::connect{{}, {}, {t}, 0});
  expect_refused(orders::edit_connections{"set", {0, {1}, {2}, {1000}, {0}}, {}, {}, 0});
  expect_refused(orders::read_connections{{0, {1}, {2}, {1000}, {0}}, false});
  expect_refused(orders::size_of_store{no_store});
  expect_refused(orders::read_events{{recorder_ordinal(3)}});
  expect_refused(orders::prepare{{}, false, {{recorder_ordinal(), {}}}});
  expect_refused(orders::save_part{{saved_part::kind::rows, no_store, 1, 5, {}}, 0});
  expect_refused(orders::save_part{{saved_part::kind::events, {}, 0, 0, recorder_ordinal(3)}, 0});
  expect_refused(orders::load_part{{}, {}});
  expect_refused(orders::become_loaded{});
}

TEST_F(orders_to_a_shard, that_ask_for_nothing_new_are_not_kept_or_dropped) {
  EXPECT_THROW(keep(s, orders::measure{}), broken_contract);
  EXPECT_THROW(drop(s, orders::build{}), broken_contract);
}

TEST_F(orders_to_a_shard, are_dropped_with_all_that_they_added) {
  before = s.save();
  obey(s, neurons(13, 30));
  EXPECT_EQ(s.parts().cells.n_blocks(), 2u);
  drop(s, neurons(13, 30));
  EXPECT_EQ(s.parts().cells.n_blocks(), 1u);
  EXPECT_TRUE(s.save() == before);
}

}  // namespace
}  // namespace volley::runtime
