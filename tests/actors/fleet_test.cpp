#include "actors/fleet.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "actors/byte_body.hpp"
#include "caf/send.hpp"
#include "tests/actors/listening_supervisor.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;
namespace said = cluster::said;

const cluster::worker_number one{1}, two{2};

/// What a worker was told.
struct kept_words final : worker_outlet {
  void send(cluster::fence, const protocol::body& message) override {
    told.push_back(cluster::decoded_order_message(bytes_in(message)));
  }
  void put_out(const std::string& why) override { goodbyes.push_back(why); }
  std::chrono::steady_clock::time_point last_heard() const override { return {}; }
  std::vector<cluster::order_message> told;
  std::vector<std::string> goodbyes;
};

class a_fleet : public testing::Test {
 protected:
  ~a_fleet() override {
    for (std::size_t n = 0; n < supervisors.size(); ++n) {
      workers.remove(7 + n);
      caf::anon_send_exit(supervisors[n], caf::exit_reason::user_shutdown);
    }
    supervisors.clear();
    stage.settle();
  }
  // Kernels have the epochs 7, 8, ...
  listening_supervisor::heard& add_kernel() {
    auto& heard = all_heard.emplace_back();
    supervisors.push_back(stage.system.spawn<listening_supervisor>(std::ref(heard)));
    workers.add(6 + supervisors.size(), supervisors.back());
    stage.settle();
    return heard;
  }
  std::shared_ptr<kept_words> join(cluster::worker_number who) {
    auto way = std::make_shared<kept_words>();
    workers.join(who, std::make_shared<const cluster::worker_card>(), way);
    stage.settle();
    return way;
  }
  void report(cluster::worker_number who, cluster::fence at, said::content what) {
    workers.report(who, {at, std::move(what)});
    stage.settle();
  }

  fleet workers;
  std::deque<listening_supervisor::heard> all_heard;
  staged_system stage;
  std::vector<supervisor_actor> supervisors;
};

TEST_F(a_fleet, tells_all_kernels_of_all_workers_whoever_was_first) {
  auto& a = add_kernel();
  join(one);
  auto& b = add_kernel();
  join(two);
  for (const auto* heard : {&a, &b}) {
    ASSERT_EQ(heard->joined.size(), 2u);
    EXPECT_EQ(heard->joined[0].who, one);
    EXPECT_EQ(heard->joined[1].who, two);
  }
  workers.close(one, "it died");
  stage.settle();
  for (const auto* heard : {&a, &b}) {
    ASSERT_EQ(heard->closed.size(), 1u);
    EXPECT_EQ(heard->closed[0].why, "it died");
  }
  EXPECT_EQ(add_kernel().joined.size(), 1u);
}

TEST_F(a_fleet, tells_a_kernel_what_is_said_of_it) {
  auto &a = add_kernel(), &b = add_kernel();
  join(one);
  report(one, {7, 3}, said::ready());
  report(one, {8, 0}, said::stuck{{2, 70}});
  report(one, {9, 1}, said::ready());
  report(two, {7, 3}, said::ready());
  ASSERT_EQ(a.reports.size(), 1u);
  EXPECT_EQ(a.reports[0].at.placement, 3u);
  ASSERT_EQ(b.reports.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<said::stuck>(b.reports[0].what));
}

TEST_F(a_fleet, puts_out_whom_one_kernel_has_lost) {
  auto &a = add_kernel(), &b = add_kernel();
  const auto worker = join(one);
  workers.put_out(7, one, "it was silent");
  workers.put_out(8, one, "it was silent");
  workers.close(one, "its connection ended");
  stage.settle();
  EXPECT_EQ(worker->goodbyes, std::vector<std::string>{"it was silent"});
  EXPECT_TRUE(a.closed.empty()) << "it knows";
  ASSERT_EQ(b.closed.size(), 1u);
  EXPECT_EQ(b.closed[0].why, "another kernel has put it out: it was silent");
}

TEST_F(a_fleet, keeps_a_last_worker_whichever_kernel_drains) {
  add_kernel();
  join(one);
  join(two);
  EXPECT_TRUE(workers.drain(one, true));
  EXPECT_FALSE(workers.drain(two, true)) << "its kernel does not know of the other yet";
  EXPECT_TRUE(workers.drain(two, false));
  stage.settle();
}

TEST_F(a_fleet, lets_a_drained_worker_go_when_all_kernels_have) {
  auto &a = add_kernel(), &b = add_kernel();
  add_kernel();
  const auto worker = join(one);
  report(one, {}, said::leaving());
  for (const auto* heard : {&a, &b}) {
    ASSERT_EQ(heard->reports.size(), 1u);
    EXPECT_TRUE(std::holds_alternative<said::leaving>(heard->reports[0].what));
  }
  EXPECT_TRUE(add_kernel().joined.empty()) << "it is of no use to a new one";
  workers.put_out(7, one, cluster::told::drained);
  workers.put_out(7, one, cluster::told::drained);
  workers.put_out(8, one, cluster::told::drained);
  EXPECT_TRUE(worker->goodbyes.empty());
  workers.remove(9);
  EXPECT_EQ(worker->goodbyes, std::vector<std::string>{cluster::told::drained});
  ASSERT_EQ(worker->told.size(), 3u);
  for (std::uint64_t n = 0; n < 3; ++n) {
    EXPECT_TRUE(std::holds_alternative<cluster::told::leave>(worker->told[n].what));
    EXPECT_EQ(worker->told[n].at, (cluster::fence{7 + n, 0}));
  }
}

TEST_F(a_fleet, stays_when_a_kernel_ends_and_goes_with_the_server) {
  add_kernel();
  auto& b = add_kernel();
  const auto worker = join(one);
  workers.remove(7);
  ASSERT_EQ(worker->told.size(), 1u);
  EXPECT_EQ(worker->told[0].at, (cluster::fence{7, 0}));
  report(one, {7, 1}, said::ready());
  report(one, {8, 1}, said::ready());
  EXPECT_EQ(b.reports.size(), 1u);
  EXPECT_TRUE(worker->goodbyes.empty());
  workers.end();
  EXPECT_EQ(worker->goodbyes, std::vector<std::string>{cluster::told::supervisor_ends});
  workers.end();
  EXPECT_EQ(worker->goodbyes.size(), 1u);
}

}  // namespace
}  // namespace volley::actors
