#include "runtime/loops/loops.hpp"

#include <gtest/gtest.h>

#include "models/catalog.hpp"

namespace volley::runtime {
namespace {

TEST(kernels, every_set_has_a_loop_for_every_model) {
  const auto models = models::built_in_neurons();
  ASSERT_GE(runnable_kernels().size(), 1u);
  EXPECT_EQ(runnable_kernels().front().isa, "scalar");
  for (const kernel_set& set : runnable_kernels()) {
    EXPECT_EQ(set.loops.size(), models.size()) << set.isa;
    for (const auto& model : models) EXPECT_NE(set.loops[model.kernel], nullptr) << set.isa << " " << model.name;
  }
}

TEST(kernels, the_best_is_the_widest) { EXPECT_EQ(best_kernels().isa, runnable_kernels().back().isa); }

}  // namespace
}  // namespace volley::runtime
