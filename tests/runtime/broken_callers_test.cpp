// What passes a boundary is checked on both sides of it: whoever breaks a contract there is told, and nothing has
// changed. Orders, batches, slices and images of one shard, and replies to the kernel; frames are in
// tests/protocol/frame_test.cpp.
#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

class broken_callers : public testing::Test {
 protected:
  broken_callers() {
    neurons = k.create("iaf_psc_alpha", 10);
    k.connect(neurons, neurons);
    k.simulate(1.5);
  }
  /// A broken contract that changes nothing.
  template <class Call> void expect_refused(Call&& call) {
    const auto before = k.save();
    EXPECT_THROW(call(), broken_contract);
    EXPECT_TRUE(k.save() == before);
  }
  shard& one() { return k.shard_at(0); }

  solo_kernel k{2};
  node_set neurons;
};

TEST_F(broken_callers, order_while_a_change_is_undecided) {
  const order change = orders::add_devices{};
  obey(one(), change);
  EXPECT_THROW(obey(one(), orders::measure{}), broken_contract);
  EXPECT_THROW(obey(one(), change), broken_contract);
  drop(one(), change);
  obey(one(), orders::measure{});
}

TEST_F(broken_callers, decide_what_was_not_tried) {
  const order change = orders::add_devices{};
  expect_refused([&] { keep(one(), change); });
  expect_refused([&] { drop(one(), change); });
  obey(one(), change);
  keep(one(), change);
  expect_refused([&] { drop(one(), change); });
}

TEST_F(broken_callers, order_what_is_not_there) {
  expect_refused([&] { obey(one(), orders::size_of_store{store_ordinal(1000)}); });
  expect_refused([&] { obey(one(), orders::add_nodes{11, 12, 1000, {}, {}, {}, 0}); });
  const attributes prototype(built_in_models().neurons[0]);
  expect_refused([&] { obey(one(), orders::add_nodes{1, 10, 0, prototype.image(), {}, {}, 0}); });  // ids are taken
  const auto elsewhere = layer::on_grid(1, {{2, 5, 1}}, {2, {0, 0, 0}, {1, 1, 0}, false});
  expect_refused([&] { obey(one(), orders::add_nodes{11, 12, 0, prototype.image(), {}, {}, 0, elsewhere}); });
}

TEST_F(broken_callers, hand_on_batches_of_another_interval_or_size) {
  k.simulate(0.5);  // the second interval is over, its batches are not delivered
  const spike_batch small{{0}, {}, {}};
  const std::vector<batch_view> views{small, small};
  expect_refused([&] { one().deliver(20, views); });
  expect_refused([&] { one().deliver(1000, views); });
}

TEST_F(broken_callers, ask_for_slices_that_do_not_follow) {
  expect_refused([&] { one().update(0, 5); });    // was computed
  expect_refused([&] { one().update(16, 17); });  // leaves a step out
  expect_refused([&] { one().update(15, 25); });  // goes beyond the interval
  expect_refused([&] { one().close_interval(); });
}

TEST_F(broken_callers, load_images_of_others) {
  const auto images = k.save();
  EXPECT_THROW(one().load(images[1]), std::invalid_argument);
  const auto cut =
      std::make_shared<const std::vector<std::byte>>(images[0].state->begin(), images[0].state->begin() + 8);
  EXPECT_THROW(one().load({cut, images[0].events}), std::invalid_argument);
  EXPECT_TRUE(k.save() == images);
}

/// What a call comes to when its first order is answered so.
std::exception_ptr answered_with(kernel& k, const api::request& call, std::vector<reply> replies) {
  auto next = k.call(call);
  auto step = std::move(std::get<std::unique_ptr<order_step>>(next));
  auto end = std::get<api::answer>(step->then(std::move(replies)));
  return std::get<api::failed_call>(end.outcome).reason;
}

TEST_F(broken_callers, answer_what_was_not_asked_or_not_at_all) {
  const api::request call = api::get_node_values{neurons, {"V_m"}};
  const auto good = [] { return reply(std::vector<column_part>{}); };
  for (auto& replies : {std::vector<reply>{}, {good()}, {good(), good(), good()}, {good(), reply(replies::tally{})}})
    EXPECT_THROW(std::rethrow_exception(answered_with(k.get(), call, replies)), broken_contract) << replies.size();
  EXPECT_EQ(*k.get(neurons, "V_m").get_if<std::vector<double>>(), std::vector<double>(10, -70.0));
}

}  // namespace
}  // namespace volley::runtime
