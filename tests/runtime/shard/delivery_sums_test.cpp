// What is in flight, as sums that another layout can have.
#include <algorithm>
#include <bit>
#include <stdexcept>

#include "runtime/base/snapshot.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

/// Nodes 1 ... 4, the first two of which excite the others, on one of some VPs; intervals of 2 steps, delays up to 4.
struct side {
  shard_parts parts;
  interval_clock clock{2, -1};

  explicit side(const layout& place, const char* model = "iaf_psc_exp") : parts(place) {
    parts.plan = {time_grid(), 0, 2, 4, 1};
    parts.cells.add(1, 4, prototype(model), 0);
    parts.stores.add(synapse("static_synapse"));
    parts.stores.connect(all_to_all(ids(1, 2), ids(3, 4), 0.1, 0.3));
    parts.stores.connect(all_to_all(ids(1, 2), ids(3, 4), -0.7, 0.4));
    parts.stores.build(parts.cells, {});
    parts.delivery.fit();
  }
  void deliver(const spike_batch& batch) {
    const batch_view view = batch;
    parts.delivery.deliver(2, {&view, 1});
  }
  /// What its cells get at steps 2 and 3, then 4 and 5, by bits.
  std::vector<std::uint64_t> inputs() {
    std::vector<std::uint64_t> bits;
    for (; clock.begin < 6; clock.begin += 2) {
      clock.opened = clock.begin;
      parts.delivery.open(clock.begin);
      parts.delivery.walk(clock.begin, clock.begin + 2, clock);
      const auto input = parts.delivery.input(block_ordinal(), clock.begin, 2, clock);
      const auto& block = parts.cells.block(block_ordinal());
      for (std::size_t i = 0; i < block.model().inputs * 2; ++i)
        for (std::uint32_t cell = 0; cell < block.size() && input.rows[i] != nullptr; ++cell)
          bits.push_back(std::bit_cast<std::uint64_t>(std::exchange(input.rows[i][cell], 0.0)));
    }
    return bits;
  }
};

TEST(delivery_sums, add_up_to_the_same_bits_on_another_layout) {
  side one({0, 1});
  one.deliver({{2, 3}, {1, 2, 1, 1, 2}, {}});
  const auto sums = one.parts.delivery.sums(2, one.clock);
  EXPECT_FALSE(sums.empty());
  for (std::uint32_t vp = 0; vp < 2; ++vp) {
    side loaded({vp, 2}), told({vp, 2});
    told.deliver({{2, 3}, {1, 2, 1, 1, 2}, {}});
    for (const auto& s : sums) loaded.parts.delivery.put(s, loaded.clock);
    EXPECT_EQ(loaded.inputs(), told.inputs()) << vp;
  }
  side again({0, 1});
  again.deliver({{2, 3}, {1, 2, 1, 1, 2}, {}});
  EXPECT_EQ(one.inputs(), again.inputs()) << "telling changes nothing";
}

TEST(delivery_sums, of_an_open_interval_are_those_of_its_steps_to_come) {
  side one({0, 1});
  one.deliver({{1, 1}, {1, 1}, {}});
  one.clock.opened = 2;
  one.parts.delivery.open(2);
  one.parts.delivery.walk(2, 3, one.clock);
  for (const auto& s : one.parts.delivery.sums(3, one.clock))
    EXPECT_EQ(s.of == saved_sums::stage::open, s.due == 3) << s.due;
}

TEST(delivery_sums, what_arrives_within_a_step_goes_to_its_node) {
  const spike_batch batch{{2, 3}, {1, 2, 1, 1, 2}, {}, {0.02, 0.05, 0, 0.07, 0.07}};
  side one({0, 1}, "iaf_psc_exp_ps");
  one.deliver(batch);
  const auto sums = one.parts.delivery.sums(2, one.clock);
  const auto amounts = one.parts.delivery.amounts(2);
  EXPECT_FALSE(amounts.empty());
  EXPECT_TRUE(one.parts.delivery.amounts(99).empty()) << "over by then";
  for (std::uint32_t vp = 0; vp < 2; ++vp) {
    side loaded({vp, 2}, "iaf_psc_exp_ps"), told({vp, 2}, "iaf_psc_exp_ps");
    told.deliver(batch);
    for (const auto& s : sums) loaded.parts.delivery.put(s, loaded.clock);
    for (const auto& a : amounts) loaded.parts.delivery.put(a, loaded.clock);
    EXPECT_EQ(bytes_of(loaded.parts.delivery.amounts(2)), bytes_of(told.parts.delivery.amounts(2))) << vp;
    EXPECT_EQ(loaded.inputs(), told.inputs()) << vp;
  }
}

TEST(delivery_sums, amounts_that_cannot_be_are_refused) {
  side one({0, 1}, "iaf_psc_exp_ps"), other({0, 1});
  const auto refused = [](side& by, const saved_amounts& amounts) {
    EXPECT_THROW(by.parts.delivery.put(amounts, by.clock), std::invalid_argument);
  };
  refused(one, {99, {3}, {0}, {0.05}, {1}});                                   // beyond all delays
  refused(one, {1, {3}, {0}, {0.05}, {1}});                                    // over
  refused(one, {4, {3}, {9}, {0.05}, {1}});                                    // no such receptor
  refused(one, {4, {3}, {0}, {0.1}, {1}});                                     // a whole step
  refused(one, {4, {3}, {0}, {0.0}, {1}});                                     // at its end
  refused(other, {4, {3}, {0}, {0.05}, {1}});                                  // keeps no times
  one.parts.delivery.put(saved_amounts{4, {9}, {0}, {0.05}, {1}}, one.clock);  // of a node elsewhere
}

TEST(delivery_sums, that_cannot_be_are_refused) {
  side one({0, 1});
  using stage = saved_sums::stage;
  const auto refused = [&](const saved_sums& sums) {
    EXPECT_THROW(one.parts.delivery.put(sums, one.clock), std::invalid_argument);
  };
  refused({stage::open, 3, {3}, {0}, {saved_sums::positive}, {1}});  // nothing is open
  refused({stage::due, 99, {3}, {0}, {saved_sums::positive}, {1}});  // beyond all delays
  refused({stage::due, 1, {3}, {0}, {saved_sums::positive}, {1}});   // over
  refused({stage::due, 4, {3}, {9}, {saved_sums::positive}, {1}});   // no such receptor
  refused({stage::due, 4, {3}, {0}, {7}, {1}});                      // no such plane
  one.parts.delivery.put(saved_sums{stage::due, 4, {9}, {0}, {saved_sums::positive}, {1}},
                         one.clock);  // of a node elsewhere
}

}  // namespace
}  // namespace volley::runtime
