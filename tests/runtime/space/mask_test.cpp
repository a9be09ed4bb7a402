#include "runtime/space/mask.hpp"

#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "runtime/space/mask_reader.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;

mask_ref read(dictionary d) {
  unknown_keys unknown;
  return read_mask(value(std::move(d)), "CreateMask", unknown);
}

dictionary plain(const char* type, dictionary specs) { return {{type, value(std::move(specs))}}; }

TEST(mask, boundaries_are_inside) {
  const auto circle = read(plain("circular", {{"radius", 0.5}}));
  EXPECT_TRUE(circle->contains({0.5, 0, 0}));
  EXPECT_FALSE(circle->contains({0.5000001, 0, 0}));
  const auto box = read(plain("box", {{"lower_left", numbers{-1, -2, -3}}, {"upper_right", numbers{1, 2, 3}}}));
  EXPECT_TRUE(box->contains({1, -2, 3}));
  EXPECT_FALSE(box->contains({1, -2, 3.000001}));
  const auto ring = read(plain("doughnut", {{"inner_radius", 0.25}, {"outer_radius", 0.5}}));
  EXPECT_TRUE(ring->contains({0, 0.5, 0}));
  EXPECT_FALSE(ring->contains({0, 0.25, 0}));
  EXPECT_TRUE(ring->contains({0, 0.2500001, 0}));
  const auto ellipse = read(plain("elliptical", {{"major_axis", 4.0}, {"minor_axis", 2.0}}));
  EXPECT_TRUE(ellipse->contains({2, 0, 0}));
  EXPECT_TRUE(ellipse->contains({0, -1, 0}));
  EXPECT_FALSE(ellipse->contains({1.5, 0.9, 0}));
}

TEST(mask, angles_turn_about_the_middle) {
  // A quarter of a turn makes a lying rectangle stand on its middle.
  const auto turned = read(
      plain("rectangular", {{"lower_left", numbers{1, 0}}, {"upper_right", numbers{5, 2}}, {"azimuth_angle", 90.0}}));
  EXPECT_TRUE(turned->contains({2, 3, 0}));
  EXPECT_TRUE(turned->contains({4, -1, 0}));
  EXPECT_FALSE(turned->contains({4.5, 1, 0}));
  EXPECT_FALSE(turned->contains({1, 1, 0}));
  // Counter-clockwise.
  const auto ellipse = read(plain("elliptical", {{"major_axis", 2.0}, {"minor_axis", 0.2}, {"azimuth_angle", 45.0}}));
  EXPECT_TRUE(ellipse->contains({0.6, 0.6, 0}));
  EXPECT_FALSE(ellipse->contains({0.6, -0.6, 0}));
  // A quarter of a polar turn lays the first axis along the third.
  const auto needle = read(
      plain("ellipsoidal", {{"major_axis", 2.0}, {"minor_axis", 0.2}, {"polar_axis", 0.2}, {"polar_angle", 90.0}}));
  EXPECT_TRUE(needle->contains({0, 0, 0.9}));
  EXPECT_FALSE(needle->contains({0.9, 0, 0}));
}

TEST(mask, anchors_shift) {
  const auto circle = read({{"circular", dictionary{{"radius", 1.0}}}, {"anchor", numbers{3, 0}}});
  EXPECT_TRUE(circle->contains({4, 0, 0}));
  EXPECT_FALSE(circle->contains({0, 0, 0}));
  const auto own = read(plain("elliptical", {{"major_axis", 2.0}, {"minor_axis", 2.0}, {"anchor", numbers{3, 0}}}));
  EXPECT_TRUE(own->contains({4, 0, 0}));
  const dictionary part = plain("circular", {{"radius", 1.0}});
  const auto both =
      read({{"or", std::vector<value>{value(part), value(dictionary{{"circular", dictionary{{"radius", 1.0}}},
                                                                    {"anchor", numbers{5, 0}}})}},
            {"anchor", numbers{0, 10}}});
  EXPECT_TRUE(both->contains({0, 10, 0}));
  EXPECT_TRUE(both->contains({5.5, 10, 0}));
  EXPECT_FALSE(both->contains({0, 0, 0}));
}

std::vector<mask_ref> all_kinds() {
  const dictionary a = plain("circular", {{"radius", 1.0}}),
                   b = plain("rectangular", {{"lower_left", numbers{0, -0.5}}, {"upper_right", numbers{2, 0.5}}});
  const auto join = [&](const char* how) { return read({{how, std::vector<value>{value(a), value(b)}}}); };
  return {read(a),
          read(b),
          read(plain("rectangular",
                     {{"lower_left", numbers{0, -0.5}}, {"upper_right", numbers{2, 0.5}}, {"azimuth_angle", 33.0}})),
          read(plain("elliptical", {{"major_axis", 2.0}, {"minor_axis", 1.0}, {"azimuth_angle", 33.0}})),
          read(plain("box", {{"lower_left", numbers{0, -0.5, -1}},
                             {"upper_right", numbers{2, 0.5, 1}},
                             {"azimuth_angle", 33.0},
                             {"polar_angle", 12.0}})),
          read(plain("spherical", {{"radius", 1.5}})),
          read(plain("ellipsoidal", {{"major_axis", 3.0},
                                     {"minor_axis", 1.0},
                                     {"polar_axis", 2.0},
                                     {"azimuth_angle", 33.0},
                                     {"polar_angle", 12.0}})),
          join("and"),
          join("or"),
          join("without")};
}

TEST(mask, columns_say_what_single_points_do_and_bounds_hold_all_that_is_inside) {
  std::mt19937 draws(3);
  std::uniform_real_distribution<double> side(-2.5, 2.5);
  std::array<numbers, 3> columns;
  for (auto& column : columns)
    for (int i = 0; i < 5000; ++i) column.push_back(side(draws));
  for (const auto& m : all_kinds()) {
    std::vector<std::uint8_t> inside(columns[0].size());
    m->contains(point_columns{columns[0], columns[1], columns[2]}, inside);
    std::size_t n = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
      const point p{columns[0][i], columns[1][i], m->dimensions == 3 ? columns[2][i] : 0};
      ASSERT_EQ(inside[i] != 0, m->contains(p));
      if (inside[i] == 0) continue;
      ++n;
      for (int axis = 0; axis < m->dimensions; ++axis) {
        ASSERT_GE(p[axis], m->bounds.low[axis]);
        ASSERT_LE(p[axis], m->bounds.high[axis]);
      }
    }
    EXPECT_GT(n, 50u);
  }
}

TEST(mask, comes_back_from_its_image) {
  for (const auto& m : all_kinds()) {
    const auto copy = object_of<mask_ref>(bytes_of(m));
    EXPECT_EQ(bytes_of(copy), bytes_of(m));
    EXPECT_EQ(copy->contains({0.3, 0.2, 0.1}), m->contains({0.3, 0.2, 0.1}));
  }
}

}  // namespace
}  // namespace volley::runtime
