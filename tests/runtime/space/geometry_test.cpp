#include "runtime/space/geometry.hpp"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace volley::runtime {
namespace {

TEST(geometry, differences_wrap_to_the_shorter_way) {
  EXPECT_EQ(wrapped(0.25, 2), 0.25);
  EXPECT_EQ(wrapped(1, 2), -1);
  EXPECT_EQ(wrapped(-1, 2), -1);
  EXPECT_EQ(wrapped(1.5, 2), -0.5);
  EXPECT_EQ(wrapped(-7.5, 2), 0.5);
  std::vector<double> many{0.25, 1, -1, 1.5, -7.5, 3};
  wrap_all({2, {}, {2, 2, 0}, true}, 0, many);
  EXPECT_EQ(many, (std::vector<double>{0.25, -1, -1, -0.5, 0.5, -1}));
  std::vector<double> flat{3};
  wrap_all({2, {}, {2, 2, 0}, false}, 0, flat);
  EXPECT_EQ(flat[0], 3);
}

TEST(geometry, many_differences_wrap_to_the_bits_of_one) {
  std::mt19937 draws(1);
  std::uniform_real_distribution<double> side(-40, 40);
  const frame torus{2, {}, {3.7, 0.1, 0}, true};
  for (int axis = 0; axis < 2; ++axis) {
    std::vector<double> many(1000);
    for (double& d : many) d = side(draws) * torus.extent[axis];
    auto all = many;
    wrap_all(torus, axis, all);
    for (std::size_t i = 0; i < many.size(); ++i) {
      const double one = wrapped(many[i], torus.extent[axis]);
      ASSERT_NEAR(all[i], one, 1e-13);
      ASSERT_GE(one, -torus.extent[axis] / 2);
      ASSERT_LT(one, torus.extent[axis] / 2);
    }
  }
}

TEST(geometry, displacements_and_lengths) {
  const frame torus{2, {-1, -1, 0}, {2, 2, 0}, true}, plane{2, {-1, -1, 0}, {2, 2, 0}, false};
  EXPECT_EQ(displacement(plane, {-0.75, 0, 0}, {0.75, 0.5, 0}), (point{1.5, 0.5, 0}));
  EXPECT_EQ(displacement(torus, {-0.75, 0, 0}, {0.75, 0.5, 0}), (point{-0.5, 0.5, 0}));
  EXPECT_EQ(length({3, 4, 12}), 13);
  const std::vector<double> x{3, 0}, y{4, 1}, z{12, 0};
  std::vector<double> out(2);
  lengths(2, {x, y, {}}, out);
  EXPECT_EQ(out, (std::vector<double>{5, 1}));
  lengths(3, {x, y, z}, out);
  EXPECT_EQ(out, (std::vector<double>{13, 1}));
}

}  // namespace
}  // namespace volley::runtime
