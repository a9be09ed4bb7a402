#include <fstream>

#include "models/devices/recorders.hpp"
#include "tests/models/devices/detecting.hpp"

namespace volley::runtime::tests {
namespace {

struct spin : detecting {
  spin() : detecting("spin_detector") {}
  /// Times, senders and states.
  std::vector<std::tuple<double, std::int64_t, std::int64_t>> states(const node_set& d) {
    std::vector<std::tuple<double, std::int64_t, std::int64_t>> all;
    const auto e = k.events(d);
    const auto& times = *e.find("times")->get_if<reals>();
    const auto &senders = *e.find("senders")->get_if<integers>(), &state = *e.find("state")->get_if<integers>();
    EXPECT_EQ(times.size(), state.size());
    for (std::size_t i = 0; i < times.size(); ++i) all.emplace_back(times[i], senders[i], state[i]);
    return all;
  }
  using events = std::vector<std::tuple<double, std::int64_t, std::int64_t>>;
};

INSTANTIATE_TEST_SUITE_P(vps, spin, testing::Values(1, 2, 3, 7));

TEST_P(spin, records_one_event_for_two_spikes_and_for_one) {
  const auto a = parrot({3.0, 5.0, 5.5}, {2, 1, 2}), b = parrot({4.0, 5.0}, {2, 1});
  const auto d = create();
  k.connect(a, d);
  k.connect(b, d);
  k.simulate(10.0);
  const auto id = [](const node_set& n) { return static_cast<std::int64_t>(n.ranges[0].first); };
  EXPECT_EQ(states(d), (events{{3.0, id(a), 1}, {4.0, id(b), 1}, {5.0, id(a), 0}, {5.0, id(b), 0}, {5.5, id(a), 1}}));
  EXPECT_EQ(k.get(d, "n_events"), value(integers{5}));
  k.set(d, {{"n_events", 0}});
  EXPECT_EQ(states(d), events{});
}

TEST_P(spin, records_generators) {
  const auto g = train({3.0, 3.0, 4.0, 5.0}, {1, 1, 1, 2});
  const auto d = create({{"start", 3.0}}), whole = create();
  k.connect(g, d);
  k.connect(g, whole);
  k.simulate(10.0);
  const auto id = static_cast<std::int64_t>(g.ranges[0].first);
  EXPECT_EQ(states(d), (events{{4.0, id, 0}, {5.0, id, 1}}));
  EXPECT_EQ(states(whole), (events{{3.0, id, 1}, {4.0, id, 0}, {5.0, id, 1}}))
      << "two spikes of one time are one event";
}

TEST_P(spin, writes_states_to_files) {
  const auto d = create({{"record_to", "ascii"}, {"label", "spin_" + std::to_string(GetParam())}, {"precision", 1}});
  const auto p = parrot({3.0, 5.0}, {2, 1});
  k.set_status({{"data_path", testing::TempDir()}, {"overwrite_files", true}});
  k.connect(p, d);
  k.simulate(10.0);
  std::string text;
  const auto names = *(*k.get(d, "filenames").get_if<std::vector<value>>())[0].get_if<std::vector<std::string>>();
  for (const auto& name : names) {
    std::ifstream file(name);
    for (std::string line; std::getline(file, line);)
      if (line.starts_with(std::to_string(p.ranges[0].first)) || line.starts_with("sender")) text += line + "\n";
  }
  const auto id = std::to_string(p.ranges[0].first);
  EXPECT_NE(text.find("sender\ttime_ms\tstate\n"), std::string::npos) << text;
  EXPECT_NE(text.find(id + "\t3.0\t1\n" + id + "\t5.0\t0\n"), std::string::npos) << text;
}

TEST_P(spin, steps_have_states_too_and_reports_do_not_take_them) {
  const auto d = create({{"time_in_steps", true}});
  k.connect(parrot({3.0}, {2}), d);
  k.simulate(10.0);
  const auto e = k.events(d);
  EXPECT_EQ(*e.find("times"), value(integers{30}));
  EXPECT_EQ(*e.find("state"), value(integers{1}));
  expect_refused(error_kind::BadProperty, "sonata", [&] { create({{"record_to", "sonata"}}); });
}

}  // namespace
}  // namespace volley::runtime::tests
