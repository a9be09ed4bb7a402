#include "actors/crew.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>

#include "actors/lanes.hpp"
#include "runtime/devices/record_file.hpp"
#include "tests/actors/soon.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;
namespace told = cluster::told;
namespace said = cluster::said;

const cluster::worker_number here{1};

class a_crew : public testing::Test {
 protected:
  a_crew() {
    use_lanes(config, 2);
    system.emplace(config);
    actors.emplace(*system, worker_setup{here, &files, nullptr,
                                         [this](const cluster::report_message& m) {
                                           const std::lock_guard guard(mutex);
                                           reports.push_back(m);
                                         },
                                         [this](const std::string&) { ++failed; }});
  }
  // One VP, here alone.
  void place(std::uint64_t kernel) {
    actors->take({{kernel, 1}, told::place{{here}, {{here, "127.0.0.1", 1}}, "secret"}});
  }
  void run(std::uint64_t kernel) {
    const runtime::orders::prepare what{{runtime::time_grid(), 0, 4, 4, 1}, false, {}};
    actors->take({{kernel, 1}, told::obey{1, std::make_shared<const runtime::order>(what)}});
    ASSERT_TRUE(soon([&] { return count<said::votes>(kernel) == 1; }));
    actors->take({{kernel, 1}, told::run{2, 0, 1'000'000'000, 4}});
  }
  template <class Said> std::size_t count(std::uint64_t kernel) {
    const std::lock_guard guard(mutex);
    return static_cast<std::size_t>(std::ranges::count_if(
        reports, [&](const auto& m) { return m.at.epoch == kernel && std::holds_alternative<Said>(m.what); }));
  }
  // Which kernel each lane has computed, while all are looked at for some time; 0: none, or several.
  std::array<std::uint64_t, 2> kernels_by_lane(std::size_t kernels) {
    std::array<std::set<std::uint64_t>, 2> seen;
    soon([&] {
      const auto slices = slices_on_lanes(*system);
      for (std::size_t lane = 0; lane < 2; ++lane)
        if (slices[lane]) seen[lane].insert(slices[lane]->epoch);
      return seen[0].size() + seen[1].size() >= kernels;
    });
    const auto only = [](const auto& one) { return one.size() == 1 ? *one.begin() : 0; };
    return {only(seen[0]), only(seen[1])};
  }

  runtime::system_record_files files;
  std::mutex mutex;  // guards the reports
  std::vector<cluster::report_message> reports;
  std::atomic<int> failed{0};
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  std::optional<crew> actors;
};

TEST_F(a_crew, has_an_actor_for_each_kernel_that_places_something) {
  const auto idle = system->registry().running();
  actors->take({{5, 1}, told::obey{1, std::make_shared<const runtime::order>(runtime::orders::measure{})}});
  actors->take({{5, 1}, told::leave{"nothing is here"}});
  EXPECT_EQ(system->registry().running(), idle);
  for (const std::uint64_t kernel : {5, 6}) place(kernel);
  EXPECT_TRUE(soon([&] { return count<said::ready>(5) == 1 && count<said::ready>(6) == 1; }));
  actors->take({{6, 1}, told::leave{"it was dropped"}});
  EXPECT_TRUE(soon([&] { return system->registry().running() == idle + 2; })) << "one, and its VP";
  place(4);
  EXPECT_TRUE(soon([&] { return count<said::ready>(4) == 1; })) << "one that was made earlier, and begins only now";
  EXPECT_EQ(failed, 0);
  actors.reset();
  EXPECT_TRUE(soon([&] { return system->registry().running() == idle; }));
  EXPECT_EQ(failed, 0);
}

TEST_F(a_crew, says_for_each_kernel_whether_it_has_its_modules) {
  actors->take({{5, 3}, told::modules{7, {{"mine", "12"}}}});
  actors->take({{6, 1}, told::modules{8, {}}});
  ASSERT_TRUE(soon([&] { return count<said::modules>(5) == 1 && count<said::modules>(6) == 1; }));
  for (const auto& m : reports) {
    const auto& said = std::get<said::modules>(m.what);
    EXPECT_EQ(said.number, m.at.epoch == 5 ? 7u : 8u);
    EXPECT_EQ(said.why_not.has_value(), m.at.epoch == 5) << "it was started without";
  }
  place(5);
  EXPECT_TRUE(soon([&] { return count<said::ready>(5) == 1; }));
  EXPECT_EQ(failed, 0);
}

TEST_F(a_crew, frees_what_a_network_held_that_had_modules) {
  place(5);
  ASSERT_TRUE(soon([&] { return count<said::ready>(5) == 1; }));
  const auto before = system->registry().running();
  actors->take({{5, 1}, told::modules{1, {}}});
  ASSERT_TRUE(soon([&] { return count<said::modules>(5) == 1; }));
  actors->take({{5, 1}, told::obey{1, std::make_shared<const runtime::order>(runtime::orders::measure{})}});
  ASSERT_TRUE(soon([&] { return count<said::votes>(5) == 1; })) << "this network is not gone";
  actors->take({{5, 2}, told::modules{2, {}}});
  EXPECT_TRUE(soon([&] { return system->registry().running() == before - 1; })) << "its VP";
}

TEST_F(a_crew, deals_lanes_that_are_free) {
  for (const std::uint64_t kernel : {5, 6}) {
    place(kernel);
    run(kernel);
  }
  EXPECT_EQ(kernels_by_lane(2), (std::array<std::uint64_t, 2>{5, 6}));
  const auto both = system->registry().running();
  actors->take({{5, 1}, told::leave{"it was dropped"}});
  ASSERT_TRUE(soon([&] { return system->registry().running() == both - 2; }));
  place(8);
  run(8);
  EXPECT_EQ(kernels_by_lane(2), (std::array<std::uint64_t, 2>{8, 6}));
}

TEST_F(a_crew, tells_once_that_an_actor_of_it_cannot_go_on) {
  place(5);
  actors->take({{5, 1}, told::obey{7, std::make_shared<const runtime::order>(runtime::orders::measure{})}});
  EXPECT_TRUE(soon([&] { return failed == 1; }));
}

}  // namespace
}  // namespace volley::actors
