#include "runtime/kernel/matching.hpp"

#include <algorithm>

#include "runtime/base/digest.hpp"
#include "runtime/base/error.hpp"
#include "runtime/kernel/node_facts.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

/// Nodes that a call refuses are no devices.
bool any_device(const network& net, const node_set& nodes) {
  try {
    net.nodes.check(nodes, net.generation, "set");
  } catch (const api_error&) {
    return false;
  }
  bool any = false;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) { any = any || block.device >= 0; });
  return any;
}

struct matched_call {
  const network& net;
  bool operator()(const api::set_node_values& c) const { return any_device(net, c.nodes); }
  bool operator()(const api::match_nodes& c) const {
    if (c.properties.contains("local")) return false;
    return std::ranges::any_of(c.properties, [](const auto& one) { return !is_node_fact(one.first); });
  }
  bool operator()(const api::set_connection_values&) const { return false; }
  bool operator()(const api::disconnect_connections&) const { return false; }
  bool operator()(const api::get_connections&) const { return false; }
  bool operator()(const api::get_connection_values&) const { return false; }
  bool operator()(const api::describe_nodes&) const { return false; }
  bool operator()(const api::get_node_values&) const { return false; }
  bool operator()(const api::get_defaults&) const { return false; }
  bool operator()(const api::get_kernel_status&) const { return false; }
  bool operator()(const api::evaluate&) const { return false; }
  bool operator()(const api::describe_space&) const { return false; }
  bool operator()(const api::get_positions&) const { return false; }
  bool operator()(const api::displace&) const { return false; }
  bool operator()(const api::find_nearest&) const { return false; }
  bool operator()(const api::select_by_mask&) const { return false; }
  bool operator()(const api::test_mask&) const { return false; }
  bool operator()(const api::describe_saved&) const { return false; }
  bool operator()(const api::drain&) const { return false; }
  bool operator()(const api::cancel&) const { return false; }
  bool operator()(const api::list_kernels&) const { return false; }
  bool operator()(const api::drop_kernel&) const { return false; }
  template <class Other> bool operator()(const Other&) const { return true; }
};

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

std::string count_of(const node_set& nodes) { return std::to_string(nodes.size()) + " nodes"; }

std::string rule_of(const dictionary& rule) {
  const auto* name = rule.find("rule");
  return name == nullptr ? "a rule" : to_text(*name);
}

std::string keys_of(const dictionary& values) {
  constexpr std::size_t most = 4;
  std::string text;
  std::size_t n = 0;
  for (const auto& [key, v] : values) {
    text += (n == 0 ? "" : ", ") + key;
    if (++n == most && values.size() > most) return text + ", ...";
  }
  return text;
}

std::string with(const char* verb, double ms) { return std::string(verb) + "(" + to_text(value(ms)) + ")"; }

struct call_text {
  std::string operator()(const api::create_nodes& c) const {
    return "Create(" + quoted(c.model) + ", " + std::to_string(c.count) + ")";
  }
  std::string operator()(const api::connect& c) const {
    return "Connect(" + count_of(c.sources) + ", " + count_of(c.targets) + ", " + rule_of(c.rule) + ")";
  }
  std::string operator()(const api::connect_arrays& c) const {
    if (c.of_rank) return "Connect of pairs of its own";
    return "Connect(" + std::to_string(c.sources.size()) + " sources, " + std::to_string(c.targets.size()) +
           " targets)";
  }
  std::string operator()(const api::tripartite_connect& c) const {
    return "TripartiteConnect(" + count_of(c.sources) + ", " + count_of(c.targets) + ", " + count_of(c.third) + ")";
  }
  std::string operator()(const api::disconnect& c) const {
    return "Disconnect(" + count_of(c.sources) + ", " + count_of(c.targets) + ")";
  }
  std::string operator()(const api::set_node_values& c) const { return "set of " + count_of(c.nodes); }
  std::string operator()(const api::set_connection_values& c) const {
    return "set of " + std::to_string(c.connections.size()) + " connections";
  }
  std::string operator()(const api::disconnect_connections& c) const {
    return "disconnect of " + std::to_string(c.connections.size()) + " connections";
  }
  std::string operator()(const api::drain& c) const { return "drain(" + std::to_string(c.worker) + ")"; }
  std::string operator()(const api::drop_kernel& c) const { return "drop_kernel(" + quoted(c.name) + ")"; }
  std::string operator()(const api::match_nodes& c) const { return "GetNodes(" + keys_of(c.properties) + ")"; }
  std::string operator()(const api::set_defaults& c) const { return "SetDefaults(" + quoted(c.model) + ")"; }
  std::string operator()(const api::copy_model& c) const {
    return "CopyModel(" + quoted(c.existing) + ", " + quoted(c.copy) + ")";
  }
  std::string operator()(const api::set_kernel_status& c) const {
    return c.values.empty() ? "SyncProcesses()" : "SetKernelStatus(" + keys_of(c.values) + ")";
  }
  std::string operator()(const api::reset_kernel&) const { return "ResetKernel()"; }
  std::string operator()(const api::prepare&) const { return "Prepare()"; }
  std::string operator()(const api::cleanup&) const { return "Cleanup()"; }
  std::string operator()(const api::run& c) const { return with("Run", c.time_ms); }
  std::string operator()(const api::save& c) const { return "Save(" + quoted(c.path) + ")"; }
  std::string operator()(const api::load& c) const { return "Load(" + quoted(c.path) + ")"; }
  std::string operator()(const api::rescale& c) const { return "rescale(" + std::to_string(c.vps) + ")"; }
  std::string operator()(const api::simulate& c) const { return with("Simulate", c.time_ms); }
  template <class Other> std::string operator()(const Other&) const { return "a question"; }
};

struct call_that_fails_alone {
  bool operator()(const api::connect_arrays& c) const { return c.of_rank; }
  bool operator()(const api::prepare&) const { return true; }
  bool operator()(const api::cleanup&) const { return true; }
  bool operator()(const api::run&) const { return true; }
  bool operator()(const api::simulate&) const { return true; }
  bool operator()(const api::save&) const { return true; }
  bool operator()(const api::load&) const { return true; }
  template <class Other> bool operator()(const Other&) const { return false; }
};

}  // namespace

bool is_matched(const network& net, const api::request& r) { return std::visit(matched_call{net}, r); }

bool fails_alone(const api::request& r) { return std::visit(call_that_fails_alone{}, r); }

std::string text_of(const api::request& r) { return std::visit(call_text{}, r); }

std::optional<std::uint64_t> common_digest(const api::request& r) {
  const auto* c = std::get_if<api::connect_arrays>(&r);
  if (c == nullptr || !c->of_rank) return std::nullopt;
  digest sum;
  for (const auto& [key, v] : c->synapse) {
    const auto said = key + " " + (is_list(v) ? "of each" : to_text(v));
    sum.add(said.data(), said.size());
  }
  return sum.value();
}

std::uint64_t digest_of(const network& net) {
  digest sum;
  sum.add(net.generation);
  sum.add(net.shard_epoch);
  sum.add(net.nodes.size());
  sum.add(net.connect_calls);
  sum.add(net.devices.entries.size());
  sum.add(net.models.nodes().size());
  sum.add(net.models.synapses().size());
  sum.add(static_cast<std::uint64_t>(net.now));
  sum.add(static_cast<std::uint64_t>(net.state));
  sum.add(net.settings.rng_seed);
  return sum.value();
}

}  // namespace volley::runtime
