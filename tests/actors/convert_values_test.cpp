// Values on the wire: as the client writes and reads them, and as no client of ours would send them.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "actors/convert.hpp"
#include "client/cpp/wire.hpp"
#include "protocol/api.capnp.h"
#include "protocol/message.hpp"
#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::actors {
namespace {

namespace p = volley::protocol;
namespace c = volley::client;
using runtime::dictionary;
using runtime::node_set;
using runtime::value;

const std::shared_ptr<c::conversation> nobody;
const node_set some_nodes{3, {{1, 5, 1}, {8, 12, 2}}};
const c::NodeCollection the_same_nodes(nobody, 3, {{1, 5, 1}, {8, 12, 2}});

template <class Call> Call decoded(const p::body& body) { return std::get<Call>(decode_request(body)); }

TEST(convert_values, parameters_become_trees) {
  const auto drawn = c::random::normal(1, 2) * 3.0 + c::random::uniform(0, 1);
  const auto call = decoded<api::evaluate>(c::wire::evaluate(drawn, nullptr));
  ASSERT_EQ(call.expression->terms().size(), drawn.terms().size());
  for (std::size_t i = 0; i < drawn.terms().size(); ++i) {
    EXPECT_EQ(static_cast<int>(call.expression->terms()[i].what), static_cast<int>(drawn.terms()[i].what));
    EXPECT_EQ(call.expression->terms()[i].numbers, drawn.terms()[i].numbers);
    EXPECT_EQ(call.expression->terms()[i].arguments, drawn.terms()[i].arguments);
  }
  EXPECT_FALSE(call.nodes);
  EXPECT_THROW(decode_request(c::wire::evaluate(c::random::normal(0, -1), nullptr)), runtime::api_error);
}

c::Value told(const value& content) {
  return std::get<c::Value>(c::wire::read_reply(encode_answer({1, content, {}}), nobody).outcome);
}

TEST(convert_values, every_type_of_value_reaches_the_client) {
  std::vector<double> many(10'000);
  std::iota(many.begin(), many.end(), 0.5);
  EXPECT_EQ(told({}), c::Value());
  EXPECT_EQ(told(true), c::Value(true));
  EXPECT_EQ(told(std::int64_t{-4}), c::Value(-4));
  EXPECT_EQ(told(std::numeric_limits<double>::denorm_min()), c::Value(std::numeric_limits<double>::denorm_min()));
  EXPECT_EQ(told("text"), c::Value("text"));
  EXPECT_EQ(told(runtime::empty_vector{}), c::Value(c::EmptyVector{}));
  EXPECT_EQ(told(runtime::booleans{{0, 1}}), c::Value(c::Booleans{0, 1}));
  EXPECT_EQ(told(std::vector<std::int64_t>{3, -3}), c::Value(c::Column<std::int64_t>{3, -3}));
  EXPECT_EQ(told(many), c::Value(c::Column<double>(many)));
  EXPECT_EQ(told(std::vector<std::string>{"a", ""}), c::Value(std::vector<std::string>{"a", ""}));
  EXPECT_EQ(told(runtime::matrix{1, 2, {1, 2}}), c::Value(c::Matrix{1, 2, {1, 2}}));
  EXPECT_EQ(told(some_nodes), c::Value(the_same_nodes));
  EXPECT_EQ(told(dictionary{{"a", dictionary{{"b", 1}}}}), c::Value(c::Dictionary{{"a", c::Dictionary{{"b", 1}}}}));
  EXPECT_EQ(told(std::vector<value>{1, "two", {}}), c::Value(std::vector<c::Value>{1, "two", {}}));
}

using fill = std::function<void(p::Request::Builder)>;

void expect_malformed(const fill& write) {
  EXPECT_THROW(decode_request(p::write_message<p::Request>([&](auto to) { write(to); })), p::malformed);
}

void expect_malformed_range(std::uint64_t first, std::uint64_t last, std::uint64_t step) {
  expect_malformed([=](auto to) {
    auto range = to.initDescribeNodes().initRanges(1)[0];
    range.setFirst(first);
    range.setLast(last);
    range.setStep(step);
  });
}

TEST(convert_values, refuses_requests_that_contradict_themselves) {
  expect_malformed_range(0, 5, 1);
  expect_malformed_range(1, 5, 0);
  expect_malformed_range(5, 4, 1);
  expect_malformed_range(1, 6, 2);
  expect_malformed([](auto to) {
    auto ranges = to.initDescribeNodes().initRanges(2);
    for (auto range : ranges) {
      range.setFirst(3);
      range.setLast(7);
    }
  });
  expect_malformed([](auto to) { to.initDisconnectConnections().initSources(8); });
  expect_malformed([](auto to) { to.initConnectArrays().initSources(7); });
  expect_malformed([](auto to) {
    auto entries = to.initMatchNodes().initEntries(2);
    for (auto entry : entries) entry.setKey("same");
  });
  expect_malformed([](auto to) {
    auto matrix = to.initCreateNodes().initParameters().initMatrix();
    matrix.setRows(3);
    matrix.setColumns(2);
  });
}

// The kernel refuses them as a user's mistake, which does not end the session.
TEST(convert_values, takes_arrays_of_different_lengths) {
  const auto two = decoded<api::connect_arrays>(
      p::write_message<p::Request>([](auto to) { to.initConnectArrays().initSources(16); }));
  EXPECT_EQ(two.sources.size(), 2u);
  EXPECT_TRUE(two.targets.empty());
}

TEST(convert_values, refuses_dictionaries_of_thousands_of_keys) {
  expect_malformed([](auto to) {
    auto entries = to.initMatchNodes().initEntries(2000);
    for (unsigned i = 0; i < entries.size(); ++i) entries[i].setKey(std::to_string(i));
  });
}

// A list of empty structs takes no room on the wire, whatever its length: here a thousand values in ten words.
TEST(convert_values, refuses_lists_that_are_larger_than_their_message) {
  const auto honest =
      p::write_message<p::Request>([](auto to) { to.initCreateNodes().initParameters().initValues(500); });
  EXPECT_EQ(decoded<api::create_nodes>(honest).parameters.get_if<std::vector<value>>()->size(), 500u);

  const auto small = p::write_message<p::Request>([](auto to) { to.initCreateNodes().initParameters().initValues(1); });
  auto forged = p::words::of_size(small->size());
  std::copy(small->view().begin(), small->view().end(), forged.view().begin());
  std::uint64_t* tag = nullptr;  // of the list: the last word that says one of something of a size
  for (auto& word : forged.view())
    if ((word & 3) == 0 && ((word >> 2) & 0x3fffffff) == 1 && (word >> 32) != 0) tag = &word;
  ASSERT_NE(tag, nullptr);
  *tag = std::uint64_t{1000} << 2;  // one struct of some words becomes a thousand of none
  EXPECT_THROW(decode_request(std::make_shared<const p::words>(std::move(forged))), p::malformed);
}

TEST(convert_values, refuses_values_nested_too_deep) {
  expect_malformed([](auto to) {
    auto inner = to.initCreateNodes().initParameters();
    for (int depth = 0; depth < 70; ++depth) inner = inner.initValues(1)[0];
  });
}

}  // namespace
}  // namespace volley::actors
