#include "runtime/shard/target_histories.hpp"

#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class target_histories_test : public testing::Test {
 protected:
  target_histories_test() { add(1, 100); }
  void add(std::uint64_t first, std::uint64_t last) { all.add(first, last, prototype("iaf_psc_alpha"), 0); }
  input_slot slot(std::uint64_t id) const { return all.targets().slot(id, 0, false); }
  void spike(std::uint64_t id, step_t stamp, std::uint32_t multiplicity = 1) {
    histories.append(all.targets().line(id), stamp, multiplicity, 0.1);
  }
  std::size_t length(std::uint64_t id) const { return histories.length(all.targets().line(id)); }

  cells all{layout{0, 1}};
  target_histories& histories = all.histories();
};

TEST_F(target_histories_test, keep_spikes_of_cells_that_are_read) {
  add(101, 200);
  histories.open(slot(70));
  histories.open(slot(199));
  all.prepare({});
  for (const std::uint64_t id : {69, 70, 71, 199}) spike(id, 5, 3);
  EXPECT_EQ(length(70), 3u);
  EXPECT_EQ(length(199), 3u);
  EXPECT_EQ(length(69), 0u);
  EXPECT_EQ(length(71), 0u);
  EXPECT_EQ(histories.trace(all.targets().line(70), 5, 20, 0.1), 3.0);
}

TEST_F(target_histories_test, decay_as_their_cells_say) {
  histories.open(slot(3));
  histories.open(slot(4));
  all.prepare({});
  EXPECT_FALSE(histories.targets(0.1).tau_minus_varies);
  all.set_values(ids(4, 4), {{"tau_minus", 33.0}}, {}, 0);
  all.prepare({});
  const auto targets = histories.targets(0.1);
  EXPECT_TRUE(targets.tau_minus_varies);
  EXPECT_EQ(targets.tau_minus_ms[all.targets().line(4).index()], 33.0);
  EXPECT_EQ(targets.n_lines, 128u);
}

TEST_F(target_histories_test, forget_what_users_clear_once_that_is_kept) {
  histories.open(slot(3));
  all.prepare({});
  spike(3, 5);
  all.begin_change();
  all.set_values(ids(3, 3), {{"clear", true}}, {}, 0);
  EXPECT_EQ(length(3), 1u);
  all.keep();
  EXPECT_EQ(length(3), 0u);
}

TEST_F(target_histories_test, of_cells_that_were_taken_back_are_gone) {
  all.begin_change();
  add(101, 200);
  histories.open(slot(150));
  all.take_back();
  EXPECT_EQ(histories.slots(), 128u);
  add(101, 200);
  all.prepare({});
  spike(150, 5);
  EXPECT_EQ(length(150), 0u);
}

}  // namespace
}  // namespace volley::runtime
