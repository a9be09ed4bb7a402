// Save, load, go on: a network that is loaded from images goes on with the bits of the one that made them, whatever it
// had done before.
#include "runtime/base/snapshot.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/runtime/varied_network.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class snapshots : public testing::TestWithParam<std::string> {};

TEST_P(snapshots, a_loaded_network_goes_on_with_the_same_bits) {
  for (const int vps : {1, 3})
    for (const double cut_ms : {25.0, 20.2}) {  // at the end of an interval of 0.5 ms, and inside one
      varied_network a(vps, GetParam(), 0), b(vps, GetParam(), 3);
      a.k.simulate(cut_ms);
      b.k.simulate(cut_ms);
      const auto cut = a.k.save();
      EXPECT_FALSE(b.k.save() == cut);
      b.k.load(cut);
      EXPECT_TRUE(b.k.save() == cut);
      EXPECT_EQ(b.unlike(a), nothing);
      a.k.simulate(30.0);
      b.k.simulate(30.0);
      ASSERT_EQ(b.unlike(a), nothing) << vps << " VPs, cut at " << cut_ms << " ms";
      EXPECT_TRUE(b.k.save() == a.k.save());
      EXPECT_GT(a.k.times(a.spikes).size(), 100u);
    }
}

TEST_P(snapshots, edited_connections_are_part_of_the_image) {
  for (const int vps : {1, 3}) {
    varied_network a(vps, GetParam(), 0), b(vps, GetParam(), 3);
    a.k.simulate(10.2);
    a.edit(2, 7.5);
    a.k.simulate(0.8);  // what was in flight at the change is so still
    b.k.simulate(9.2);
    b.edit(5, 1.5);
    b.k.simulate(1.8);
    b.k.load(a.k.save());
    EXPECT_EQ(b.unlike(a), nothing);
    a.edit(30, 3.0);
    b.edit(30, 3.0);
    a.k.simulate(20.0);
    b.k.simulate(20.0);
    ASSERT_EQ(b.unlike(a), nothing) << vps << " VPs";
    EXPECT_TRUE(b.k.save() == a.k.save());
  }
}

INSTANTIATE_TEST_SUITE_P(models, snapshots, testing::ValuesIn(all_neurons()),
                         [](const auto& info) { return info.param; });

TEST(snapshot, images_of_other_networks_are_refused_and_change_nothing) {
  varied_network a(2, "iaf_psc_alpha", 0), b(2, "iaf_psc_exp", 0);
  a.k.simulate(5.0);
  b.k.simulate(5.0);
  const auto before = b.k.save();
  const auto foreign = a.k.save();
  EXPECT_THROW(b.k.load(foreign), std::invalid_argument);
  EXPECT_THROW(b.k.load({before[1], before[0]}), std::invalid_argument) << "of the other VP";
  EXPECT_TRUE(b.k.save() == before);
}

TEST(snapshot, devices_and_plans_are_part_of_the_image) {
  // Loaded into a network whose devices are others, and which never ran.
  for (const int vps : {1, 3}) {
    varied_network a(vps, "iaf_psc_alpha", 0), b(vps, "iaf_psc_alpha", 0);
    const node_set noise{a.cells.generation, {{80, 80, 1}}};
    a.k.set(noise, {{"rate", 12000.0}, {"stop", 35.0}});
    a.k.set(a.spikes, {{"start", 12.0}});
    a.k.simulate(20.2);
    b.k.status("num_connections");  // builds them
    b.k.load(a.k.save());
    EXPECT_TRUE(b.k.save() == a.k.save());
    for (std::size_t vp = 0; vp < static_cast<std::size_t>(vps); ++vp)
      EXPECT_EQ(b.k.shard_at(vp).spikes_emitted(), a.k.shard_at(vp).spikes_emitted());
    varied_network c(vps, "iaf_psc_alpha", 3);
    c.k.set(noise, {{"rate", 12000.0}, {"stop", 35.0}});
    c.k.set(c.spikes, {{"start", 12.0}});
    c.k.simulate(20.2);
    c.k.set(noise, {{"rate", 100.0}});
    c.k.load(a.k.save());
    a.k.simulate(30.0);
    c.k.simulate(30.0);
    EXPECT_EQ(c.unlike(a), nothing);
    for (std::size_t vp = 0; vp < static_cast<std::size_t>(vps); ++vp)
      EXPECT_EQ(c.k.shard_at(vp).spikes_emitted(), a.k.shard_at(vp).spikes_emitted());
  }
}

TEST(snapshot, rows_that_were_built_in_other_steps_are_refused) {
  solo_kernel a(2), b(2);
  for (auto* k : {&a, &b}) {
    const auto cells = k->create("iaf_psc_alpha", 20);
    for (const double weight : {2.0, 1.0}) {
      k->connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 4}},
                 {{"synapse_model", "stdp_synapse"}, {"weight", weight}});
      if (k == &b) k->status("num_connections");
    }
    k->simulate(5.0);
  }
  const auto before = b.save();
  EXPECT_THROW(b.load(a.save()), std::invalid_argument);
  EXPECT_TRUE(b.save() == before);
}

TEST(snapshot, damaged_images_are_refused_or_loaded_but_never_read_beyond) {
  varied_network a(1, "iaf_psc_alpha", 0);
  a.k.simulate(5.0);
  a.k.save();
  a.k.simulate(5.0);
  const auto image = a.k.save()[0];
  ASSERT_EQ(image.events.size(), 2u);
  auto& s = a.k.shard_at(0);
  const auto as_bytes = [](std::vector<std::byte> b) { return std::make_shared<const std::vector<std::byte>>(b); };
  for (std::size_t i = 0; i < 3; ++i) {
    auto part = [i](shard_image& of) -> shared_bytes& { return i == 0 ? of.state : of.events[i - 1]; };
    auto damaged = image;
    const auto right = *part(damaged);
    for (std::size_t length = 0; length < right.size(); length += 1 + right.size() / 200) {
      part(damaged) = as_bytes({right.begin(), right.begin() + static_cast<std::ptrdiff_t>(length)});
      EXPECT_THROW(s.load(damaged), std::invalid_argument) << "part " << i << ", " << length << " bytes";
    }
    auto longer = right;
    longer.push_back(std::byte{0});
    part(damaged) = as_bytes(longer);
    EXPECT_THROW(s.load(damaged), std::invalid_argument) << "part " << i;
  }
  for (const auto& events : {std::vector{image.events[0]}, {image.events[1], image.events[0]}, {}})
    EXPECT_THROW(s.load({image.state, events}), std::invalid_argument) << "pieces are missing, or not in their order";
  s.load(image);
  EXPECT_TRUE(s.save() == image);
}

TEST(snapshot, shares_with_the_one_before_the_events_that_it_has) {
  for (const int vps : {1, 3}) {
    varied_network a(vps, "iaf_psc_alpha", 0), b(vps, "iaf_psc_alpha", 3);
    for (auto* n : {&a, &b}) n->k.simulate(10.0);
    const auto first = a.k.save();
    for (auto* n : {&a, &b}) n->k.simulate(10.2);
    const auto second = a.k.save();
    for (std::size_t vp = 0; vp < first.size(); ++vp) {
      ASSERT_EQ(first[vp].events.size(), 1u);
      ASSERT_EQ(second[vp].events.size(), 2u);
      EXPECT_EQ(second[vp].events[0], first[vp].events[0]) << "the same bytes in the same place";
    }
    b.k.load(second);
    EXPECT_EQ(b.unlike(a), nothing);
    for (auto* n : {&a, &b}) n->k.simulate(10.0);
    EXPECT_EQ(b.unlike(a), nothing);
    const auto third = b.k.save();
    EXPECT_TRUE(third == a.k.save());
    EXPECT_EQ(third[0].events[1], second[0].events[1]) << "whoever goes on from an image goes on with its pieces";
    a.k.set(a.spikes, {{"n_events", std::int64_t{0}}});
    const auto cleared = a.k.save();
    EXPECT_LE(cleared[0].events.size(), 1u) << "what is forgotten is in no image";
    b.k.load(cleared);
    EXPECT_EQ(b.unlike(a), nothing);
  }
}

TEST(snapshot, sizes_that_the_bytes_do_not_have_are_refused_before_anything_is_allocated) {
  snapshot_writer w;
  w(~std::uint64_t{0} / 8);
  const auto bytes = w.take();
  snapshot_reader r(bytes);
  std::vector<double> numbers;
  EXPECT_THROW(r(numbers), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
