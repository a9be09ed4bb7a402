// A rejected call changes nothing: every call of the API, refused by one VP of three at every order that it gives. The
// network is the same to the bit afterwards, at once and after the same call again and a run.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/saved_in_memory.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

constexpr std::size_t vps = 3;
const node_set cells{0, {{1, 40, 1}}}, noise{0, {{41, 41, 1}}}, current{0, {{42, 42, 1}}}, spikes{0, {{43, 43, 1}}},
    meter{0, {{44, 44, 1}}}, watcher{0, {{45, 45, 1}}};

value drawn(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

/// Before its call it has run into the middle of an interval, so that something is in flight; connections wait to be
/// built.
struct network {
  network() : k(options(files)) {
    k.create("iaf_psc_alpha", 40, {{"I_e", 500.0}});
    k.create("poisson_generator", 1, {{"rate", 9000.0}});
    k.create("step_current_generator", 1,
             {{"amplitude_times", std::vector<double>{2}}, {"amplitude_values", std::vector<double>{90}}});
    k.create("spike_recorder");
    k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}});
    k.create("weight_recorder");
    k.call(api::copy_model{"stdp_synapse", "watched", {{"weight_recorder", watcher}}});
    k.connect(noise, cells, {{"rule", "all_to_all"}}, {{"weight", 20.0}, {"delay", 1.0}});
    k.connect(current, cells, {{"rule", "all_to_all"}}, {{"delay", 1.0}});
    k.connect(meter, cells);
    k.connect(cells, spikes);
    k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 5}},
              {{"weight", drawn(5, 9)}, {"delay", drawn(1, 2)}});
    k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 3}},
              {{"synapse_model", "watched"}, {"delay", 1.0}});
    k.simulate(12.3);
  }
  api::connection_columns some() { return k.connections({node_set{0, {{1, 9, 2}}}, cells, "static_synapse", {}}); }
  std::string status() {
    auto all = *std::get<value>(k.call(api::get_kernel_status{{}})).get_if<dictionary>();
    std::string text;
    for (const auto& [key, v] : all)
      if (key.find("time_") != 0 && !key.ends_with("_update_time") && key != "memory_size" && key.find("memory_") != 0)
        text += key + " = " + to_text(v) + "\n";
    for (const auto* model : {"iaf_psc_alpha", "poisson_generator", "static_synapse", "watched"})
      text += to_text(std::get<value>(k.call(api::get_defaults{model}))) + "\n";
    return text + to_text(std::get<value>(k.call(api::get_node_values{{0, {{41, 45, 1}}}, {}})));
  }

  /// Nine nodes on a grid, made when they are asked for.
  node_set layer() {
    return std::get<node_set>(
        k.call(api::create_nodes{"iaf_psc_alpha", 1, {}, dictionary{{"shape", std::vector<std::int64_t>{3, 3}}}}));
  }

  static kernel_options options(network_files& saved) {
    kernel_options o;
    o.default_vps = vps;
    o.networks = &saved;
    return o;
  }
  /// Into a file that is there from now on.
  std::string saved() {
    k.call(api::save{"mine"});
    return "mine";
  }

  tests::saved_in_memory files;
  solo_kernel k;
};

const dictionary circle{{"circular", value(dictionary{{"radius", 0.7}})}};

const dictionary one_element{{"synaptic_elements", value(dictionary{{"a", value(dictionary{{"z", 1.5}})}})}};

struct call_of_api {
  const char* name;
  std::function<api::request(network&)> request;
  /// The shards do something that they need not take back: connections are built, files closed, images take
  /// another form.
  bool is_work = false;
};

const call_of_api calls[] = {
    {"Create",
     [](network&) {
       return api::create_nodes{"iaf_psc_alpha", 7, value(dictionary{{"V_m", drawn(-70, -60)}})};
     }},
    {"Create_in_space",
     [](network&) {
       return api::create_nodes{
           "iaf_psc_alpha", 7, {}, dictionary{{"positions", std::vector<value>{drawn(0, 1), drawn(0, 1)}}}};
     }},
    {"Create_a_generator",
     [](network&) {
       return api::create_nodes{"poisson_generator", 4, value(dictionary{{"rate", 9.0}})};
     }},
    {"Create_a_recorder",
     [](network&) {
       return api::create_nodes{"spike_recorder", 2, {}};
     }},
    {"Connect",
     [](network&) {
       return api::connect{cells,
                           cells,
                           {{"rule", "fixed_indegree"}, {"indegree", 4}},
                           {{{"weight", drawn(1, 2)}, {"delay", drawn(1, 2)}}}};
     }},
    {"Connect_a_recorder",
     [](network&) {
       return api::connect{cells, spikes, {{"rule", "all_to_all"}}, {{}}};
     }},
    {"Connect_arrays",
     [](network&) {
       return api::connect_arrays{{1, 2, 3, 4}, {5, 6, 7, 8}, {}};
     }},
    {"Disconnect",
     [](network& n) {
       const auto all = n.k.connections({{}, {}, "watched", {}});
       const auto id = [&](const auto& column) { return static_cast<std::uint64_t>(column.front()); };
       return api::disconnect{{0, {{id(all.sources), id(all.sources), 1}}},
                              {0, {{id(all.targets), id(all.targets), 1}}},
                              {{"rule", "one_to_one"}},
                              {{"synapse_model", "watched"}}};
     }},
    {"Disconnect_connections", [](network& n) { return api::disconnect_connections{n.some()}; }},
    {"GetConnections",
     [](network&) {
       return api::get_connections{{}, {}, "watched", {}};
     }},
    {"get_of_connections",
     [](network& n) {
       return api::get_connection_values{n.some(), {}};
     }},
    {"set_weights",
     [](network& n) {
       return api::set_connection_values{n.some(), value(dictionary{{"weight", 2.5}})};
     }},
    {"set_delays",
     [](network& n) {
       return api::set_connection_values{n.some(), value(dictionary{{"delay", 2.0}})};
     }},
    {"set_parameters",
     [](network& n) {
       return api::set_connection_values{n.k.connections({{}, {}, "watched", {}}), value(dictionary{{"Wmax", 150.0}})};
     }},
    {"NodeCollection", [](network&) { return api::describe_nodes{cells}; }},
    {"get",
     [](network&) {
       return api::get_node_values{{0, {{1, 45, 1}}}, {}};
     }},
    {"set",
     [](network&) {
       return api::set_node_values{cells, value(dictionary{{"V_m", drawn(-80, -60)}, {"clear", true}})};
     }},
    {"set_devices",
     [](network&) {
       return api::set_node_values{noise, value(dictionary{{"rate", 100.0}})};
     }},
    {"set_a_current",
     [](network&) {
       return api::set_node_values{current, value(dictionary{{"amplitude_times", std::vector<double>{20}},
                                                             {"amplitude_values", std::vector<double>{7}}})};
     }},
    {"set_recorders",
     [](network&) {
       return api::set_node_values{spikes, value(dictionary{{"n_events", 0}, {"stop", 13.0}})};
     }},
    {"GetNodes",
     [](network&) {
       return api::match_nodes{{{"tau_m", 10.0}}};
     }},
    {"GetDefaults", [](network&) { return api::get_defaults{"watched"}; }},
    {"SetDefaults",
     [](network&) {
       return api::set_defaults{"watched", {{"weight", 3.0}}};
     }},
    {"SetDefaults_of_all",
     [](network&) {
       return api::set_defaults{"static_synapse_hom_w", {{"weight", 3.0}}};
     }},
    {"SetDefaults_of_nodes",
     [](network&) {
       return api::set_defaults{"iaf_psc_alpha", {{"tau_m", 11.0}}};
     }},
    {"CopyModel",
     [](network&) {
       return api::copy_model{"static_synapse", "mine", {{"weight", 3.0}}};
     }},
    {"GetKernelStatus", [](network&) { return api::get_kernel_status{{}}; }},
    {"SetKernelStatus",
     [](network&) {
       return api::set_kernel_status{{{"overwrite_files", true}}};
     }},
    {"Prepare", [](network&) { return api::prepare{}; }, true},
    {"Cleanup",
     [](network& n) {
       n.k.call(api::prepare{});
       return api::cleanup{};
     },
     true},
    {"Run",
     [](network& n) {
       n.k.call(api::prepare{});
       return api::run{0.0};
     }},
    {"Simulate", [](network&) { return api::simulate{0.0}; }, true},
    {"GetValue",
     [](network&) {
       return api::evaluate{*drawn(0, 1).get_if<parameter_ref>(), cells};
     }},
    {"spatial", [](network& n) { return api::describe_space{n.layer()}; }},
    {"GetPosition", [](network& n) { return api::get_positions{n.layer()}; }},
    {"Distance",
     [](network& n) {
       return api::displace{n.layer(), {}, n.layer(), true};
     }},
    {"FindNearestElement",
     [](network& n) {
       return api::find_nearest{n.layer(), matrix{1, 2, {0, 0}}, true};
     }},
    {"SelectNodesByMask",
     [](network& n) {
       return api::select_by_mask{n.layer(), std::vector<double>{0, 0}, circle};
     }},
    {"CreateMask",
     [](network&) {
       return api::test_mask{circle, {}};
     }},
    {"Connect_in_space",
     [](network& n) {
       const auto layer = n.layer();
       return api::connect{layer, layer, {{"rule", "fixed_indegree"}, {"indegree", 2}, {"mask", value(circle)}}, {{}}};
     }},
    {"TripartiteConnect",
     [](network&) {
       const dictionary each{{"rule", "fixed_indegree"}, {"indegree", 2}};
       const dictionary pool{{"rule", "third_factor_bernoulli_with_pool"}, {"p", 0.5}, {"pool_size", 2}};
       return api::tripartite_connect{
           cells, cells, {0, {{1, 8, 1}}}, each, pool, {{{"weight", drawn(1, 2)}}}, {{}}, {{{"weight", drawn(1, 2)}}}};
     }},
    {"Connect_elements",
     [](network& n) {
       n.k.set_status({{"structural_plasticity_rules", true}});
       n.k.set(cells, one_element);
       const dictionary names{{"pre_synaptic_element", "a"}, {"post_synaptic_element", "a"}};
       return api::connect{cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 2}}, {names}};
     }},
    {"set_elements",
     [](network&) {
       return api::set_node_values{cells, value(one_element)};
     }},
    {"Cancel", [](network&) { return api::cancel{}; }},
    {"ResetKernel", [](network&) { return api::reset_kernel{}; }},
    {"Save",
     [](network& n) {
       n.k.set_status({{"overwrite_files", true}});
       return api::save{"x"};
     },
     true},
    {"Load", [](network& n) { return api::load{n.saved()}; }},
    {"DescribeSaved", [](network& n) { return api::describe_saved{n.saved()}; }},
    {"rescale", [](network&) { return api::rescale{vps + 1}; }, true},
};

class refused : public testing::TestWithParam<call_of_api> {};
INSTANTIATE_TEST_SUITE_P(calls, refused, testing::ValuesIn(calls), [](const auto& info) { return info.param.name; });

/// Makes the call with its order number `n` refused by one VP; returns the number of its orders, and whether it failed.
std::pair<std::size_t, bool> call(network& net, const api::request& r, std::uint32_t vp, std::size_t n) {
  std::size_t orders = 0;
  bool failed = false;
  net.k.before_obeying = [&](const shard& s, const order&) {
    if (s.place().vp == 0) ++orders;
    if (s.place().vp == vp && orders == n + 1) throw api_error(error_kind::BadProperty, "injected");
  };
  try {
    net.k.call(r);
  } catch (const api_error& e) {
    EXPECT_STREQ(e.what(), "injected");
    failed = true;
  }
  net.k.before_obeying = [](const shard&, const order&) {};
  return {orders, failed};
}

TEST_P(refused, changes_nothing) {
  network untouched;
  const auto r = GetParam().request(untouched);
  const auto images = untouched.k.save();
  const auto status = untouched.status();
  const auto go_on = [&](network& net) {
    net.k.call(r);
    if (std::holds_alternative<api::prepare>(r)) net.k.call(api::cleanup{});
    if (!std::holds_alternative<api::run>(r)) net.k.simulate(4.0);
    return net.k.save();
  };
  const auto later = go_on(untouched);
  const auto status_of = [&](network& net) { return std::holds_alternative<api::reset_kernel>(r) ? "" : net.status(); };
  const auto later_status = status_of(untouched);
  for (std::uint32_t vp = 0; vp < vps; ++vp)
    for (std::size_t n = 0;; ++n) {
      network net;
      const auto same = GetParam().request(net);
      const auto [orders, failed] = call(net, same, vp, n);
      if (orders <= n) break;
      EXPECT_TRUE(failed) << "VP " << vp << ", order " << n;
      const auto now = net.k.save();  // events come in the same pieces
      if (!GetParam().is_work) {
        EXPECT_TRUE(now == images) << "VP " << vp << ", order " << n;
        EXPECT_EQ(net.status(), status);
      }
      EXPECT_TRUE(go_on(net) == later) << "VP " << vp << ", order " << n;
      EXPECT_EQ(status_of(net), later_status);
    }
}

TEST(refused, are_all_calls_of_the_api) {
  std::set<std::size_t> kinds;
  for (const auto& c : calls) {
    network net;
    kinds.insert(c.request(net).index());
  }
  // Whoever has workers drains them, and sessions tell of kernels and drop them.
  EXPECT_EQ(kinds.size() + 3, std::variant_size_v<api::request>);
}

TEST(refused, by_several_is_told_of_the_lowest_node_on_any_layout) {
  std::set<std::string> texts;
  for (const int n : {1, 3, 4}) {
    solo_kernel k(n);
    const auto nodes = k.create("hh_psc_alpha", 9);
    for (const auto& wrong :
         {value(0.0), value(drawn(-2, -1)), value(std::vector<double>{1, 1, 0, 1, -1, 1, 1, 0, 1})}) {
      try {
        k.set(nodes, {{"tau_syn_ex", wrong}});
        ADD_FAILURE();
      } catch (const api_error& e) {
        texts.insert(e.what());
      }
    }
    const value spread = parameter::make({{operation::normal, {}, {0.0, 1.0}}});
    const dictionary all{{"rule", "all_to_all"}}, six{{"rule", "fixed_outdegree"}, {"outdegree", 6}};
    const dictionary many{{"rule", "fixed_indegree"}, {"indegree", drawn(1, 30)}, {"allow_multapses", false}};
    const dictionary late{{"delay", spread}};
    const dictionary mixed{{"synapse_model", "stdp_synapse"}, {"weight", spread}, {"delay", drawn(-0.05, 9)}};
    for (const auto& [rule, synapses] : {std::pair(all, late), {six, late}, {six, mixed}, {many, {}}, {many, late}}) {
      try {
        k.connect(nodes, nodes, rule, synapses);
        ADD_FAILURE();
      } catch (const api_error& e) {
        texts.insert(e.what());
      }
    }
  }
  EXPECT_EQ(texts.size(), 6u) << testing::PrintToString(texts);
}

TEST(refused, has_drawn_nothing_that_later_calls_would_have) {
  const auto numbers_after = [](const std::vector<api::request>& before) {
    solo_kernel k(2);
    k.create("iaf_psc_alpha", 5);
    for (const auto& r : before) {
      try {
        k.call(r);
      } catch (const api_error&) {
      }
    }
    return k.call(api::evaluate{*drawn(0, 1).get_if<parameter_ref>(), node_set{0, {{1, 5, 1}}}});
  };
  const auto expected = numbers_after({});
  // Refused, or without anything to draw.
  const node_set all{0, {{1, 5, 1}}};
  for (const api::request& r : std::vector<api::request>{
           api::set_node_values{all, value(dictionary{{"nothing", drawn(0, 1)}})},
           api::set_node_values{all, value(dictionary{{"tau_m", drawn(-2, -1)}})},
           api::set_node_values{all, value(dictionary{{"tau_m", 12.0}})},
           api::create_nodes{"iaf_psc_alpha", 3, value(dictionary{{"tau_m", drawn(-2, -1)}})},
           api::create_nodes{"iaf_psc_alpha", 3, {}},
           api::evaluate{*drawn(0, 1).get_if<parameter_ref>(), node_set{0, {{1, 77, 1}}}},
           api::connect{all, all, {{"rule", "pairwise_bernoulli"}, {"p", 7.0}}, {{}}},
           api::connect{all, all, {{"rule", "all_to_all"}}, {{}}},
       })
    EXPECT_TRUE(std::get<value>(numbers_after({r})) == std::get<value>(expected)) << r.index();
}

}  // namespace
}  // namespace volley::runtime
