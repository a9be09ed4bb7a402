#include "runtime/loops/loops.hpp"

#include <gtest/gtest.h>

#include "models/catalog.hpp"

namespace volley::runtime {
namespace {

TEST(loops, every_set_has_a_loop_for_every_model) {
  const auto models = models::built_in_neurons();
  ASSERT_GE(runnable_loops().size(), 1u);
  EXPECT_EQ(runnable_loops().front().isa, "scalar");
  for (const loop_set& set : runnable_loops()) {
    EXPECT_EQ(set.step.size(), models.size()) << set.isa;
    for (const auto& model : models) EXPECT_NE(set.step[model.loop], nullptr) << set.isa << " " << model.name;
  }
}

TEST(loops, the_best_is_the_widest) { EXPECT_EQ(best_loops().isa, runnable_loops().back().isa); }

}  // namespace
}  // namespace volley::runtime
