#include "runtime/cluster/message.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace volley::runtime::cluster {
namespace {

const fence here{3, 7};

template <class Content> Content there_and_back(Content what) {
  if constexpr (requires { order_message{here, what}; }) {
    const auto m = decoded_order_message(encoded(order_message{here, std::move(what)}));
    EXPECT_EQ(m.at, here);
    return std::get<Content>(m.what);
  } else {
    const auto m = decoded_report_message(encoded(report_message{here, std::move(what)}));
    EXPECT_EQ(m.at, here);
    return std::get<Content>(m.what);
  }
}

TEST(message, orders_arrive_as_they_were) {
  const auto placed = there_and_back(told::place{{worker_number(1)}, {{worker_number(1), "127.0.0.1", 99}}, "secret"});
  EXPECT_EQ(placed.where, placement{worker_number(1)});
  EXPECT_EQ(placed.peers.at(0).address, "127.0.0.1");
  EXPECT_EQ(placed.peers.at(0).port, 99);
  EXPECT_EQ(placed.secret, "secret");
  const std::vector<module_name> modules{{"mine", "12"}, {"other", ""}};
  EXPECT_EQ(there_and_back(told::place{.where = {}, .peers = {}, .secret = {}, .modules = modules}).modules, modules);
  EXPECT_EQ(there_and_back(told::modules{8, modules}).number, 8u);
  EXPECT_EQ(there_and_back(told::modules{8, modules}).all, modules);

  const auto obeyed =
      there_and_back(told::obey{5, std::make_shared<const order>(orders::size_of_store{store_ordinal(3)})});
  EXPECT_EQ(obeyed.number, 5u);
  EXPECT_EQ(std::get<orders::size_of_store>(*obeyed.what).store, store_ordinal(3));

  EXPECT_TRUE(there_and_back(told::decide{6, true}).keep);
  const auto run = there_and_back(told::run{7, 10, 20, 5});
  EXPECT_EQ(run.now, 10);
  EXPECT_EQ(run.steps, 20);
  EXPECT_EQ(run.interval_steps, 5);
  EXPECT_EQ(there_and_back(told::run{7, 10, 0, 5}).steps, 0);
  EXPECT_EQ(there_and_back(told::ask{request::pause}).what, request::pause);
  EXPECT_EQ(there_and_back(told::leave{"why"}).why, "why");
}

TEST(message, reports_arrive_as_they_were) {
  said::votes both{4, {{0, reply(replies::tally{8, 9, {}}), {}}, {2, {}, refusal{error_kind::BadDelay, "no", 3}}}};
  const auto votes = there_and_back(std::move(both));
  ASSERT_EQ(votes.all.size(), 2u);
  EXPECT_EQ(std::get<replies::tally>(*votes.all[0].answer).connections, 8u);
  EXPECT_EQ(votes.all[1].reason->kind, error_kind::BadDelay);
  EXPECT_EQ(votes.all[1].vp, 2u);

  const auto rested =
      there_and_back(said::rested{1, stop_reason::failed, 30, 4, said::vp_failed{6, {error_kind::IOError, "disk"}}});
  EXPECT_EQ(rested.why, stop_reason::failed);
  EXPECT_EQ(rested.failure->reason.text, "disk");
  EXPECT_EQ(there_and_back(said::link_lost{worker_number(2), "reset"}).peer, worker_number(2));
  EXPECT_EQ(there_and_back(said::beat{3, 4, 5, 6, 7, 8}).sent_bytes, 8u);
  EXPECT_EQ(there_and_back(said::stuck{{2, 70, 3, 9}}).at, (slice_place{2, 70, 3, 9}));
  EXPECT_EQ(there_and_back(said::modules{8, "gone"}).why_not, "gone");
  EXPECT_EQ(there_and_back(said::modules{8, {}}).why_not, std::nullopt);
  EXPECT_EQ(there_and_back(said::vp_failed{3, {error_kind::IOError, "x"}}).vp, 3u);
}

TEST(message, what_makes_no_sense_is_refused) {
  EXPECT_THROW(there_and_back(told::obey{5, nullptr}), std::invalid_argument);
  EXPECT_THROW(there_and_back(told::run{7, 10, -1, 5}), std::invalid_argument);
  EXPECT_THROW(there_and_back(told::ask{request::failed}), std::invalid_argument);
  EXPECT_THROW(there_and_back(said::votes{4, {{0, {}, {}}}}), std::invalid_argument);
  EXPECT_THROW(there_and_back(said::rested{1, static_cast<stop_reason>(9), 0, 0, {}}), std::invalid_argument);
}

TEST(message, cut_or_altered_bytes_are_refused_or_another_message) {
  const auto bytes = encoded(order_message{here, told::place{{worker_number(1)}, {}, "abc"}});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(decoded_order_message(std::span(bytes).first(size)), std::invalid_argument);
  for (std::size_t at = 0; at < bytes.size() * 8; ++at) {
    auto altered = bytes;
    altered[at / 8] ^= std::byte{1} << at % 8;
    try {
      decoded_order_message(altered);
    } catch (const std::invalid_argument&) {
    }
  }
}

}  // namespace
}  // namespace volley::runtime::cluster
