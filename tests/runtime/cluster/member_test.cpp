#include "runtime/cluster/member.hpp"

#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

const worker_number me{2}, other{1};
const fence first{5, 1}, second{5, 2};

class a_member : public testing::Test {
 protected:
  member::effects tell(fence at, told::content what) { return m.take({at, std::move(what)}); }
  void place(fence at) {
    tell(at, told::place{{other, me, me}, {{other, "", 0}, {me, "", 0}}, ""});
    m.linked(at);
  }
  member::effects obey(std::uint64_t number, order o = orders::connect{}) {
    return tell(first, told::obey{number, std::make_shared<const order>(std::move(o))});
  }
  static said::votes::vote yes(std::uint32_t vp) { return {vp, reply(std::monostate()), {}}; }
  static shared_bytes piece(std::size_t size) { return std::make_shared<const std::vector<std::byte>>(size); }
  static image image_of(std::vector<shared_bytes> events) {
    return std::make_shared<const shard_image>(shard_image{piece(3), std::move(events)});
  }
  template <class Effect> static bool is(const member::effects& e) {
    return e.size() == 1 && std::holds_alternative<Effect>(e[0]);
  }
  template <class Said> static Said says(const member::effects& e) {
    return std::get<Said>(std::get<member::say>(e.at(0)).what.what);
  }
  member m{me};
};

TEST_F(a_member, makes_its_shards_where_it_is_placed) {
  const auto done = tell(first, told::place{{other, me, me}, {}, ""});
  ASSERT_TRUE(is<member::make>(done));
  EXPECT_EQ(std::get<member::make>(done[0]).vps, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(m.here(), first);
}

TEST_F(a_member, has_the_modules_of_its_kernel_wherever_vps_are) {
  for (const auto at : {fence{}, first}) {
    const auto done = tell({5, 9}, told::modules{4, {{"mine", "12"}}});
    ASSERT_TRUE(is<member::have_modules>(done));
    const auto& wanted = std::get<member::have_modules>(done[0]);
    EXPECT_EQ(wanted.at, (fence{5, 9}));
    EXPECT_TRUE(wanted.is_over) << "shards of an earlier placement are";
    EXPECT_EQ(wanted.what.all.at(0).digest, "12");
    EXPECT_EQ(m.here(), at);
    place(first);
  }
  EXPECT_FALSE(std::get<member::have_modules>(tell(first, told::modules{5, {}})[0]).is_over) << "those of this one";
}

TEST_F(a_member, says_all_votes_at_once) {
  place(first);
  EXPECT_TRUE(is<member::obey>(obey(1)));
  EXPECT_TRUE(m.vote(yes(2)).empty());
  const auto& votes = says<said::votes>(m.vote(yes(1)));
  EXPECT_EQ(votes.number, 1u);
  EXPECT_EQ(votes.all.at(0).vp, 1u);
  EXPECT_EQ(votes.all.at(1).vp, 2u);
  EXPECT_THROW(m.vote(yes(1)), broken_contract);
  EXPECT_TRUE(is<member::decide>(tell(first, told::decide{1, true})));
  EXPECT_TRUE(is<member::obey>(obey(2)));
}

TEST_F(a_member, leaves_when_something_is_missing) {
  place(first);
  EXPECT_TRUE(is<member::leave>(obey(2)));
  EXPECT_TRUE(is<member::leave>(tell(first, told::decide{1, true})));
  obey(1);
  EXPECT_TRUE(is<member::leave>(obey(2))) << "the votes are not in";
}

TEST_F(a_member, drops_what_is_of_another_placement) {
  place(second);
  EXPECT_TRUE(obey(1).empty());
  EXPECT_TRUE(tell(first, told::place{}).empty());
  EXPECT_TRUE(tell(second, told::place{}).empty()) << "the same again";
  EXPECT_EQ(m.stale(), 3u);
  EXPECT_TRUE(m.linked(first).empty());
  EXPECT_TRUE(m.link_lost(first, other, "").empty());
  EXPECT_TRUE(m.fail(first, 1, {error_kind::IOError, "disk"}).empty());
  EXPECT_EQ(says<said::vp_failed>(m.fail(second, 1, {error_kind::IOError, "disk"})).vp, 1u);
}

TEST_F(a_member, runs_and_rests) {
  place(first);
  EXPECT_TRUE(tell(first, told::ask{request::pause}).empty()) << "nothing runs";
  EXPECT_TRUE(is<member::run>(tell(first, told::run{1, 0, 10, 5})));
  EXPECT_TRUE(is<member::ask>(tell(first, told::ask{request::pause})));
  EXPECT_TRUE(is<member::leave>(tell(first, told::run{2, 0, 10, 5})));
  EXPECT_EQ(says<said::rested>(m.rest(stop_reason::paused, 5, 8, {})).spikes, 8u);
  EXPECT_TRUE(m.rest(stop_reason::paused, 5, 8, {}).empty());
  EXPECT_TRUE(tell(first, told::abandon{}).empty());
}

TEST_F(a_member, abandons_a_run_whose_link_broke) {
  place(first);
  tell(first, told::run{1, 0, 10, 5});
  const auto done = m.link_lost(first, other, "reset");
  EXPECT_EQ(says<said::link_lost>(done).peer, other);
  EXPECT_TRUE(std::holds_alternative<member::abandon>(done.at(1)));
  EXPECT_TRUE(is<member::abandon>(tell(first, told::abandon{})));
}

TEST_F(a_member, runs_only_when_it_is_linked) {
  tell(first, told::place{{other, me}, {}, ""});
  EXPECT_TRUE(is<member::leave>(tell(first, told::run{1, 0, 10, 5})));
  says<said::ready>(m.linked(first));
  EXPECT_TRUE(m.linked(first).empty());
}

TEST_F(a_member, leaves_when_it_is_told_to) {
  const auto done = tell({}, told::leave{"enough"});
  ASSERT_TRUE(is<member::leave>(done));
  EXPECT_EQ(std::get<member::leave>(done[0]).why, "enough");
}

TEST_F(a_member, keeps_images_until_a_later_cut_is_committed) {
  const auto bytes = image_of({});
  place(first);
  EXPECT_TRUE(m.copied(first, 20, 1, bytes, 0).empty()) << "nothing runs";
  tell(first, told::run{1, 0, 50, 10});
  const auto copy = says<said::copy>(m.copied(first, 20, 1, bytes, 0.5));
  EXPECT_EQ(copy.cut, (cut_name{1, 1, 20}));
  EXPECT_TRUE(copy.is_made);
  EXPECT_FALSE(says<said::copy>(m.copied(first, 20, 2, nullptr, 0)).is_made) << "there was no room";
  EXPECT_FALSE(m.has_image(copy.cut, 2));
  EXPECT_EQ(says<said::kept>(m.image_arrived(first, {copy.cut, 0, bytes})).vp, 0u);
  EXPECT_TRUE(m.image_arrived(second, {copy.cut, 2, bytes}).empty()) << "of another placement";
  m.copied(first, 30, 1, bytes, 0);
  const auto brings = tell(first, told::give{copy.cut, 0, {other, "there", 7}});
  ASSERT_TRUE(is<member::bring>(brings));
  EXPECT_EQ(std::get<member::bring>(brings[0]).what.content, bytes);
  EXPECT_EQ(std::get<member::bring>(brings[0]).to.port, 7);
  EXPECT_TRUE(tell(first, told::give{{1, 1, 40}, 0, {}}).empty()) << "it is not here";
  EXPECT_EQ(says<said::images_lost>(m.images_lost(first, other)).peer, other);
  EXPECT_TRUE(m.images_lost(second, other).empty());
  tell(first, told::commit{copy.cut});
  EXPECT_TRUE(m.has_image(copy.cut, 0) && m.has_image(copy.cut, 1) && m.has_image({1, 1, 30}, 1));
  tell(first, told::commit{{1, 1, 30}});
  EXPECT_FALSE(m.has_image(copy.cut, 0));
}

TEST_F(a_member, leaves_out_the_pieces_that_the_other_has) {
  place(first);
  tell(first, told::run{1, 0, 50, 10});
  const cut_name before{1, 1, 20}, now{1, 1, 30};
  const auto a = piece(4), b = piece(5), c = piece(6);
  m.copied(first, before.step, 1, image_of({a, b}), 0);
  m.copied(first, now.step, 1, image_of({a, b, c}), 0);
  m.copied(first, before.step, 2, image_of({a, b}), 0);
  m.copied(first, now.step, 2, image_of({c}), 0);
  const auto given = [&](std::uint32_t vp, std::optional<cut_name> base) {
    return std::get<member::bring>(tell(first, told::give{now, vp, {other, "", 1}, base}).at(0)).what;
  };
  EXPECT_EQ(given(1, before).left_out, 2u);
  EXPECT_EQ(given(1, before).base, before);
  EXPECT_EQ(given(1, before).content->events, std::vector{c});
  EXPECT_EQ(given(2, before).left_out, 0u) << "it begins anew";
  EXPECT_EQ(given(2, before).content->events, std::vector{c});
  for (const auto& base : {std::optional<cut_name>(), std::optional(cut_name{1, 1, 10})}) {
    EXPECT_EQ(given(1, base).left_out, 0u);
    EXPECT_EQ(given(1, base).content->events, (std::vector{a, b, c}));
  }
}

TEST_F(a_member, puts_what_was_left_out_before_what_it_is_brought) {
  place(first);
  const cut_name before{1, 1, 20}, now{1, 1, 30}, later{1, 1, 40};
  const auto a = piece(4), b = piece(5), c = piece(6);
  m.image_arrived(first, {before, 0, image_of({a, b})});
  EXPECT_EQ(says<said::kept>(m.image_arrived(first, {now, 0, image_of({c}), 2, before})).cut, now);
  const auto given = tell(first, told::give{now, 0, {other, "", 1}});
  EXPECT_EQ(std::get<member::bring>(given.at(0)).what.content->events, (std::vector{a, b, c}));
  EXPECT_TRUE(is<member::leave>(m.image_arrived(first, {later, 0, image_of({c}), 3, before}))) << "it has two";
  tell(first, told::commit{later});
  m.image_arrived(first, {later, 0, image_of({a})});
  EXPECT_TRUE(m.image_arrived(first, {now, 0, image_of({c}), 2, before}).empty()) << "of a cut that was given up";
  EXPECT_TRUE(is<member::leave>(m.image_arrived(first, {{1, 1, 50}, 0, image_of({c}), 1, now}))) << "it is not here";
}

TEST_F(a_member, goes_on_from_the_images_of_the_cut_that_it_is_placed_for) {
  const auto bytes = image_of({});
  place(first);
  tell(first, told::run{1, 0, 50, 10});
  for (const step_t step : {20, 30})
    for (const std::uint32_t vp : {1, 2}) m.copied(first, step, vp, bytes, 0);
  const cut_name cut{1, 1, 20};
  tell(second, told::place{{other, me, me}, {}, "", cut});
  EXPECT_FALSE(m.has_image({1, 1, 30}, 1));
  const auto loads = tell(second, told::load{1, cut});
  ASSERT_TRUE(is<member::load>(loads));
  EXPECT_EQ(std::get<member::load>(loads[0]).images.size(), 2u);
  m.vote(yes(1));
  EXPECT_EQ(says<said::votes>(m.vote(yes(2))).number, 1u);
  EXPECT_TRUE(is<member::leave>(tell(second, told::load{2, {1, 1, 30}}))) << "it has none";
}

}  // namespace
}  // namespace volley::runtime::cluster
