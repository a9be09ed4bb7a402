// Orders are data; these are the rules of what they hold.
#include "runtime/shard/order.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

TEST(order, changes_are_tried_and_the_others_are_done) {
  for (const order& o : {order(orders::add_nodes{}), order(orders::add_devices{}), order(orders::set_nodes{}),
                         order(orders::connect{}), order(orders::edit_connections{}), order(orders::remove_pairs{}),
                         order(orders::set_store{}), order(orders::decay_vacant{}), order(orders::become_loaded{})})
    EXPECT_TRUE(is_change(o)) << o.index();
  for (const order& o : {order(orders::build{}), order(orders::prepare{}), order(orders::end_run{}),
                         order(orders::grow_elements{}), order(orders::begin_load{}), order(orders::load_part{}),
                         order(orders::forget_loaded{}), order(orders::save_part{}), order(orders::size_of_store{}),
                         order(orders::find_connections{}), order(orders::read_connections{}),
                         order(orders::read_nodes{}), order(orders::read_events{}), order(orders::measure{})})
    EXPECT_FALSE(is_change(o)) << o.index();
}

TEST(order, says_what_kind_of_reply_it_asks_for) {
  EXPECT_TRUE(answers(replies::tally(), orders::build()));
  EXPECT_TRUE(answers(reply(), orders::connect()));
  EXPECT_FALSE(answers(replies::tally(), orders::connect()));
  EXPECT_FALSE(answers(reply(), orders::build()));
}

TEST(order, every_projection_has_a_trial) {
  orders::connect order;
  order.projections.resize(1);
  order.projections[0].pairs = std::make_shared<id_pairs>();
  order.trials.resize(1);
  EXPECT_NO_THROW(object_of<orders::connect>(bytes_of(order)));
  order.trials.clear();
  EXPECT_THROW(object_of<orders::connect>(bytes_of(order)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
