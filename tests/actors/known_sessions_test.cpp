// Sessions that come back: whoever asks again is told the same, for a while, also by another process.
#include "actors/known_sessions.hpp"

#include <gtest/gtest.h>

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

known_sessions::answer_ref answer(api::result outcome) {
  return std::make_shared<const api::answer>(api::answer{4, std::move(outcome), {{20, "a warning"}}, 9});
}

const known_sessions::time_point begin{};

TEST(known_sessions, know_the_last_answer) {
  known_sessions all;
  all.come("a");
  EXPECT_EQ(all.find("a"), nullptr);
  all.remember({"a", 3}, 11, answer({}));
  all.remember({"a", 7}, 12, answer(runtime::value(2.5)));
  ASSERT_NE(all.find("a"), nullptr);
  EXPECT_EQ(all.find("a")->number, 7u);
  EXPECT_EQ(all.find("a")->digest, 12u);
  all.remember({"", 1}, 1, answer({}));
  EXPECT_EQ(all.find(""), nullptr);
}

TEST(known_sessions, are_forgotten_with_a_goodbye_or_after_a_while) {
  known_sessions all;
  for (const auto* name : {"a", "b", "c"}) {
    all.come(name);
    all.remember({name, 1}, 1, answer({}));
  }
  all.forget("a");
  EXPECT_EQ(all.find("a"), nullptr);
  all.go_away("b", begin);
  all.come("d");
  all.go_away("d", begin + known_sessions::forgotten_after);
  EXPECT_NE(all.find("b"), nullptr);
  all.go_away("c", begin + known_sessions::forgotten_after + 1s);
  EXPECT_EQ(all.find("b"), nullptr);
  EXPECT_NE(all.find("c"), nullptr);
}

TEST(known_sessions, with_a_second_connection_are_not_away) {
  known_sessions all;
  all.come("a");
  all.come("a");
  all.remember({"a", 1}, 1, answer({}));
  all.go_away("a", begin);
  all.come("b");
  all.go_away("b", begin + 1h);
  EXPECT_NE(all.find("a"), nullptr);
}

TEST(known_sessions, are_bounded_while_they_are_away) {
  known_sessions all;
  for (std::size_t i = 0; i < known_sessions::most_away + 5; ++i) {
    const auto name = std::to_string(i);
    all.come(name);
    all.remember({name, 1}, 1, answer({}));
    all.go_away(name, begin + std::chrono::milliseconds(i));
  }
  EXPECT_EQ(all.find("4"), nullptr);
  EXPECT_NE(all.find("5"), nullptr);
}

TEST(known_sessions, outlive_their_process_with_results_and_failures) {
  known_sessions all;
  all.remember({"a", 3}, 11, answer(runtime::value(2.5)));
  all.remember({"b", 4}, 12,
               answer(api::failed_call{
                   std::make_exception_ptr(runtime::api_error(runtime::error_kind::BadDelay, "too short"))}));
  using kept = std::vector<kept_answer>;
  known_sessions later;
  later.restore(runtime::object_of<kept>(runtime::bytes_of(all.keep())), begin);
  const auto* a = later.find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->number, 3u);
  EXPECT_EQ(a->answer->generation, 4u);
  EXPECT_EQ(a->answer->changes, 9u);
  EXPECT_EQ(a->answer->log, all.find("a")->answer->log);
  EXPECT_EQ(std::get<runtime::value>(a->answer->outcome), runtime::value(2.5));
  const auto& failed = std::get<api::failed_call>(later.find("b")->answer->outcome);
  EXPECT_EQ(runtime::refusal_of(failed.reason).text, "too short");
}

}  // namespace
}  // namespace volley::actors
