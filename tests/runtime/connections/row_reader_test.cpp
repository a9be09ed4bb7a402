#include "runtime/connections/row_reader.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

using names = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // target, number

names of(std::span<const row_entry> entries) {
  names all;
  for (const auto& e : entries) all.emplace_back(e.name.target, e.name.number);
  return all;
}

/// Source 1 has node 7 twice, then node 5, node 7 once more, and node 6 through a current.
struct one_row : built_store {
  one_row() {
    add_nodes(1, 9, {input_form::sum, input_form::current});
    auto currents = all_to_all(ids(1, 1), ids(6, 6));
    currents.currents = true;
    currents.receptor = 1.0;
    currents.delay_ms = 3.0;
    build({all_to_all(ids(1, 1), ids(7, 7)), all_to_all(ids(1, 1), ids(7, 7)), all_to_all(ids(1, 1), ids(5, 5)),
           all_to_all(ids(1, 1), ids(7, 7)), currents});
  }
};

TEST(row_reader, numbers_multapses_in_the_order_of_the_row) {
  const one_row row;
  row_reader reader(row.store, row.targets);
  const auto entries = reader.read_all(1);
  EXPECT_EQ(of(entries), (names{{7, 0}, {7, 1}, {5, 0}, {7, 2}, {6, 0}}));
  std::vector<std::uint32_t> sorted(reader.by_name().begin(), reader.by_name().end());
  EXPECT_EQ(sorted, (std::vector<std::uint32_t>{2, 4, 0, 1, 3}));
  for (const auto& e : entries) {
    const segment& r = row.store.row(1)[e.segment];
    EXPECT_EQ(row.targets.id(row.store.slot(r, e.at), r.is_current()), e.name.target) << "at its place";
  }
  EXPECT_TRUE(reader.read_all(2).empty());
}

TEST(row_reader, reads_wanted_targets_alone) {
  const one_row row;
  row_reader reader(row.store, row.targets);
  EXPECT_TRUE(reader.read_wanted(1).empty());
  reader.want(7);
  reader.want(6);
  EXPECT_EQ(of(reader.read_wanted(1)), (names{{7, 0}, {7, 1}, {7, 2}, {6, 0}}));
  reader.want_no_more(7);
  EXPECT_EQ(of(reader.read_wanted(1)), (names{{6, 0}}));
  reader.want(2);
  EXPECT_EQ(of(reader.read_wanted(1)), (names{{6, 0}})) << "no connection ends there";
}

TEST(row_reader, finds_connections_by_target_and_number) {
  const one_row row;
  row_reader reader(row.store, row.targets);
  const std::vector<sought_connection> sought{{5, sought_connection::any}, {5, 1}, {6, 0}, {7, 1}, {7, 3},
                                              {7, sought_connection::any}, {8, 0}};
  std::vector<sought_connection> ascending = sought;
  std::ranges::sort(ascending);
  std::vector<std::uint32_t> found(ascending.size());
  const auto entries = reader.find(1, ascending, found);
  const auto name_of = [&](sought_connection s) {
    const auto at = found[static_cast<std::size_t>(std::ranges::find(ascending, s) - ascending.begin())];
    return at == row_reader::none ? std::pair<std::uint32_t, std::uint32_t>{0, 0}
                                  : std::pair(entries[at].name.target, entries[at].name.number);
  };
  using name = std::pair<std::uint32_t, std::uint32_t>;
  EXPECT_EQ(name_of({6, 0}), name(6, 0));
  EXPECT_EQ(name_of({7, 1}), name(7, 1));
  EXPECT_EQ(name_of({5, 1}), name(0, 0));
  EXPECT_EQ(name_of({7, 3}), name(0, 0));
  EXPECT_EQ(name_of({8, 0}), name(0, 0));
  EXPECT_TRUE(reader.read_wanted(1).empty()) << "what was sought is wanted no more";
}

TEST(row_reader, any_number_is_the_smallest) {
  const one_row row;
  row_reader reader(row.store, row.targets);
  const std::vector<sought_connection> sought{
      {5, sought_connection::any}, {7, sought_connection::any}, {8, sought_connection::any}};
  std::vector<std::uint32_t> found(3);
  const auto entries = reader.find(1, sought, found);
  ASSERT_NE(found[0], row_reader::none);
  EXPECT_EQ(entries[found[0]].name.target, 5u);
  ASSERT_NE(found[1], row_reader::none);
  EXPECT_EQ(entries[found[1]].name.number, 0u);
  EXPECT_EQ(found[2], row_reader::none);
}

}  // namespace
}  // namespace volley::runtime::tests
