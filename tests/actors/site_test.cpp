#include "actors/site.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "runtime/base/contract.hpp"
#include "runtime/devices/record_file.hpp"
#include "tests/actors/mates_on_stage.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;
namespace told = cluster::told;
namespace said = cluster::said;
namespace orders = runtime::orders;

const cluster::worker_number here{1}, there{2};
constexpr cluster::fence first{7, 1}, second{7, 2};

/// Links that stand at once, to workers that are not there.
class links_to_nobody final : public links {
 public:
  void put_out(std::uint64_t, runtime::request_bits, std::span<const protocol::body>) override { ++frames; }
  void resume() override { runs = true; }
  void rest() override { runs = false; }
  void close() override { closed = true; }
  int frames = 0;
  bool runs = false, closed = false;
};
struct images_kept final : image_carrier {
  void bring(const told::place::peer& to, const cluster::parcel& what) override {
    brought.emplace_back(to.number, what.vp);
  }
  void close() override { closed = true; }
  std::vector<std::pair<cluster::worker_number, std::uint32_t>> brought;
  bool closed = false;
};
struct links_made final : link_maker {
  std::shared_ptr<links> open(cluster::fence, cluster::worker_number, const told::place&,
                              std::shared_ptr<link_listener> listener) override {
    listener->links_stand();
    all.push_back(std::make_shared<links_to_nobody>());
    return all.back();
  }
  std::shared_ptr<image_carrier> open_for_images(cluster::fence, cluster::worker_number, const std::string& secret,
                                                 image_listener listener) override {
    EXPECT_EQ(secret, "secret");
    hears = std::move(listener);
    posts.push_back(std::make_shared<images_kept>());
    return posts.back();
  }
  frame_counts counts() const override { return {3, 4, 5, 600}; }
  std::vector<std::shared_ptr<links_to_nobody>> all;
  std::vector<std::shared_ptr<images_kept>> posts;
  image_listener hears;
};

class a_site : public testing::Test {
 protected:
  a_site()
      : place_of_vps({stage.system, here, [this](const runtime::layout& place, const auto&) { return shard_of(place); },
                      &door, [this](cluster::report_message m) { reports.push_back(std::move(m)); },
                      [this](const std::string& why) { left.push_back(why); }}) {
    overseer = stage.system.spawn<listening_overseer>(std::ref(heard));
  }
  ~a_site() override {
    place_of_vps.dismiss();
    caf::anon_send_exit(overseer, caf::exit_reason::user_shutdown);
    overseer = nullptr;
    stage.settle();
  }
  std::unique_ptr<runtime::shard> shard_of(const runtime::layout& place) {
    shards.push_back(place);
    return std::make_unique<runtime::shard>(place, runtime::built_in_models(), files);
  }
  // The supervisor says this; what VPs and links tell the overseer then is handed on, as it does.
  void tell(cluster::fence at, told::content what) {
    place_of_vps.take({at, std::move(what)}, overseer);
    hand_on();
  }
  void hand_on() {
    stage.settle();
    auto news = std::exchange(heard, {});
    for (const auto& one : news.votes) place_of_vps.count(one);
    for (const auto& one : news.lost) place_of_vps.take(one);
    for (const auto& one : news.images) place_of_vps.take(one);
    for (const auto& one : news.brought) place_of_vps.take(one);
    for (const auto& one : news.missing) place_of_vps.take(one);
    for (const auto& one : news.stops) place_of_vps.take(one);
    for (const auto& one : news.linked) place_of_vps.take(one);
    for (const auto& one : news.broken) place_of_vps.take(one);
    stage.settle();
  }
  void place(cluster::fence at, cluster::placement where) {
    told::place what{where, {}, "secret"};
    for (const auto who : cluster::workers_of(where)) what.peers.push_back({who, "127.0.0.1", 1});
    tell(at, std::move(what));
  }
  void order(cluster::fence at, std::uint64_t number, runtime::order what) {
    tell(at, told::obey{number, std::make_shared<const runtime::order>(std::move(what))});
  }
  template <class Said> std::vector<Said> all_said() const {
    std::vector<Said> all;
    for (const auto& m : reports)
      if (const auto* one = std::get_if<Said>(&m.what)) all.push_back(*one);
    return all;
  }
  orders::add_nodes neurons(std::uint64_t n) const {
    const auto& model = runtime::built_in_models().neurons[0];
    return {1, n, 0, runtime::attributes(model).image(), {}, {}, 0};
  }

  staged_system stage;
  runtime::system_record_files files;
  links_made door;
  listening_overseer::heard heard;
  overseer_actor overseer;
  std::vector<cluster::report_message> reports;
  std::vector<std::string> left;
  std::vector<runtime::layout> shards;
  site place_of_vps;
};

TEST_F(a_site, makes_the_vps_that_are_its_own_and_is_ready_when_its_links_stand) {
  place(first, {there, here, there, here});
  ASSERT_EQ(shards.size(), 2u);
  EXPECT_EQ(shards[1].vp, 3u);
  EXPECT_EQ(shards[1].n_vps, 4u);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].at, first);
  EXPECT_EQ(all_said<said::ready>().size(), 1u);
}

TEST_F(a_site, without_peers_or_vps_is_ready_at_once) {
  place(first, {here, here});
  place(second, {there});
  EXPECT_EQ(all_said<said::ready>().size(), 2u);
  EXPECT_TRUE(door.all.empty());
}

TEST_F(a_site, obeys_and_says_what_all_its_vps_vote) {
  place(first, {here, there, here});
  order(first, 1, neurons(6));
  ASSERT_EQ(all_said<said::votes>().size(), 1u);
  EXPECT_EQ(all_said<said::votes>()[0].all.size(), 2u);
  tell(first, told::decide{1, true});
  orders::read_nodes question;
  question.nodes.ranges = {{1, 6, 1}};
  question.keys = {"C_m"};
  order(first, 2, question);
  std::size_t rows = 0;
  const auto answers = all_said<said::votes>().at(1);
  for (const auto& vote : answers.all)
    for (const auto& part : std::get<std::vector<runtime::column_part>>(*vote.answer)) rows += part.rows.size();
  EXPECT_EQ(rows, 4u) << "two of three VPs are here";
  auto wrong = neurons(3);
  wrong.model = 1000;
  order(first, 3, wrong);
  EXPECT_TRUE(all_said<said::votes>().at(2).all[0].reason.has_value());
  EXPECT_TRUE(left.empty());
}

TEST_F(a_site, keeps_what_others_bring_and_brings_it_to_whom_it_is_told_to) {
  place(first, {there});
  const cluster::cut_name cut{1, 1, 20};
  door.hears.arrived({cut, 3, std::make_shared<const runtime::shard_image>()});
  hand_on();
  ASSERT_EQ(all_said<said::kept>().size(), 1u);
  EXPECT_EQ(all_said<said::kept>()[0].vp, 3u);
  tell(first, told::give{cut, 3, {there, "127.0.0.1", 1}});
  ASSERT_EQ(door.posts[0]->brought.size(), 1u);
  EXPECT_EQ(door.posts[0]->brought[0], std::pair(there, std::uint32_t{3}));
  door.hears.lost(there);
  hand_on();
  EXPECT_EQ(all_said<said::images_lost>().at(0).peer, there);
  door.hears.unreachable(there, "nobody listens");
  hand_on();
  EXPECT_EQ(all_said<said::link_lost>().at(0).peer, there);
  place(second, {here});
  EXPECT_TRUE(door.posts[0]->closed);
}

TEST_F(a_site, runs_and_says_where_it_rests) {
  place(first, {here, here});
  order(first, 1, neurons(3));
  tell(first, told::decide{1, true});
  order(first, 2, orders::prepare{{runtime::time_grid(), 0, 4, 4, 1}, false, {}});
  EXPECT_FALSE(place_of_vps.runs());
  tell(first, told::run{3, 0, 10, 4});
  EXPECT_FALSE(place_of_vps.runs());
  const auto rested = all_said<said::rested>();
  ASSERT_EQ(rested.size(), 1u);
  EXPECT_EQ(rested[0].number, 3u);
  EXPECT_EQ(rested[0].why, runtime::stop_reason::reached);
  EXPECT_EQ(rested[0].now, 10);
  EXPECT_FALSE(rested[0].failure.has_value());
  EXPECT_EQ(place_of_vps.progress().now, 10);
  EXPECT_EQ(place_of_vps.progress().repeated_frames, 4u);
  EXPECT_EQ(all_said<said::beat>().back().sent_bytes, 600u);
}

TEST_F(a_site, names_the_first_vp_that_failed) {
  place(first, {here, here});
  tell(first, told::run{1, 0, 4, 4});  // nobody has prepared it
  const auto rested = all_said<said::rested>();
  ASSERT_EQ(rested.size(), 1u);
  EXPECT_EQ(rested[0].why, runtime::stop_reason::failed);
  EXPECT_EQ(rested[0].failure->vp, 0u);
}

// Its peer sends nothing: a run waits for it until it is abandoned.
TEST_F(a_site, lets_frames_in_while_a_run_is_on) {
  place(first, {here, there});
  order(first, 1, orders::prepare{{runtime::time_grid(), 0, 4, 4, 1}, false, {}});
  tell(first, told::run{2, 0, 10, 4});
  EXPECT_TRUE(place_of_vps.runs());
  EXPECT_TRUE(door.all[0]->runs);
  EXPECT_EQ(door.all[0]->frames, 1);
  place_of_vps.tell_progress();
  EXPECT_EQ(all_said<said::beat>().at(0).stale_frames, 3u);
  tell(first, told::abandon{});
  EXPECT_FALSE(place_of_vps.runs());
  EXPECT_FALSE(door.all[0]->runs);
  EXPECT_EQ(all_said<said::rested>().at(0).why, runtime::stop_reason::failed);
}

TEST_F(a_site, abandons_a_run_whose_link_broke_and_tells) {
  place(first, {here, there});
  order(first, 1, orders::prepare{{runtime::time_grid(), 0, 4, 4, 1}, false, {}});
  tell(first, told::run{2, 0, 10, 4});
  place_of_vps.take(link_broke{first, there, "reset"});
  hand_on();
  EXPECT_EQ(all_said<said::link_lost>().at(0).peer, there);
  EXPECT_EQ(all_said<said::rested>().size(), 1u);
}

TEST_F(a_site, drops_late_news_of_another_placement) {
  place(first, {here, there});
  place(second, {here, there});
  EXPECT_TRUE(door.all[0]->closed);
  reports.clear();
  place_of_vps.take(vp_lost{first, 0, {runtime::error_kind::IOError, "disk"}});
  place_of_vps.take(link_broke{first, there, "reset"});
  place_of_vps.take(run_stopped{first, runtime::stop_reason::reached, 3});
  EXPECT_TRUE(reports.empty());
  place_of_vps.take(vp_lost{second, 0, {runtime::error_kind::IOError, "disk"}});
  EXPECT_EQ(all_said<said::vp_failed>().size(), 1u);
}

TEST_F(a_site, leaves_when_it_misses_an_order) {
  place(first, {here});
  order(first, 2, orders::measure{});
  EXPECT_EQ(left.size(), 1u);
}

TEST_F(a_site, lets_go_of_a_run_in_which_a_vp_stands_still) {
  place(first, {here, there});
  EXPECT_FALSE(place_of_vps.give_up({.vp = 0, .from = 0, .epoch = first.epoch})) << "nothing runs";
  order(first, 1, orders::prepare{{runtime::time_grid(), 0, 4, 4, 1}, false, {}});
  tell(first, told::run{2, 0, 10, 4});
  ASSERT_TRUE(place_of_vps.runs());
  EXPECT_FALSE(place_of_vps.give_up({.vp = 0, .from = 0, .epoch = first.epoch + 1})) << "of another kernel";
  EXPECT_TRUE(place_of_vps.give_up({.vp = 0, .from = 0, .epoch = first.epoch}));
  EXPECT_FALSE(place_of_vps.runs());
  EXPECT_TRUE(door.all[0]->closed);
  reports.clear();
  place_of_vps.take(run_stopped{first, runtime::stop_reason::reached, 4});
  EXPECT_TRUE(reports.empty()) << "it came to its end after all";
}

TEST_F(a_site, frees_what_its_vps_hold) {
  place(first, {here, there});
  place_of_vps.clear();
  stage.settle();
  place(second, {here, there});
  order(second, 1, orders::measure{});
  EXPECT_EQ(all_said<said::votes>().size(), 1u) << "of the VP of now";
  place_of_vps.dismiss();
  EXPECT_TRUE(door.all[1]->closed);
}

}  // namespace
}  // namespace volley::actors
