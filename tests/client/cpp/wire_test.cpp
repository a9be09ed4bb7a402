#include "client/cpp/wire.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "client/cpp/wire_values.hpp"
#include "protocol/api.capnp.h"
#include "protocol/limits.hpp"
#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

namespace p = volley::protocol;

const std::shared_ptr<conversation> no_kernel;

/// The value behind a reply that carries it.
Value through_the_wire(const Value& sent) {
  const auto body = p::write_message<p::Reply>([&](p::Reply::Builder out) { wire::write(out.initValue(), sent); });
  return std::get<Value>(wire::read_reply(body, no_kernel).outcome);
}

TEST(wire, every_type_of_value_comes_back) {
  std::vector<double> long_column(10'000);
  std::iota(long_column.begin(), long_column.end(), 0.25);
  const std::vector<Value> values = {{},
                                     true,
                                     std::int64_t{-5},
                                     std::numeric_limits<double>::denorm_min(),
                                     "text",
                                     EmptyVector{},
                                     Booleans{0, 1, 1},
                                     Column<std::int64_t>{1, -2},
                                     Column<double>{0.5, -0.0},
                                     long_column,
                                     std::vector<std::string>{"a", ""},
                                     Matrix{2, 3, {1, 2, 3, 4, 5, 6}},
                                     NodeCollection(no_kernel, 3, {{1, 5, 1}, {8, 12, 2}}),
                                     random::normal(1, 2) * 3.0 + random::uniform(),
                                     Dictionary{{"a", 1}, {"b", Dictionary{{"c", "d"}}}},
                                     std::vector<Value>{1, "two", {}}};
  for (const auto& value : values) EXPECT_EQ(through_the_wire(value), value) << type_name(value);
}

/// `value` in `levels` dictionaries and lists, by turns.
Value nested(Value value, int levels) {
  for (int i = 0; i < levels; ++i) value = i % 2 ? Value(std::vector<Value>{value}) : Value(Dictionary{{"a", value}});
  return value;
}

TEST(wire, values_as_deep_as_a_message_takes_pass_and_deeper_ones_are_refused) {
  const Matrix leaf{1, 2, {1, 2}};
  const auto deepest = nested(leaf, p::value_nesting_limit);
  EXPECT_EQ(through_the_wire(deepest), deepest);
  for (const int levels : {p::value_nesting_limit + 1, 100, 1000})
    EXPECT_EQ(kind_of_error([&] { through_the_wire(nested(leaf, levels)); }), "builtins.ValueError");
}

TEST(wire, values_that_contradict_themselves_are_not_sent) {
  for (const Matrix& ragged :
       {Matrix{2, 2, {1, 2, 3}}, Matrix{1, 0, {1}}, Matrix{std::uint64_t(1) << 32, std::uint64_t(1) << 32, {}}})
    EXPECT_EQ(kind_of_error([&] { through_the_wire(ragged); }), "builtins.ValueError");
  EXPECT_EQ(through_the_wire(Matrix{0, 5, {}}), Value(Matrix{0, 5, {}}));
  Dictionary wide;
  for (std::size_t i = 0; i < p::key_limit; ++i) wide[std::to_string(i)] = 1;
  EXPECT_EQ(through_the_wire(wide), Value(wide));
  wide["one more"] = 1;
  EXPECT_EQ(kind_of_error([&] { through_the_wire(wide); }), "builtins.ValueError");
}

TEST(wire, infinities_and_nan_keep_their_bits) {
  const auto back = through_the_wire(std::numeric_limits<double>::infinity());
  EXPECT_EQ(back, Value(std::numeric_limits<double>::infinity()));
  EXPECT_TRUE(std::isnan(through_the_wire(std::numeric_limits<double>::quiet_NaN()).as<double>()));
}

TEST(wire, long_columns_share_the_body_and_short_ones_do_not) {
  const Value columns = std::vector<Value>{std::vector<double>(10'000), std::vector<double>(10)};
  const auto body = p::write_message<p::Reply>([&](p::Reply::Builder out) { wire::write(out.initValue(), columns); });
  const auto read = std::get<Value>(wire::read_reply(body, no_kernel).outcome);
  const auto* begin = reinterpret_cast<const double*>(body->view().data());
  const auto inside = [&](const Value& v) {
    const double* data = v.get_if<Column<double>>()->data();
    return data >= begin && data < begin + body->size();
  };
  EXPECT_TRUE(inside(read.element(0)));
  EXPECT_FALSE(inside(read.element(1)));
}

TEST(wire, replies_carry_generation_log_and_outcome) {
  const auto body = p::write_message<p::Reply>([](p::Reply::Builder out) {
    out.setGeneration(4);
    auto entry = out.initLog(1)[0];
    entry.setSeverity(20);
    entry.setText("careful");
    wire::write(out.initConnections(), SynapseCollection(no_kernel, 4, {{1}, {2}, {3}, {4}}));
  });
  const auto reply = wire::read_reply(body, no_kernel);
  EXPECT_EQ(reply.generation, 4u);
  EXPECT_EQ(reply.log[0].severity, 20);
  EXPECT_EQ(std::get<SynapseCollection>(reply.outcome), SynapseCollection(no_kernel, 4, {{1}, {2}, {3}, {4}}));
}

void expect_malformed(const std::function<void(p::Reply::Builder)>& fill) {
  EXPECT_THROW(wire::read_reply(p::write_message<p::Reply>(fill), no_kernel), p::malformed);
}

TEST(wire, replies_that_contradict_themselves_are_malformed) {
  expect_malformed([](auto out) {
    wire::write(out.initConnections(), SynapseCollection(no_kernel, 4, {{1, 2}, {2}, {3}, {4}}));
  });
  expect_malformed([](auto out) {
    wire::write(out.initNodes(), NodeCollection(no_kernel, 4, {{5, 9, 1}, {8, 10, 1}}));
  });
  expect_malformed([](auto out) { out.initNodes().initRanges(1)[0].setStep(0); });
  expect_malformed([](auto out) {
    auto range = out.initNodes().initRanges(1)[0];
    range.setFirst(1), range.setLast(4), range.setStep(2);
  });
  expect_malformed([](auto out) {
    auto matrix = out.initValue().initMatrix();
    matrix.setRows(2), matrix.setColumns(3);
  });
  expect_malformed([](auto out) { out.initValue().initParameter(); });
  expect_malformed(
      [](auto out) { out.initValue().initParameter().initTerms(1)[0].setOperation(static_cast<p::Operation>(31)); });
  expect_malformed([](auto out) { out.initValue().initReals(12); });
}

TEST(wire, an_argument_that_no_message_can_carry_is_a_memory_error) {
  const std::vector<double> too_long(std::size_t{1} << 26);
  EXPECT_EQ(kind_of_error([&] {
              wire::create_nodes("iaf_psc_alpha", 1, Dictionary{{"V_m", too_long}});
            }),
            "builtins.MemoryError");
}

TEST(wire, values_that_no_server_takes_are_refused_here) {
  Value list = 1.0, nested = 1.0;
  for (int i = 0; i < 100; ++i) {
    list = std::vector<Value>{list};
    nested = Dictionary{{"a", nested}};
  }
  Dictionary many;
  for (int i = 0; i < 2000; ++i) many["key " + std::to_string(i)] = 1.0;
  for (const Value& value : {list, nested, Value(many)})
    EXPECT_EQ(kind_of_error([&] {
                wire::create_nodes("iaf_psc_alpha", 1, Dictionary{{"V_m", value}});
              }),
              "builtins.ValueError");
}

TEST(wire, values_as_deep_as_allowed_can_be_read) {
  Value list = 1.0;
  for (int i = 0; i < p::value_nesting_limit - 4; ++i) list = std::vector<Value>{list};
  const Dictionary value{{"a", list}};
  const auto call = [&](p::Request::Reader in) {
    auto at = in.getConnect().getSynapses()[0].getEntries()[0].getValue();
    while (at.isValues()) at = at.getValues()[0];
    return at.getReal();
  };
  EXPECT_EQ(p::read_message<p::Request>(wire::connect({}, {}, {}, std::vector<Dictionary>{value}), call), 1.0);
}

TEST(wire, events) {
  const auto told = wire::read_event(p::write_message<p::Event>([](p::Event::Builder out) {
    auto now = out.initProgress();
    now.setBeganMs(1), now.setNowMs(2), now.setEndMs(3), now.setWallSeconds(0.5), now.setSpikes(9);
  }));
  const auto& now = std::get<progress>(told);
  EXPECT_EQ(now.began_ms, 1);
  EXPECT_EQ(now.now_ms, 2);
  EXPECT_EQ(now.end_ms, 3);
  EXPECT_EQ(now.wall_seconds, 0.5);
  EXPECT_EQ(now.spikes, 9u);
}

}  // namespace
}  // namespace volley::client
