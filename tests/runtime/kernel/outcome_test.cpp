#include "runtime/kernel/outcome.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

api::answer answer(std::uint64_t generation) { return {generation, {}, {}}; }

/// What and_then applies: one more.
outcome next(api::answer a) { return answer(a.generation + 1); }

std::uint64_t generation(const outcome& o) { return std::get<api::answer>(o).generation; }

outcome step_of(std::function<outcome(std::vector<reply>)> then) {
  auto step = std::make_unique<order_step>();
  step->then = std::move(then);
  step->refused = [](const refusal& why) -> outcome { return answer(why.place); };
  return step;
}
order_step& order_of(outcome& o) { return *std::get<std::unique_ptr<order_step>>(o); }

TEST(outcome, of_several_refusals_the_lowest_place_is_told) {
  using refusals = std::vector<std::optional<refusal>>;
  EXPECT_EQ(first_refusal({std::nullopt, std::nullopt}), nullptr);
  const refusals some{std::nullopt, refusal{error_kind::BadDelay, "later", 7},
                      refusal{error_kind::BadDelay, "first", 3}, refusal{error_kind::BadDelay, "nowhere"}};
  EXPECT_EQ(first_refusal(some), &*some[2]);
  const refusals anywhere{std::nullopt, refusal{error_kind::BadDelay, "nowhere"}};
  EXPECT_EQ(first_refusal(anywhere), &*anywhere[1]);
}

TEST(outcome, an_answer_is_gone_on_with_at_once) { EXPECT_EQ(generation(and_then(answer(1), next)), 2u); }

TEST(outcome, steps_are_gone_on_with_at_their_end) {
  auto first =
      step_of([](std::vector<reply>) { return step_of([](std::vector<reply>) { return outcome(answer(5)); }); });
  auto whole = and_then(std::move(first), next);
  auto second = order_of(whole).then({});
  EXPECT_EQ(generation(order_of(second).then({})), 6u);
  EXPECT_EQ(generation(order_of(second).refused({error_kind::BadDelay, "", 8})), 9u) << "a refusal is an answer, too";
}

TEST(outcome, a_run_is_gone_on_with_at_its_end) {
  auto run = std::make_unique<run_step>();
  run->steps = 12;
  run->then = [](stop_reason, step_t now, std::exception_ptr) -> outcome {
    return answer(static_cast<std::uint64_t>(now));
  };
  auto whole = and_then(std::move(run), next);
  const auto& step = *std::get<std::unique_ptr<run_step>>(whole);
  EXPECT_EQ(step.steps, 12);
  EXPECT_EQ(generation(step.then(stop_reason::reached, 12, nullptr)), 13u);
}

TEST(outcome, modules_are_gone_on_with_when_all_have_them) {
  auto modules = std::make_unique<module_step>();
  modules->then = []() -> outcome { return answer(4); };
  modules->refused = [](const refusal&) -> outcome { return answer(7); };
  auto whole = and_then(std::move(modules), next);
  const auto& step = *std::get<std::unique_ptr<module_step>>(whole);
  EXPECT_EQ(generation(step.then()), 5u);
  EXPECT_EQ(generation(step.refused({error_kind::DynamicModuleManagementError, ""})), 8u);
}

}  // namespace
}  // namespace volley::runtime
