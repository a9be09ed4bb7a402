// Which connections are legal: every rule from every kind of source onto every kind of target, against the contract.
// Whatever the call, the outcome is an error of the right class that changes nothing, or connections that run.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

/// What a model sends and takes, as Connect sees it.
enum class kind { neuron, parrot, spikes, injector, currents, spike_recorder, multimeter, voltmeter, weight_recorder };

struct model {
  const char* name;
  kind is;
};

const std::vector<model> models{{"iaf_psc_alpha", kind::neuron},           {"iaf_cond_exp", kind::neuron},
                                {"parrot_neuron", kind::parrot},           {"poisson_generator", kind::spikes},
                                {"spike_generator", kind::spikes},         {"spike_train_injector", kind::injector},
                                {"dc_generator", kind::currents},          {"step_current_generator", kind::currents},
                                {"noise_generator", kind::currents},       {"spike_recorder", kind::spike_recorder},
                                {"multimeter", kind::multimeter},          {"voltmeter", kind::voltmeter},
                                {"weight_recorder", kind::weight_recorder}};

bool is_cell(kind k) { return k == kind::neuron || k == kind::parrot; }
bool is_meter(kind k) { return k == kind::multimeter || k == kind::voltmeter; }

/// Whether a connection between single nodes is legal. The multimeter here has nothing to record from, which all can
/// give.
bool is_legal(kind source, kind target) {
  switch (source) {
    case kind::neuron:
    case kind::parrot:
    case kind::spikes:
    case kind::injector: return is_cell(target) || target == kind::spike_recorder;
    case kind::currents:
    case kind::voltmeter: return target == kind::neuron;
    case kind::multimeter: return target == kind::neuron || target == kind::currents;
    default: return false;
  }
}

struct rule_case {
  const char* name;
  dictionary spec;
  bool takes_devices_as_targets, both_directions, repeats;
};

const std::vector<rule_case> rules{
    {"all_to_all", {{"rule", "all_to_all"}}, true, false, false},
    {"one_to_one", {{"rule", "one_to_one"}}, true, false, false},
    {"one_to_one_symmetric", {{"rule", "one_to_one"}, {"make_symmetric", true}}, true, true, false},
    {"fixed_indegree", {{"rule", "fixed_indegree"}, {"indegree", 1}}, false, false, false},
    {"fixed_outdegree", {{"rule", "fixed_outdegree"}, {"outdegree", 1}}, false, false, false},
    {"fixed_total_number", {{"rule", "fixed_total_number"}, {"N", 1}}, false, false, false},
    {"pairwise_bernoulli", {{"rule", "pairwise_bernoulli"}, {"p", 0.9}}, false, false, false},
    {"pairwise_poisson", {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.9}}, false, false, true},
    {"symmetric_pairwise_bernoulli",
     {{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.9}, {"make_symmetric", true}, {"allow_autapses", false}},
     false,
     true,
     false},
};

constexpr const char* fine = "fine";

/// How a call ends: "fine", or the class of its error.
std::string outcome_of(const std::function<void()>& call) {
  try {
    call();
    return fine;
  } catch (const api_error& e) {
    EXPECT_GT(std::string(e.what()).size(), 10u) << "it says what was wrong";
    return to_string(e.kind());
  }
}

const std::string illegal = to_string(error_kind::IllegalConnection);

/// What is right for a rule between kinds of nodes.
std::vector<std::string> right(const rule_case& r, kind source, kind target, std::int64_t n_sources,
                               std::int64_t n_targets) {
  const bool one_to_one = std::string(r.name).starts_with("one_to_one");
  if (one_to_one && n_sources != n_targets) return {to_string(error_kind::DimensionMismatch)};
  if (!is_legal(source, target) || (r.both_directions && !is_legal(target, source))) return {illegal};
  if (!is_cell(target) && !r.takes_devices_as_targets) return {illegal};
  if (r.repeats && is_meter(source)) return {fine, illegal};  // a meter samples a node once
  return {fine};
}

/// After `call` the kernel is as it was, or has connections; and it runs.
void expect_outcome(solo_kernel& k, const std::vector<std::string>& rights, const std::string& what,
                    const std::function<void()>& call) {
  const auto came = outcome_of(call);
  EXPECT_NE(std::find(rights.begin(), rights.end(), came), rights.end())
      << what << ": " << came << ", right is " << rights.front();
  const auto found = k.connections().size();
  EXPECT_TRUE(came == fine || found == 0) << what;
  EXPECT_EQ(*k.status("num_connections").get_if<std::int64_t>(), static_cast<std::int64_t>(found)) << what;
  k.simulate(2.0);
}

class legal_connections : public testing::TestWithParam<rule_case> {};
INSTANTIATE_TEST_SUITE_P(rules, legal_connections, testing::ValuesIn(rules),
                         [](const auto& info) { return info.param.name; });

TEST_P(legal_connections, are_those_of_the_contract) {
  solo_kernel k;
  for (const int vps : {1, 3})
    for (const auto& source : models)
      for (const auto& target : models)
        for (const auto& [n, m] : {std::pair{1, 1}, {2, 2}, {1, 2}, {2, 1}}) {
          k.call(api::reset_kernel{});
          k.set_status({{"total_num_virtual_procs", vps}});
          const auto from = k.create(source.name, n), to = k.create(target.name, m);
          const auto what = std::to_string(n) + " " + source.name + " to " + std::to_string(m) + " " + target.name;
          expect_outcome(k, right(GetParam(), source.is, target.is, n, m), what,
                         [&] { k.connect(from, to, GetParam().spec); });
        }
}

/// Every kind of source onto every kind of target, two of each.
void for_each_pair(
    int vps,
    const std::function<void(solo_kernel&, const model&, const model&, const node_set&, const node_set&)>& visit) {
  solo_kernel k;
  for (const auto& source : models)
    for (const auto& target : models) {
      k.call(api::reset_kernel{});
      k.set_status({{"total_num_virtual_procs", vps}});
      const auto from = k.create(source.name, 2), to = k.create(target.name, 2);
      visit(k, source, target, from, to);
    }
}

std::int64_t id(const node_set& nodes, std::uint64_t i) { return static_cast<std::int64_t>(nodes[i]); }

TEST(connections_one_by_one, are_legal_between_the_same_nodes) {
  for (const int vps : {1, 3})
    for (const bool repeated : {false, true})
      for_each_pair(vps, [&](auto& k, const auto& source, const auto& target, const auto& from, const auto& to) {
        const bool right = is_legal(source.is, target.is) && !(repeated && is_meter(source.is));
        api::connect_arrays pairs{
            {id(from, 1), id(from, 0), id(from, 1)}, {id(to, 0), id(to, 1), id(to, repeated ? 0 : 1)}, {}};
        expect_outcome(k, {right ? fine : illegal}, std::string(source.name) + " to " + target.name,
                       [&] { k.call(pairs); });
        EXPECT_EQ(k.connections().size(), right ? 3u : 0u) << source.name << " to " << target.name;
      });
}

TEST(connections_by_synapses_that_are_not_static, have_cells_at_both_ends) {
  for (const char* model : {"stdp_synapse", "tsodyks_synapse", "tsodyks_synapse_hom", "bernoulli_synapse"})
    for_each_pair(2, [model](auto& k, const auto& source, const auto& target, const auto& from, const auto& to) {
      const bool right = (is_cell(source.is) || source.is == kind::injector) && is_cell(target.is);
      expect_outcome(k, {right ? fine : illegal}, std::string(model) + ": " + source.name + " to " + target.name, [&] {
        k.connect(from, to, {{"rule", "all_to_all"}}, {{"synapse_model", model}});
      });
    });
}

TEST(collocated_connections, connect_a_meter_once) {
  for_each_pair(2, [](auto& k, const auto& source, const auto& target, const auto& from, const auto& to) {
    const bool right = is_legal(source.is, target.is) && !is_meter(source.is);
    expect_outcome(k, {right ? fine : illegal}, std::string(source.name) + " to " + target.name, [&] {
      k.call(api::connect{from, to, {{"rule", "all_to_all"}}, {dictionary{}, dictionary{{"weight", 2.0}}}});
    });
  });
}

TEST(receptors, of_devices_are_0) {
  for_each_pair(2, [](auto& k, const auto& source, const auto& target, const auto& from, const auto& to) {
    std::vector<std::string> rights{to_string(error_kind::UnknownReceptorType)};
    if (!is_legal(source.is, target.is)) rights.push_back(illegal);
    expect_outcome(k, rights, std::string(source.name) + " to " + target.name, [&] {
      k.connect(from, to, {{"rule", "all_to_all"}}, {{"receptor_type", 7}});
    });
  });
}

}  // namespace
}  // namespace volley::runtime
