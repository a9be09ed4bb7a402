#include "client/cpp/synapse_collection.hpp"

#include <gtest/gtest.h>

#include "client/cpp/conversation.hpp"
#include "client/cpp/value.hpp"
#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

class synapse_collection : public testing::Test {
 protected:
  SynapseCollection connections() { return {link, 3, {{1, 2, 3, 4}, {5, 6, 7, 8}, {0, 0, 0, 0}, {0, 1, 0, 1}}}; }

  std::shared_ptr<fake_kernel> kernel = std::make_shared<fake_kernel>();
  std::shared_ptr<conversation> link = conversation::open(std::make_unique<fake_channel>(kernel), "");
};

TEST_F(synapse_collection, indexing_and_slices_clamp_as_python_does) {
  const auto all = connections();
  EXPECT_EQ(all[-1].sources(), Column<std::int64_t>{4});
  EXPECT_EQ(kind_of_error([&] { all[4]; }), "builtins.IndexError");
  EXPECT_EQ(all.slice(1, 100).targets(), (Column<std::int64_t>{6, 7, 8}));
  EXPECT_EQ(all.slice(0, 4, 3).columns().ports, (Column<std::int64_t>{0, 1}));
  EXPECT_TRUE(all.slice(3, 1).empty());
}

TEST_F(synapse_collection, equality_is_entry_by_entry) {
  EXPECT_EQ(connections(), connections());
  EXPECT_FALSE(connections() == connections().slice(0, 3));
}

TEST_F(synapse_collection, get_is_a_scalar_for_one_connection) {
  kernel->answers([](auto request, auto reply) {
    EXPECT_EQ(request.getGetConnectionValues().getKeys()[0], "weight");
    auto entry = reply.initValue().initDictionary().initEntries(1)[0];
    entry.setKey("weight");
    const double weight = 2.5;
    entry.initValue().setReals({reinterpret_cast<const kj::byte*>(&weight), sizeof weight});
  });
  EXPECT_EQ(connections()[0].get("weight"), Value(2.5));
  EXPECT_EQ(connections().get({"weight"}), (Dictionary{{"weight", Column<double>{2.5}}}));
}

TEST_F(synapse_collection, an_empty_one_asks_nobody) {
  EXPECT_TRUE(SynapseCollection().get().empty());
  SynapseCollection().set({{"weight", 1.0}});
  SynapseCollection().disconnect();
  EXPECT_EQ(kernel->sent().size(), 1u);  // the hello
}

TEST_F(synapse_collection, orders_name_the_connections) {
  connections().disconnect();
  connections().set({{"weight", Column<double>{1, 2, 3, 4}}});
  const auto sent = kernel->sent();
  protocol::read_message<protocol::Request>(sent[1].body(), [](protocol::Request::Reader request) {
    const auto column = protocol::column<std::int64_t>(request.getDisconnectConnections().getTargets());
    EXPECT_EQ(std::vector(column.begin(), column.end()), (std::vector<std::int64_t>{5, 6, 7, 8}));
    EXPECT_EQ(request.getDisconnectConnections().getGeneration(), 3u);
  });
  EXPECT_EQ(kernel->count_of(protocol::Request::SET_CONNECTION_VALUES), 1u);
}

}  // namespace
}  // namespace volley::client
