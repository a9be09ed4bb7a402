#include "client/cpp/node_collection.hpp"

#include <gtest/gtest.h>

#include "client/cpp/conversation.hpp"
#include "client/cpp/value.hpp"
#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

class node_collection : public testing::Test {
 protected:
  NodeCollection nodes(node_ranges ranges) { return {link, 3, std::move(ranges)}; }
  /// get answers with this dictionary.
  void answers(const std::function<void(protocol::Dictionary::Builder)>& fill) {
    kernel->answers([fill](auto request, auto reply) {
      ASSERT_TRUE(request.isGetNodeValues());
      fill(reply.initValue().initDictionary());
    });
  }

  std::shared_ptr<fake_kernel> kernel = std::make_shared<fake_kernel>();
  std::shared_ptr<conversation> link = conversation::open(std::make_unique<fake_channel>(kernel), "");
};

TEST_F(node_collection, indexing) {
  const auto ten = nodes({{1, 10, 1}});
  EXPECT_EQ(ten[0].ids(), std::vector<std::uint64_t>{1});
  EXPECT_EQ(ten[-1].ids(), std::vector<std::uint64_t>{10});
  for (std::int64_t outside : {10, -11}) EXPECT_EQ(kind_of_error([&] { ten[outside]; }), "builtins.IndexError");
}

TEST_F(node_collection, slices_never_clamp) {
  const auto ten = nodes({{1, 10, 1}});
  EXPECT_EQ(ten.slice(2, 5).ranges(), (node_ranges{{3, 5, 1}}));
  EXPECT_EQ(ten.slice({}, {}, 3).ranges(), (node_ranges{{1, 10, 3}}));
  EXPECT_EQ(ten.slice(-3, {}).ranges(), (node_ranges{{8, 10, 1}}));
  EXPECT_EQ(kind_of_error([&] { ten.slice(0, 11); }), "builtins.IndexError");
  EXPECT_EQ(kind_of_error([&] { ten.slice(-11, {}); }), "builtins.IndexError");
  EXPECT_EQ(kind_of_error([&] { ten.slice({}, {}, 0); }), "builtins.IndexError");
  EXPECT_EQ(kind_of_error([&] { ten.slice(5, 5); }), "BadParameter");
  EXPECT_EQ(kind_of_error([&] { nodes({}).slice({}, {}); }), "BadParameter");
}

TEST_F(node_collection, selection_by_positions) {
  using positions = std::vector<std::int64_t>;
  const auto ten = nodes({{11, 20, 1}});
  EXPECT_EQ(ten.select(positions{0, 4, 9}).ids(), (std::vector<std::uint64_t>{11, 15, 20}));
  EXPECT_TRUE(ten.select(positions{}).empty());
  EXPECT_EQ(kind_of_error([&] { ten.select(positions{1, 1}); }), "builtins.ValueError");
  EXPECT_EQ(kind_of_error([&] { ten.select(positions{2, 1}); }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { ten.select(positions{10}); }), "builtins.IndexError");
}

TEST_F(node_collection, unions) {
  const auto low = nodes({{1, 5, 1}}), high = nodes({{6, 9, 1}});
  EXPECT_EQ((high + low).ranges(), (node_ranges{{1, 9, 1}}));
  EXPECT_EQ(NodeCollection() + low, low);
  EXPECT_EQ(low + NodeCollection(), low);
  EXPECT_EQ(kind_of_error([&] { low + low; }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { low + NodeCollection(link, 4, {{7, 7, 1}}); }), "BadProperty");
}

TEST_F(node_collection, a_sliced_composite_cannot_be_joined) {
  const auto composite = nodes({{1, 5, 1}, {8, 9, 1}});
  EXPECT_EQ((composite + nodes({{20, 20, 1}})).size(), 8u);
  EXPECT_EQ(kind_of_error([&] { composite.slice({}, {}, 2) + nodes({{20, 20, 1}}); }), "BadProperty");
  EXPECT_EQ((nodes({{1, 9, 1}}).slice(2, 4) + nodes({{20, 20, 1}})).size(), 3u);
}

TEST_F(node_collection, equality_is_of_nodes_and_kernels) {
  EXPECT_EQ(nodes({{1, 3, 1}}), nodes({{1, 2, 1}, {3, 3, 1}}));
  EXPECT_FALSE(nodes({{1, 3, 1}}) == nodes({{1, 4, 1}}));
  EXPECT_FALSE(nodes({{1, 3, 1}}) == NodeCollection(link, 4, {{1, 3, 1}}));
  EXPECT_EQ(NodeCollection(), nodes({}));
}

TEST_F(node_collection, membership_and_index) {
  const auto odd = nodes({{1, 9, 2}});
  EXPECT_TRUE(odd.contains(7));
  EXPECT_FALSE(odd.contains(8));
  EXPECT_EQ(odd.index(7), 3u);
  EXPECT_EQ(kind_of_error([&] { odd.index(8); }), "builtins.ValueError");
}

TEST_F(node_collection, get_is_a_scalar_for_one_node_and_a_column_for_several) {
  answers([](auto out) {
    auto entry = out.initEntries(1)[0];
    entry.setKey("V_m");
    const double potentials[] = {-70, -65};
    entry.initValue().setReals({reinterpret_cast<const kj::byte*>(potentials), sizeof potentials});
  });
  EXPECT_EQ(nodes({{1, 1, 1}}).get("V_m"), Value(-70.0));
  EXPECT_EQ(nodes({{1, 2, 1}}).get("V_m"), Value(Column<double>{-70, -65}));
  EXPECT_EQ(nodes({{1, 2, 1}}).get({"V_m"}), (Dictionary{{"V_m", Column<double>{-70, -65}}}));
  EXPECT_EQ(kind_of_error([&] { nodes({{1, 2, 1}}).get("V"); }), "builtins.KeyError");
}

TEST_F(node_collection, get_of_an_entry_goes_into_the_dictionaries_of_the_nodes) {
  answers([](auto out) {
    auto entry = out.initEntries(1)[0];
    entry.setKey("events");
    auto nodes = entry.initValue().initValues(2);
    auto events = nodes[0].initDictionary().initEntries(1)[0];
    events.setKey("times");
    events.initValue().setReal(1.5);
    nodes[1].setNone();
  });
  EXPECT_EQ(nodes({{1, 1, 1}}).get("events", "times"), Value(1.5));
  EXPECT_EQ(nodes({{1, 2, 1}}).get("events", "times"), Value(std::vector<Value>{1.5, {}}));
}

TEST_F(node_collection, set_sends_a_dictionary_or_one_a_node) {
  nodes({{1, 2, 1}}).set({{"V_m", random::uniform()}});
  nodes({{1, 2, 1}}).set(std::vector<Dictionary>{{{"V_m", 1.0}}, {{"V_m", 2.0}}});
  EXPECT_EQ(kernel->count_of(protocol::Request::SET_NODE_VALUES), 2u);
}

TEST_F(node_collection, an_empty_one_sets_nothing_and_has_nothing_to_get) {
  NodeCollection().set({{"V_m", 1.0}});
  EXPECT_EQ(kernel->count_of(protocol::Request::SET_NODE_VALUES), 0u);
  EXPECT_EQ(kind_of_error([] { NodeCollection().get("V_m"); }), "builtins.ValueError");
}

}  // namespace
}  // namespace volley::client
