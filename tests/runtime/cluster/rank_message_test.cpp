#include "runtime/cluster/rank_message.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace volley::runtime::cluster {
namespace {

rank_word through_bytes(const rank_word& m) { return decoded_rank_word(encoded(m)); }
of_first_rank through_bytes(const of_first_rank& m) { return decoded_of_first_rank(encoded(m)); }
template <class Verdict> Verdict told(const Verdict& v) {
  return std::get<Verdict>(std::get<rank_verdict>(through_bytes(of_first_rank(rank_verdict{5, v}))).what);
}

TEST(rank_message, words_arrive_as_they_were_said) {
  agreed_facts facts{2, {}};
  facts.delays.include(10);
  const auto begun = through_bytes(rank_word{3, words::begun{{"Run(10.0)", 7, 8, 9, true, true}, facts}});
  EXPECT_EQ(begun.number, 3u);
  const auto& call = std::get<words::begun>(begun.what).call;
  EXPECT_EQ(call.text, "Run(10.0)");
  EXPECT_EQ(call.digest + call.network + call.draws, 24u);
  EXPECT_TRUE(call.begins_anew && call.fails_alone);
  EXPECT_EQ(std::get<words::begun>(begun.what).facts.delays.max, 10);

  const words::voted votes{4, audience::first, {{2, reply(replies::tally{3, 4, {}}), {}}, {5, {}, refusal{}}}};
  const auto voted = std::get<words::voted>(through_bytes(rank_word{4, votes}).what);
  EXPECT_EQ(voted.heard_by, audience::first);
  EXPECT_EQ(std::get<replies::tally>(*voted.all.at(0).answer).spikes, 4u);
  EXPECT_TRUE(voted.all.at(1).reason.has_value());

  const words::ready ready{10, 20, 5};
  EXPECT_EQ(std::get<words::ready>(through_bytes(rank_word{5, ready}).what), ready);
  const words::answered failed{refusal{error_kind::IOError, "disk"}};
  EXPECT_EQ(std::get<words::answered>(through_bytes(rank_word{6, failed}).what).failed->text, "disk");
}

TEST(rank_message, so_do_verdicts) {
  EXPECT_EQ(told(verdicts::go_on{{1, {}}}).facts.due, 1);
  EXPECT_EQ(told(verdicts::obeyed{{reply(), reply()}}).replies.size(), 2u);
  EXPECT_TRUE(told(verdicts::refused{{error_kind::BadDelay, "short"}, true}).is_over);
  EXPECT_TRUE(told(verdicts::apart{{error_kind::KernelException, "apart"}, true}).loses);
  const auto end = told(verdicts::ran{{stop_reason::cancelled, 70, 3, refusal{}}}).end;
  EXPECT_EQ(end.why, stop_reason::cancelled);
  EXPECT_EQ(end.now, 70);
  EXPECT_TRUE(end.failure.has_value());
  EXPECT_EQ(std::get<waiting_note>(through_bytes(of_first_rank(waiting_note{"late"}))).text, "late");
  EXPECT_EQ(
      std::get<rank_gone>(through_bytes(of_first_rank(rank_gone{{error_kind::KernelException, "gone"}}))).why.text,
      "gone");
}

TEST(rank_message, other_bytes_are_refused) {
  auto bytes = encoded(rank_word{1, words::answered{}});
  bytes.push_back(std::byte{0});
  EXPECT_THROW(decoded_rank_word(bytes), std::invalid_argument);
  EXPECT_THROW(decoded_of_first_rank({}), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime::cluster
