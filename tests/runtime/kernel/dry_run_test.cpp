// A kernel that only checks and counts.
#include <gtest/gtest.h>

#include <filesystem>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

class dry_kernel : public solo_kernel {
 public:
  explicit dry_kernel(std::int64_t vps = 1, std::uint64_t limit = no_memory_limit) : solo_kernel(vps, limit, true) {}
};

value drawn(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

std::int64_t count(solo_kernel& k, const char* key) { return *k.status(key).get_if<std::int64_t>(); }

TEST(dry_run, counts_what_nobody_could_build) {
  dry_kernel k(4, 1000000);
  const auto cells = k.create("iaf_psc_alpha", 1000000000, {{"V_m", drawn(-70, -60)}, {"I_e", drawn(0, 1)}});
  k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 10000}},
            {{"weight", drawn(1, 2)}, {"delay", drawn(1, 2)}});
  EXPECT_EQ(count(k, "network_size"), 1000000000);
  EXPECT_EQ(count(k, "num_connections"), 10000000000000);
  k.simulate(1e6);
  EXPECT_EQ(k.status("biological_time"), value(1e6));
  for (std::size_t vp = 0; vp < 4; ++vp) EXPECT_LT(k.shard_at(vp).bytes().total(), 10000u);
}

TEST(dry_run, tells_the_footprint_of_the_same_calls_for_real) {
  dry_kernel dry(2);
  solo_kernel real(2);
  for (solo_kernel* k : {static_cast<solo_kernel*>(&dry), &real}) {
    const auto cells = k->create("iaf_psc_exp", 1000, {{"I_e", 100.0}});
    const auto recorder = k->create("spike_recorder");
    k->connect(cells, cells, {{"rule", "pairwise_bernoulli"}, {"p", 0.1}}, {{"weight", drawn(1, 2)}, {"delay", 1.5}});
    k->set(cells, {{"C_m", drawn(240, 260)}});
    k->connect(cells, recorder, {{"rule", "all_to_all"}}, {{"delay", 0.5}});
    k->simulate(5.0);
  }
  EXPECT_EQ(dry.status("footprint"), real.status("footprint"));
  for (const char* delay : {"min_delay", "max_delay"}) EXPECT_EQ(dry.status(delay), real.status(delay));
}

TEST(dry_run, counts_connections_in_space_by_some_of_them) {
  dry_kernel dry(2);
  solo_kernel real(2);
  const value uniform = drawn(0, 1);
  const dictionary positions{{"positions", std::vector<value>{uniform, uniform}}, {"edge_wrap", true}};
  const value circle(dictionary{{"circular", dictionary{{"radius", 0.1}}}});
  const value far(parameter::make({{operation::distance, {}, {0}}}));
  for (solo_kernel* k : {static_cast<solo_kernel*>(&dry), &real}) {
    const auto layer = std::get<node_set>(k->call(api::create_nodes{"iaf_psc_exp", 2000, {}, value(positions)}));
    k->connect(layer, layer, {{"rule", "pairwise_bernoulli"}, {"p", 0.5}, {"mask", circle}});
    k->connect(layer, layer, {{"rule", "pairwise_bernoulli"}, {"p", far}});
    k->connect(layer, layer, {{"rule", "fixed_indegree"}, {"indegree", 10}, {"mask", circle}});
  }
  EXPECT_EQ(dry.status("footprint"), real.status("footprint"));
  const auto expected = static_cast<double>(count(real, "num_connections"));
  EXPECT_NEAR(static_cast<double>(count(dry, "num_connections")), expected, 0.05 * expected);
}

TEST(dry_run, positions_take_memory) {
  dry_kernel k(2, 1000000000);
  const value uniform = drawn(0, 1);
  const dictionary positions{{"positions", std::vector<value>{uniform, uniform}}};
  EXPECT_THROW(k.call(api::create_nodes{"iaf_psc_exp", 1000000000, {}, value(positions)}), api_error);
  EXPECT_EQ(count(k, "network_size"), 0);
}

TEST(dry_run, reads_what_was_created_and_no_events) {
  dry_kernel k(2);
  const auto cells = k.create("iaf_psc_alpha", 3, {{"V_th", -50.0}});
  const auto spikes = k.create("spike_recorder"), meter = k.create("voltmeter");
  const auto noise = k.create("poisson_generator", 1, {{"rate", 7.0}});
  k.connect(cells, spikes);
  k.connect(meter, cells);
  k.connect(noise, cells);
  EXPECT_EQ(k.get(cells, "V_th"), value(std::vector<double>{-50.0, -50.0, -50.0}));
  k.set(cells, {{"V_th", -51.0}});
  EXPECT_EQ(k.get(cells, "V_th"), value(std::vector<double>{-51.0, -51.0, -51.0}));
  EXPECT_EQ(k.get(noise, "rate"), value(std::vector<double>{7.0}));
  k.set(noise, {{"rate", 8.0}});
  EXPECT_EQ(k.get(noise, "rate"), value(std::vector<double>{8.0}));
  k.simulate(100.0);
  EXPECT_TRUE(k.times(spikes).empty());
  EXPECT_TRUE(k.times(meter).empty());
  EXPECT_TRUE(k.events(meter).contains("V_m"));
  EXPECT_EQ(k.connections().size(), 0u);
  k.call(api::disconnect{cells, cells, {{"rule", "all_to_all"}}, {}});
}

TEST(dry_run, refuses_what_is_wrong) {
  dry_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 3);
  EXPECT_THROW(k.create("iaf_psc_alfa", 3), api_error);
  EXPECT_THROW(k.create("iaf_psc_alpha", 3, {{"C_m", -1.0}}), api_error);
  EXPECT_THROW(k.create("iaf_psc_alpha", 3, {{"no_such", drawn(0, 1)}}), api_error);
  EXPECT_THROW(k.set(cells, {{"C_m", -1.0}}), api_error);
  EXPECT_THROW(k.connect(cells, cells, {{"rule", "no_such"}}), api_error);
  EXPECT_THROW(k.connect(cells, cells, {{"rule", "all_to_all"}}, {{"delay", 0.0}}), api_error);
  EXPECT_THROW(k.simulate(0.05), api_error);
  EXPECT_EQ(count(k, "num_connections"), 0);
}

TEST(dry_run, opens_no_files) {
  dry_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 3);
  k.connect(cells, k.create("spike_recorder", 1, {{"record_to", "ascii"}, {"label", "dry"}}));
  k.simulate(1.0);
  for (const auto& file : std::filesystem::directory_iterator("."))
    EXPECT_FALSE(file.path().filename().string().starts_with("dry-"));
}

TEST(dry_run, a_reset_forgets_the_network) {
  dry_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 1000);
  k.connect(cells, cells);
  k.simulate(5.0);
  k.call(api::reset_kernel{});
  EXPECT_EQ(count(k, "num_connections"), 0);
  EXPECT_EQ(k.status("biological_time"), value(0.0));
}

}  // namespace
}  // namespace volley::runtime
