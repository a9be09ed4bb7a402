#include "actors/vp.hpp"

#include <gtest/gtest.h>

#include "runtime/devices/record_file.hpp"
#include "tests/actors/mates_on_stage.hpp"

namespace volley::actors {
namespace {

namespace orders = runtime::orders;

/// The only VP of a kernel, with an overseer that listens.
class a_vp : public testing::Test {
 protected:
  a_vp() {
    overseer = stage.system.spawn<listening_overseer>(std::ref(heard));
    mates = std::make_shared<ensemble>(1, overseer);
    one = stage.system.spawn<vp>(
        nullptr, std::make_unique<runtime::shard>(runtime::layout{0, 1}, runtime::built_in_models(), files), mates,
        overseer);
    mates->assemble({one});
  }
  ~a_vp() override {
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(overseer, caf::exit_reason::user_shutdown);
    mates.reset();
    one = nullptr;
    overseer = nullptr;
    stage.settle();
  }

  template <class Message> void tell(Message m) {
    caf::anon_send(one, std::move(m));
    stage.settle();
  }
  const voted& vote_on(runtime::order o) {
    tell(obey{std::make_shared<const runtime::order>(std::move(o))});
    return heard.votes.back();
  }
  orders::add_nodes neurons(std::uint64_t first, std::uint64_t last) const {
    const auto& model = runtime::built_in_models().neurons[0];
    return {first, last, 0, runtime::attributes(model).image(), {}, {}, 0};
  }
  std::size_t n_nodes() {
    orders::read_nodes question;
    question.nodes.ranges = {{1, 3, 1}};
    question.keys = {"C_m"};
    const auto answer = vote_on(std::move(question)).answer;
    std::size_t rows = 0;
    for (const auto& part : std::get<std::vector<runtime::column_part>>(*answer)) rows += part.rows.size();
    return rows;
  }
  void prepare() { vote_on(orders::prepare{{runtime::time_grid(), 0, 4, 4, 1}, false, {}}); }

  staged_system stage;
  runtime::system_record_files files;
  listening_overseer::heard heard;
  overseer_actor overseer;
  std::shared_ptr<ensemble> mates;
  vp_actor one;
};

TEST_F(a_vp, answers_or_refuses_by_its_vote) {
  const auto& yes = vote_on(orders::measure{});
  EXPECT_EQ(yes.vp, 0u);
  EXPECT_TRUE(std::holds_alternative<runtime::replies::measures>(*yes.answer));
  EXPECT_FALSE(yes.reason.has_value());
  const auto& no = vote_on(orders::size_of_store{runtime::store_ordinal(1000)});
  EXPECT_EQ(no.answer, nullptr);
  ASSERT_TRUE(no.reason.has_value());
  EXPECT_EQ(heard.votes.size(), 2u);
}

TEST_F(a_vp, keeps_or_drops_what_was_tried) {
  vote_on(neurons(1, 3));
  tell(decided{false});
  EXPECT_EQ(n_nodes(), 0u);
  vote_on(neurons(1, 3));
  tell(decided{true});
  EXPECT_EQ(n_nodes(), 3u);
  tell(decided{true});
  EXPECT_TRUE(heard.lost.empty()) << "there was nothing to decide any more";
}

TEST_F(a_vp, that_refused_has_nothing_to_drop) {
  auto wrong = neurons(1, 3);
  wrong.model = 1000;
  EXPECT_EQ(vote_on(wrong).answer, nullptr);
  tell(decided{false});
  EXPECT_TRUE(heard.lost.empty());
}

TEST_F(a_vp, computes_its_slices_and_arrives) {
  vote_on(neurons(1, 3));
  tell(decided{true});
  prepare();
  mates->open(4, 0).start(6);
  stage.settle();
  ASSERT_EQ(heard.stops.size(), 1u);
  EXPECT_EQ(heard.stops[0].reason, runtime::stop_reason::reached);
  EXPECT_EQ(heard.stops[0].now, 6);
  EXPECT_EQ(mates->batches().get(0, 0).view.counts.size(), 4u) << "the batch of the interval that is over";
  EXPECT_FALSE(mates->take_failure().has_value());
}

TEST_F(a_vp, hands_over_an_image_and_goes_on_from_it) {
  vote_on(neurons(1, 3));
  tell(decided{true});
  prepare();
  mates->open(4, 0).start(6, true);
  stage.settle();
  ASSERT_EQ(heard.images.size(), 1u);
  EXPECT_EQ(heard.images[0].step, 0);
  tell(load_image{heard.images[0].content});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*heard.votes.back().answer));
  const auto wrong = std::make_shared<const std::vector<std::byte>>(7);
  tell(load_image{std::make_shared<const runtime::shard_image>(runtime::shard_image{wrong, {}})});
  EXPECT_TRUE(heard.votes.back().reason.has_value());
}

TEST_F(a_vp, tells_a_failure_and_the_run_ends) {
  mates->open(4, 0).start(4);  // it was not prepared
  stage.settle();
  ASSERT_EQ(heard.stops.size(), 1u);
  EXPECT_EQ(heard.stops[0].reason, runtime::stop_reason::failed);
  EXPECT_TRUE(mates->take_failure().has_value());
}

}  // namespace
}  // namespace volley::actors
