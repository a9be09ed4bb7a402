// What all generators of random spikes have in common, whatever they draw: their spikes depend on no layout, on no
// image, and on nothing that does not concern them.
#include <gtest/gtest.h>

#include <iterator>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

struct generator {
  const char* name;
  const char* model;
  dictionary defaults;    ///< those that only the model can be given
  dictionary parameters;  ///< from the begin
  dictionary change;      ///< in the middle of a run
};

std::vector<generator> all_generators() {
  const auto lists = [](reals times, reals rates) { return dictionary{{"rate_times", times}, {"rate_values", rates}}; };
  return {
      {"inhomogeneous", "inhomogeneous_poisson_generator", {}, lists({3, 12}, {900, 300}), lists({25}, {1500})},
      {"gamma_sup", "gamma_sup_generator", {}, {{"rate", 90.0}, {"gamma_shape", 3}, {"n_proc", 6}}, {{"rate", 60.0}}},
      {"gamma_sup_anew",
       "gamma_sup_generator",
       {},
       {{"rate", 500.0}, {"gamma_shape", 2}},
       {{"gamma_shape", 5}, {"n_proc", 2}}},
      {"ppd_sup",
       "ppd_sup_generator",
       {},
       {{"rate", 90.0}, {"dead_time", 2.0}, {"n_proc", 6}, {"frequency", 70.0}, {"relative_amplitude", 0.5}},
       {{"rate", 60.0}}},
      {"ppd_sup_anew", "ppd_sup_generator", {}, {{"rate", 300.0}, {"dead_time", 1.0}}, {{"dead_time", 2.5}}},
      {"sinusoidal_gamma",
       "sinusoidal_gamma_generator",
       {},
       {{"rate", 500.0}, {"order", 2.5}, {"amplitude", 300.0}, {"frequency", 70.0}},
       {{"order", 4.0}}},
      {"sinusoidal_gamma_shared",
       "sinusoidal_gamma_generator",
       {{"individual_spike_trains", false}},
       {{"rate", 500.0}, {"order", 2.5}, {"amplitude", 300.0}, {"frequency", 70.0}},
       {{"order", 4.0}}},
      {"mip", "mip_generator", {}, {{"rate", 1500.0}, {"p_copy", 0.4}}, {{"p_copy", 0.7}}},
      {"pulsepacket",
       "pulsepacket_generator",
       {},
       {{"pulse_times", reals{5, 20, 22, 40}}, {"activity", 20}, {"sdev", 3.0}},
       {{"sdev", 1.0}}},
  };
}

/// Two generators of a kind onto parrots, over several connections to each, with recorders at both.
class network {
 public:
  network(int vps, const generator& what) : k(vps), change(what.change) {
    k.set_status({{"min_delay", 0.5}, {"max_delay", 3.0}});
    k.call(api::copy_model{what.model, "mine", what.defaults});
    sources = k.create("mine", 2, what.parameters);
    parrots = k.create("parrot_neuron", 9);
    late = k.create("parrot_neuron", 4);
    recorder = k.create("spike_recorder");
    direct = k.create("spike_recorder");
    k.connect(sources, parrots, all, {{"delay", 1.3}});
    k.connect(sources, parrots, all, {{"delay", 0.5}});
    k.connect(parrots, recorder);
    k.connect(late, recorder);
    k.connect(sources, direct);
    k.connect(sources, direct);
  }
  void change_everything() {
    k.set(sources, change);
    k.connect(sources, late, all, {{"delay", 2.1}});
    k.connect(sources, parrots, all, {{"delay", 1.3}});
  }
  void edit_some() {
    k.call(api::set_connection_values{k.connections({sources, late, {}, {}}), dictionary{{"delay", 0.9}}});
    const auto first = parrots.ranges[0].first;
    const auto some = k.connections({sources, node_set{parrots.generation, {{first, first + 3, 1}}}, {}, {}});
    k.call(api::set_connection_values{some, dictionary{{"weight", 2.0}}});
  }
  /// All that is heard, in one order.
  using spikes = std::vector<std::pair<double, std::int64_t>>;
  spikes heard() {
    spikes all;
    for (const auto& r : {recorder, direct}) {
      const auto times = k.times(r);
      const auto senders = k.senders(r);
      const auto begin = static_cast<std::ptrdiff_t>(all.size());
      for (std::size_t i = 0; i < times.size(); ++i) all.emplace_back(times[i], senders[i]);
      std::sort(all.begin() + begin, all.end());
    }
    return all;
  }

  solo_kernel k;
  const dictionary all{{"rule", "all_to_all"}}, change;
  node_set sources, parrots, late, recorder, direct;
};

class generators_of_spikes : public testing::TestWithParam<generator> {};

INSTANTIATE_TEST_SUITE_P(models, generators_of_spikes, testing::ValuesIn(all_generators()),
                         [](const auto& info) { return info.param.name; });

TEST_P(generators_of_spikes, send_the_same_on_any_layout) {
  std::vector<network::spikes> heard;
  for (const int vps : {1, 2, 3, 7}) {
    network n(vps, GetParam());
    n.k.simulate(17.2);
    n.change_everything();
    n.k.simulate(12.6);
    n.edit_some();
    n.k.simulate(20.0);
    heard.push_back(n.heard());
    EXPECT_GT(heard.back().size(), 300u);
    EXPECT_TRUE(heard.back() == heard.front()) << vps << " VPs";
  }
}

TEST_P(generators_of_spikes, go_on_from_an_image_with_the_same_spikes) {
  for (const int vps : {1, 3})
    for (const double cut_ms : {17.5, 17.2}) {  // at the end of an interval, and inside one
      network a(vps, GetParam()), b(vps, GetParam());
      const auto seed = a.k.status("rng_seed");
      b.k.set_status({{"rng_seed", 7}});
      for (auto* n : {&a, &b}) {
        n->k.simulate(9.1);
        n->change_everything();
        n->k.simulate(cut_ms - 9.1);
      }
      b.k.set_status({{"rng_seed", seed}});
      EXPECT_FALSE(b.heard() == a.heard());
      b.k.load(a.k.save());
      EXPECT_TRUE(b.k.save() == a.k.save());
      for (auto* n : {&a, &b}) n->k.simulate(25.0);
      EXPECT_TRUE(b.heard() == a.heard()) << vps << " VPs, cut at " << cut_ms << " ms";
      EXPECT_TRUE(b.k.save() == a.k.save());
    }
}

TEST_P(generators_of_spikes, draw_nothing_twice_when_what_is_in_flight_is_fixed) {
  network once(2, GetParam()), often(2, GetParam());
  once.k.simulate(30.0);
  for (int i = 0; i < 100; ++i) {
    often.k.set(often.sources, {{"label", std::to_string(i)}});
    if (i == 40) often.k.connect(often.parrots, often.late);
    often.k.simulate(0.3);
  }
  auto a = once.heard(), b = often.heard();
  std::erase_if(b, [&](const auto& spike) {
    return spike.second >= static_cast<std::int64_t>(often.late.ranges[0].first) &&
           spike.second <= static_cast<std::int64_t>(often.late.ranges[0].last);
  });
  EXPECT_TRUE(a == b);
}

TEST_P(generators_of_spikes, have_trains_of_their_own) {
  network n(2, GetParam());
  n.k.simulate(40.0);
  std::map<std::int64_t, reals> sent;
  const auto times = n.k.times(n.direct);
  const auto senders = n.k.senders(n.direct);
  for (std::size_t i = 0; i < times.size(); ++i) sent[senders[i]].push_back(times[i]);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_NE(sent.begin()->second, sent.rbegin()->second);
}

TEST_P(generators_of_spikes, rest_while_frozen) {
  network n(2, GetParam());
  n.k.simulate(10.0);
  n.k.set(n.sources, {{"frozen", true}});
  n.k.simulate(20.0);
  n.k.set(n.sources, {{"frozen", false}});
  n.k.simulate(10.0);
  std::size_t after = 0;
  for (const double ms : n.k.times(n.direct)) {
    EXPECT_FALSE(ms > 10.05 && ms < 30.05) << ms;
    after += ms > 30;
  }
  EXPECT_GT(after, std::string(GetParam().name) == "pulsepacket" ? 0u : 5u);
}

TEST_P(generators_of_spikes, are_there_after_a_reset_and_on_any_grid) {
  network n(1, GetParam());
  n.k.simulate(5.0);
  for (const double resolution : {0.1, 1.0, 0.25}) {
    n.k.call(api::reset_kernel{});
    n.k.set_status({{"resolution", resolution}});
    EXPECT_FALSE(std::get<value>(n.k.call(api::get_defaults{GetParam().model})).is_none());
    const auto g = n.k.create(GetParam().model);
    n.k.connect(g, n.k.create("parrot_neuron"));
    const auto shown = std::get<value>(n.k.call(api::get_node_values{g, {}}));
    for (const auto& key : {"start", "stop", "label"}) EXPECT_TRUE(shown.get_if<dictionary>()->contains(key));
    n.k.simulate(10.0);
  }
}

}  // namespace
}  // namespace volley::runtime
