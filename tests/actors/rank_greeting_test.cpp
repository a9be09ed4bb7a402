#include "actors/rank_greeting.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "tests/actors/queue_post.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

class greetings : public testing::Test {
 protected:
  rank_greeting greet_as(std::uint32_t rank, const rank_card& card, std::chrono::milliseconds give_up = 10s) {
    queue_post post(room, rank);
    return greet(
        post, card,
        [] {
          return rank_door{{"127.0.0.1"}, 7, "token"};
        },
        200ms, give_up, [this](const std::string& text) { notes.push_back(text); });
  }
  static std::string refusal(std::future<rank_greeting>& of) {
    try {
      of.get();
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  }
  std::shared_ptr<mail_room> room = std::make_shared<mail_room>(2);
  std::vector<std::string> notes;
};

TEST_F(greetings, make_ranks_known_to_the_first_and_its_door_to_the_others) {
  const auto mine = own_rank_card();
  EXPECT_FALSE(mine.build.build.empty());
  auto other = std::async(std::launch::async, [&] { return greet_as(1, mine); });
  const auto first = greet_as(0, mine);
  ASSERT_EQ(first.ranks.size(), 2u);
  EXPECT_EQ(first.ranks[1].name(), mine.name());
  const auto door = other.get().door;
  EXPECT_EQ(door.port, 7);
  EXPECT_EQ(door.token, "token");
}

TEST_F(greetings, refuse_ranks_of_another_build) {
  const auto mine = own_rank_card();
  auto theirs = mine;
  theirs.build.digest ^= 1;
  auto other = std::async(std::launch::async, [&] { return greet_as(1, theirs); });
  auto first = std::async(std::launch::async, [&] { return greet_as(0, mine); });
  for (auto* one : {&first, &other}) {
    const auto text = refusal(*one);
    EXPECT_NE(text.find("rank 1 (process"), std::string::npos) << text;
    EXPECT_NE(text.find("its arithmetic digest is"), std::string::npos) << text;
    EXPECT_NE(text.find("rank 0's"), std::string::npos) << text;
  }
}

TEST_F(greetings, name_who_does_not_come) {
  auto first = std::async(std::launch::async, [&] { return greet_as(0, own_rank_card(), 500ms); });
  EXPECT_NE(refusal(first).find("rank 1 has not opened its kernel"), std::string::npos);
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(notes[0].find("rank 1"), std::string::npos);
}

}  // namespace
}  // namespace volley::actors
