#include "runtime/space/mask_reader.hpp"

#include <limits>
#include <optional>

#include "gtest/gtest.h"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;

std::optional<error_kind> refusal(value v) {
  unknown_keys unknown;
  try {
    read_mask(v, "CreateMask", unknown);
  } catch (const api_error& e) {
    return e.kind();
  }
  return {};
}

dictionary plain(const char* type, dictionary specs) { return {{type, value(std::move(specs))}}; }

mask_ref read(dictionary d) {
  unknown_keys unknown;
  return read_mask(value(std::move(d)), "CreateMask", unknown);
}

TEST(mask_reader, wrong_descriptions_are_refused) {
  const auto bad = [](const char* type, dictionary specs) { return refusal(value(plain(type, std::move(specs)))); };
  EXPECT_EQ(bad("circular", {{"radius", 0.0}}), error_kind::BadProperty);
  EXPECT_EQ(bad("circular", {{"radius", std::numeric_limits<double>::quiet_NaN()}}), error_kind::BadProperty);
  EXPECT_EQ(bad("circular", {{"radius", std::numeric_limits<double>::infinity()}}), error_kind::BadProperty);
  EXPECT_EQ(bad("circular", {{"radius", "wide"}}), error_kind::BadProperty);
  EXPECT_EQ(bad("circular", {}), error_kind::BadProperty);
  EXPECT_EQ(bad("circular", {{"radius", 1.0}, {"radios", 1.0}}), error_kind::UnaccessedDictionaryEntry);
  EXPECT_EQ(bad("circle", {{"radius", 1.0}}), error_kind::BadProperty);
  EXPECT_EQ(bad("rectangular", {{"lower_left", numbers{0, 0}}, {"upper_right", numbers{1, 0}}}),
            error_kind::BadProperty);
  EXPECT_EQ(bad("rectangular", {{"lower_left", numbers{0, 0, 0}}, {"upper_right", numbers{1, 1, 1}}}),
            error_kind::BadProperty);
  EXPECT_EQ(bad("doughnut", {{"inner_radius", 1.0}, {"outer_radius", 1.0}}), error_kind::BadProperty);
  EXPECT_EQ(bad("elliptical", {{"major_axis", 1.0}, {"minor_axis", 2.0}}), error_kind::BadProperty);
  EXPECT_EQ(bad("grid", {{"shape", std::vector<std::int64_t>{0, 2}}}), error_kind::BadProperty);
  EXPECT_EQ(bad("grid", {{"shape", numbers{1.5, 2}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal(value(3.0)), error_kind::TypeError);
  EXPECT_EQ(refusal(value(dictionary{})), error_kind::BadProperty);
  const value circle(plain("circular", {{"radius", 1.0}})), ball(plain("spherical", {{"radius", 1.0}}));
  const value grid(plain("grid", {{"shape", std::vector<std::int64_t>{2, 2}}}));
  EXPECT_EQ(refusal(value(dictionary{{"and", std::vector<value>{circle, ball}}})), error_kind::BadProperty);
  EXPECT_EQ(refusal(value(dictionary{{"and", std::vector<value>{circle}}})), error_kind::BadProperty);
  EXPECT_EQ(refusal(value(dictionary{{"or", std::vector<value>{circle, grid}}})), error_kind::KernelException);
  EXPECT_EQ(refusal(value(dictionary{{"circular", dictionary{{"radius", 1.0}}}, {"spherical", dictionary{}}})),
            error_kind::BadProperty);
  EXPECT_EQ(refusal(value(dictionary{{"circular", dictionary{{"radius", 1.0}}}, {"anchor", numbers{1, 2, 3}}})),
            error_kind::BadProperty);
  value deep = circle;
  for (int i = 0; i < 150; ++i) deep = value(dictionary{{"or", std::vector<value>{deep, circle}}});
  EXPECT_EQ(refusal(deep), error_kind::BadProperty);
}

TEST(mask_reader, messages_name_the_call_the_mask_and_the_nearest_type) {
  unknown_keys unknown;
  try {
    read_mask(value(plain("circlar", {{"radius", 1.0}})), "Connect: mask", unknown);
    FAIL();
  } catch (const api_error& e) {
    EXPECT_NE(std::string(e.what()).find("Connect: mask"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("did you mean 'circular'"), std::string::npos) << e.what();
  }
}

TEST(mask_reader, a_grid_has_its_cells_as_a_list_or_by_name) {
  for (const auto& specs :
       {dictionary{{"shape", integers{3, 2}}}, dictionary{{"shape", numbers{3, 2}}},
        dictionary{{"columns", 3}, {"rows", 2}}, dictionary{{"shape", dictionary{{"columns", 3}, {"rows", 2}}}}}) {
    const auto m = read(plain("grid", specs));
    EXPECT_EQ(m->kind, mask::form::grid);
    EXPECT_EQ(m->cells.counts, (std::array<std::int64_t, 3>{3, 2, 1}));
  }
  for (const auto& anchor : {value(integers{1, -1}), value(dictionary{{"column", 1}, {"row", -1}})}) {
    auto described = plain("grid", {{"shape", integers{3, 2}}});
    described["anchor"] = anchor;
    EXPECT_EQ(read(described)->cells.anchor, (std::array<std::int64_t, 3>{1, -1, 0}));
  }
}

TEST(mask_reader, an_anchor_beside_the_type_is_the_same_as_one_among_the_specs) {
  dictionary beside = plain("elliptical", {{"major_axis", 2.0}, {"minor_axis", 1.0}});
  beside["anchor"] = value(numbers{3, 1});
  const auto among = plain("elliptical", {{"major_axis", 2.0}, {"minor_axis", 1.0}, {"anchor", numbers{3, 1}}});
  EXPECT_EQ(bytes_of(read(beside)), bytes_of(read(among)));
  EXPECT_EQ(read(beside)->center, (point{3, 1, 0}));
}

TEST(read_point, takes_two_or_three_finite_numbers) {
  EXPECT_EQ(read_point(value(numbers{1, 2}), "test", "anchor").dimensions, 2);
  EXPECT_EQ(read_point(value(integers{1, 2, 3}), "test", "anchor").at, (point{1, 2, 3}));
  for (const value& v : {value(numbers{1}), value(numbers{1, 2, 3, 4}), value(3.0), value("here"),
                         value(numbers{1, std::numeric_limits<double>::quiet_NaN()}), value(numbers{1, 1e101})})
    EXPECT_THROW(read_point(v, "test", "anchor"), api_error) << to_text(v);
}

}  // namespace
}  // namespace volley::runtime
