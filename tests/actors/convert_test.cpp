// Requests as the client writes them, replies as it reads them: both ends of the wire against each other.
#include "actors/convert.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "client/cpp/wire.hpp"
#include "protocol/message.hpp"
#include "runtime/base/error.hpp"

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
const node_set other_nodes{3, {{2, 4, 1}, {6, 6, 1}}};
const c::NodeCollection the_same_others(nobody, 3, {{2, 4, 1}, {6, 6, 1}});

template <class Call> Call decoded(const p::body& body) { return std::get<Call>(decode_request(body)); }

TEST(convert, reads_every_request_as_the_client_writes_it) {
  const auto made =
      decoded<api::create_nodes>(c::wire::create_nodes("iaf_psc_alpha", 7, c::Dictionary{{"C_m", 200.0}}));
  EXPECT_EQ(made.model, "iaf_psc_alpha");
  EXPECT_EQ(made.count, 7);
  EXPECT_EQ(made.parameters, value(dictionary{{"C_m", 200.0}}));

  const std::vector<c::Dictionary> two{{{"weight", 1.0}}, {{"weight", 2.0}}};
  const auto joined =
      decoded<api::connect>(c::wire::connect(the_same_nodes, the_same_others, {{"rule", "one_to_one"}}, two));
  EXPECT_EQ(joined.sources, some_nodes);
  EXPECT_EQ(joined.targets, other_nodes);
  EXPECT_EQ(joined.rule, (dictionary{{"rule", "one_to_one"}}));
  EXPECT_EQ(joined.synapses, (std::vector<dictionary>{{{"weight", 1.0}}, {{"weight", 2.0}}}));

  const std::vector<c::Dictionary> one{{{"weight", 3.0}}}, none;
  const auto three = decoded<api::tripartite_connect>(
      c::wire::tripartite_connect(the_same_nodes, the_same_others, the_same_nodes, {{"rule", "one_to_one"}},
                                  {{"rule", "with_pool"}}, one, two, none));
  EXPECT_EQ(three.sources, some_nodes);
  EXPECT_EQ(three.targets, other_nodes);
  EXPECT_EQ(three.third, some_nodes);
  EXPECT_EQ(three.rule, (dictionary{{"rule", "one_to_one"}}));
  EXPECT_EQ(three.third_rule, (dictionary{{"rule", "with_pool"}}));
  EXPECT_EQ(three.primary, (std::vector<dictionary>{{{"weight", 3.0}}}));
  EXPECT_EQ(three.third_in.size(), 2u);
  EXPECT_TRUE(three.third_out.empty());

  const std::vector<std::int64_t> from{5, 5, 1}, to{2, 2, 9};
  const auto pairs = decoded<api::connect_arrays>(c::wire::connect_arrays(from, to, {}));
  EXPECT_EQ(pairs.sources, from);
  EXPECT_EQ(pairs.targets, to);

  const auto parted = decoded<api::disconnect>(
      c::wire::disconnect(the_same_nodes, the_same_others, {{"rule", "all_to_all"}}, {{"synapse_model", "m"}}));
  EXPECT_EQ(parted.sources, some_nodes);
  EXPECT_EQ(parted.targets, other_nodes);
  EXPECT_EQ(parted.rule, (dictionary{{"rule", "all_to_all"}}));
  EXPECT_EQ(parted.synapse, (dictionary{{"synapse_model", "m"}}));
  const c::SynapseCollection connections(nobody, 3, {{1}, {2}, {3}, {4}});
  const api::connection_columns columns{3, {1}, {2}, {3}, {4}};
  EXPECT_EQ(decoded<api::disconnect_connections>(c::wire::disconnect(connections)).connections, columns);
  EXPECT_EQ(decoded<api::get_connection_values>(c::wire::get_connection_values(connections, {"weight"})).keys,
            std::vector<std::string>{"weight"});
  EXPECT_EQ(
      decoded<api::set_connection_values>(c::wire::set_connection_values(connections, c::Dictionary{{"delay", 2.0}}))
          .values,
      value(dictionary{{"delay", 2.0}}));

  EXPECT_EQ(decoded<api::describe_nodes>(c::wire::describe_nodes(the_same_nodes)).nodes, some_nodes);
  EXPECT_EQ(decoded<api::get_node_values>(c::wire::get_node_values(the_same_nodes, {"V_m", "vp"})).keys,
            (std::vector<std::string>{"V_m", "vp"}));
  EXPECT_EQ(decoded<api::get_node_values>(c::wire::get_node_values(the_same_nodes, {})).events, api::event_part());
  EXPECT_EQ(decoded<api::get_node_values>(c::wire::get_node_values(the_same_nodes, {}, {2.5, 7})).events,
            (api::event_part{2.5, 7}));
  const auto given =
      decoded<api::set_node_values>(c::wire::set_node_values(the_same_nodes, c::Dictionary{{"V_m", 1.0}}));
  EXPECT_EQ(given.nodes, some_nodes);
  EXPECT_EQ(given.values, value(dictionary{{"V_m", 1.0}}));
  EXPECT_EQ(decoded<api::match_nodes>(c::wire::match_nodes({{"model", "x"}})).properties, (dictionary{{"model", "x"}}));
  EXPECT_EQ(decoded<api::get_defaults>(c::wire::get_defaults("m")).model, "m");
  EXPECT_EQ(decoded<api::set_defaults>(c::wire::set_defaults("m", {{"a", 1}})).values, (dictionary{{"a", 1}}));
  EXPECT_EQ(decoded<api::copy_model>(c::wire::copy_model("m", "n", {})).copy, "n");
  EXPECT_EQ(decoded<api::get_kernel_status>(c::wire::get_kernel_status({"resolution"})).keys,
            std::vector<std::string>{"resolution"});
  EXPECT_EQ(decoded<api::set_kernel_status>(c::wire::set_kernel_status({{"resolution", 0.5}})).values,
            (dictionary{{"resolution", 0.5}}));
  EXPECT_EQ(decoded<api::run>(c::wire::run(2.5)).time_ms, 2.5);
  EXPECT_EQ(decoded<api::simulate>(c::wire::simulate(7.5)).time_ms, 7.5);
  decoded<api::reset_kernel>(c::wire::reset_kernel());
  decoded<api::prepare>(c::wire::prepare());
  decoded<api::cleanup>(c::wire::cleanup());
  decoded<api::cancel>(c::wire::cancel());
  EXPECT_EQ(decoded<api::save>(c::wire::save("a")).path, "a");
  EXPECT_EQ(decoded<api::load>(c::wire::load("b")).path, "b");
  EXPECT_EQ(decoded<api::describe_saved>(c::wire::describe_saved("c")).path, "c");
  EXPECT_EQ(decoded<api::rescale>(c::wire::rescale(3)).vps, 3);
  EXPECT_EQ(decoded<api::drain>(c::wire::drain(2)).worker, 2u);
  decoded<api::list_kernels>(c::wire::list_kernels());
  EXPECT_EQ(decoded<api::drop_kernel>(c::wire::drop_kernel("d")).name, "d");
}

TEST(convert, tells_no_nodes_from_any_nodes) {
  const auto any = decoded<api::get_connections>(c::wire::get_connections(nullptr, nullptr, "", -1));
  EXPECT_FALSE(any.sources || any.targets || any.label);
  const c::NodeCollection none(nobody, 3, {});
  const auto from_none = decoded<api::get_connections>(c::wire::get_connections(&none, &the_same_nodes, "m", 4));
  ASSERT_TRUE(from_none.sources && from_none.targets);
  EXPECT_TRUE(from_none.sources->empty());
  EXPECT_EQ(from_none.targets, some_nodes);
  EXPECT_EQ(from_none.label, 4);
  EXPECT_EQ(from_none.synapse_model, "m");
  const auto between =
      decoded<api::get_connections>(c::wire::get_connections(&the_same_nodes, &the_same_others, "", -1));
  EXPECT_EQ(between.sources, some_nodes);
  EXPECT_EQ(between.targets, other_nodes);
}

TEST(convert, answers_carry_log_generation_and_outcome) {
  const auto done = c::wire::read_reply(encode_answer({5, std::monostate{}, {{20, "careful"}}}), nobody);
  EXPECT_EQ(done.generation, 5u);
  EXPECT_EQ(done.log[0].text, "careful");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(done.outcome));
  EXPECT_EQ(std::get<c::NodeCollection>(c::wire::read_reply(encode_answer({3, some_nodes, {}}), nobody).outcome),
            the_same_nodes);
  const api::connection_columns columns{3, {1}, {2}, {3}, {4}};
  EXPECT_EQ(
      std::get<c::SynapseCollection>(c::wire::read_reply(encode_answer({3, columns, {}}), nobody).outcome).sources()[0],
      1);
  const auto failed = c::wire::read_reply(encode_error({3, {}, {}}, "BadDelay", "too short"), nobody);
  EXPECT_EQ(std::get<c::error>(failed.outcome).kind(), "BadDelay");
  const auto welcome = c::wire::read_welcome(encode_welcome({7, 1, 3}));
  EXPECT_EQ(welcome.session, 7u);
  EXPECT_EQ(welcome.generation, 3u);
  const auto news = std::get<c::progress>(c::wire::read_event(encode_progress({1, 2, 3, 4, 5})));
  EXPECT_EQ(news.now_ms, 2.0);
  EXPECT_EQ(news.spikes, 5u);
}

TEST(convert, greetings_carry_the_token_and_the_kernel) {
  EXPECT_EQ(decode_greeting(c::wire::hello("secret")).token, "secret");
  const auto again = decode_greeting(c::wire::hello("", "key", "a", 7));
  EXPECT_EQ(again.key, "key");
  EXPECT_EQ(again.kernel, "a");
  EXPECT_EQ(again.knows, 7u);
}

TEST(convert, refuses_no_bytes_at_all) { EXPECT_THROW(decode_request(nullptr), p::malformed); }

// Whatever single bit is flipped, reading ends, in a request or in one of the two exceptions.
TEST(convert, no_flipped_bit_does_harm) {
  const std::vector<c::Dictionary> synapses{
      {{"weight", c::random::normal(1, 2)}, {"delay", std::vector<double>{1, 2, 3}}}};
  const auto sound =
      c::wire::connect(the_same_nodes, the_same_nodes, {{"rule", "fixed_indegree"}, {"indegree", 3}}, synapses);
  int refused = 0;
  for (std::size_t bit = 0; bit < sound->size() * 64; ++bit) {
    auto damaged = p::words::of_size(sound->size());
    std::copy(sound->view().begin(), sound->view().end(), damaged.view().begin());
    damaged.view()[bit / 64] ^= std::uint64_t{1} << (bit % 64);
    try {
      decode_request(std::make_shared<const p::words>(std::move(damaged)));
    } catch (const p::malformed&) {
      ++refused;
    } catch (const runtime::api_error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace volley::actors
