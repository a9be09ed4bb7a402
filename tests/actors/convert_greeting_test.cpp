#include "actors/convert_greeting.hpp"

#include <gtest/gtest.h>

#include "actors/convert.hpp"

namespace volley::actors {
namespace {

const worker_greeting sample{"nonce", "proof", {1, "2.0", "abc", 77, 4, 1000, 12, "127.0.0.1", 99}};

TEST(convert_greeting, a_greeting_arrives_as_it_was) {
  const auto got = decode_worker_greeting(encode_worker_greeting(sample));
  EXPECT_EQ(got.nonce, "nonce");
  EXPECT_EQ(got.proof, "proof");
  EXPECT_EQ(got.card.protocol, 1u);
  EXPECT_EQ(got.card.address, "127.0.0.1");
  EXPECT_EQ(words_of_worker("c", got), words_of_worker("c", sample));
}

TEST(convert_greeting, an_admission_arrives_as_it_was) {
  const auto got = decode_admission(encode_admission({3, 4, "proof"}));
  EXPECT_EQ(got.number, 3u);
  EXPECT_EQ(got.epoch, 4u);
  EXPECT_EQ(got.proof, "proof");
  EXPECT_EQ(decode_refusal(encode_refusal("no")), "no");
}

TEST(convert_greeting, every_word_counts) {
  const auto said = words_of_worker("c", sample);
  for (const auto change :
       {+[](worker_greeting& g) { g.nonce += "x"; }, +[](worker_greeting& g) { ++g.card.lanes; },
        +[](worker_greeting& g) { ++g.card.port; }, +[](worker_greeting& g) { g.card.build += "b"; },
        +[](worker_greeting& g) { ++g.card.memory; }}) {
    auto other = sample;
    change(other);
    EXPECT_NE(words_of_worker("c", other), said);
  }
  EXPECT_NE(words_of_worker("d", sample), said);
  EXPECT_NE(words_of_supervisor("c", "n", {1, 1, ""}), words_of_supervisor("c", "n", {2, 1, ""}));
}

}  // namespace
}  // namespace volley::actors
