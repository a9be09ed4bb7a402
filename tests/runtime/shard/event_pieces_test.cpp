#include "runtime/shard/event_pieces.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "runtime/base/snapshot.hpp"
#include "runtime/base/time.hpp"

namespace volley::runtime {
namespace {

recorder_spec spec(recorder_kind kind = recorder_kind::spikes, backend_kind backend = backend_kind::memory) {
  recorder_spec s;
  s.kind = kind;
  s.window = {0, 1000000};
  s.backend.kind = backend;
  return s;
}

std::vector<recorder> made_of(const std::vector<recorder_spec>& specs) {
  std::vector<recorder> all;
  for (const auto& s : specs) all.emplace_back(s);
  return all;
}

class pieces_of_events : public testing::Test {
 protected:
  /// Others of the same kinds, with what these pieces have.
  std::vector<recorder> loaded(const std::vector<shared_bytes>& from) {
    std::vector<recorder> others;
    for (const auto& r : all) others.emplace_back(r.spec());
    event_pieces().load(from, others);
    return others;
  }
  static std::vector<step_t> stamps(const recorder& of) { return of.log().stamps; }

  std::vector<recorder> all =
      made_of({spec(), spec(recorder_kind::weights), spec(recorder_kind::spikes, backend_kind::ascii)});
  event_pieces pieces;
};

TEST_F(pieces_of_events, there_are_none_without_events) {
  EXPECT_TRUE(pieces.of({}).empty());
  EXPECT_TRUE(pieces.of(all).empty());
}

TEST_F(pieces_of_events, each_has_what_came_after_the_one_before) {
  all[0].spike(3, 7, 2);
  const auto first = pieces.of(all);
  EXPECT_EQ(pieces.of(all), first) << "nothing has come";
  all[0].spike(4, 8, 1, 0.25);
  all[1].weight(5, 1, 2, 3, 4, 0.5);
  const auto second = pieces.of(all);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0], first[0]);
  const auto others = loaded(second);
  EXPECT_EQ(stamps(others[0]), (std::vector<step_t>{3, 3, 4}));
  EXPECT_EQ(others[0].log().senders, (std::vector<std::uint32_t>{7, 7, 8}));
  EXPECT_EQ(others[0].log().offsets_ms, (std::vector<double>{0, 0, 0.25}));
  EXPECT_EQ(bytes_of(others[1].log()), bytes_of(all[1].log()));
  EXPECT_EQ(stamps(loaded(first)[0]), (std::vector<step_t>{3, 3})) << "they did not change";
}

TEST_F(pieces_of_events, begin_anew_when_some_are_forgotten) {
  all[0].spike(3, 7, 1);
  all[1].weight(5, 1, 2, 3, 4, 0.5);
  pieces.of(all);
  all[0].clear();
  for (const step_t stamp : {8, 9}) all[0].spike(stamp, 7, 1);
  const auto now = pieces.of(all);
  EXPECT_EQ(now.size(), 1u);
  EXPECT_EQ(stamps(loaded(now)[0]), (std::vector<step_t>{8, 9}));
  EXPECT_EQ(stamps(loaded(now)[1]), (std::vector<step_t>{5}));
  all[0].put(all[1].log(), {});  // as many as it had
  EXPECT_EQ(bytes_of(loaded(pieces.of(all))[0].log()), bytes_of(all[1].log()));
  all[2].clear();  // of which there were none
  EXPECT_EQ(pieces.of(all).size(), 1u);
  all.pop_back();
  all.pop_back();
  EXPECT_EQ(pieces.of(all).size(), 1u) << "recorders that were taken back have no events";
}

TEST_F(pieces_of_events, are_of_recorders_that_keep_theirs) {
  all[2].spike(3, 7, 1);
  EXPECT_TRUE(pieces.of(all).empty());
  all[0].spike(3, 7, 1);
  const auto before = pieces.of(all);
  all[0].configure(spec(recorder_kind::spikes, backend_kind::screen));
  EXPECT_TRUE(pieces.of(all).empty()) << "its events are part of its state now";
  EXPECT_THROW(loaded(before), std::invalid_argument);
  all[0].configure(spec());
  EXPECT_EQ(stamps(loaded(pieces.of(all))[0]), (std::vector<step_t>{3}));
}

TEST_F(pieces_of_events, go_on_after_a_load) {
  all[0].spike(3, 7, 1);
  const auto before = pieces.of(all);
  auto others = made_of({spec(), spec(recorder_kind::weights)});
  event_pieces of_others;
  of_others.load(before, others);
  EXPECT_EQ(of_others.of(others), before);
  others[0].spike(4, 7, 1);
  const auto now = of_others.of(others);
  ASSERT_EQ(now.size(), 2u);
  EXPECT_EQ(now[0], before[0]);
  EXPECT_EQ(stamps(loaded(now)[0]), (std::vector<step_t>{3, 4}));
}

TEST_F(pieces_of_events, that_do_not_fit_are_refused) {
  all[0].spike(3, 7, 1);
  const auto first = pieces.of(all);
  all[0].spike(4, 7, 1);
  const auto both = pieces.of(all);
  const auto shared = [](std::vector<std::byte> b) { return std::make_shared<const std::vector<std::byte>>(b); };
  auto longer = *first[0];
  longer.push_back(std::byte{0});
  const std::vector<std::uint64_t> nobody{9};
  event_log of_weights;
  of_weights.stamps = {5};
  of_weights.senders = {1};
  of_weights.values = {{0.5}};
  snapshot_writer other_columns;
  other_columns(std::vector<std::uint64_t>{0}, std::uint64_t{1}, of_weights);
  for (const auto& wrong : {std::vector{both[1]},
                            {both[1], both[0]},
                            {both[0], both[0]},
                            {shared(longer)},
                            {shared({})},
                            {shared(bytes_of(nobody))},
                            {first[0], shared(other_columns.take())}})
    EXPECT_THROW(loaded(wrong), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
