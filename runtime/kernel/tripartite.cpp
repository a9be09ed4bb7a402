// TripartiteConnect: the connections of a rule, and those into and out of the third-factor nodes that take part in
// them.
#include <algorithm>
#include <array>

#include "runtime/base/error.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/projections.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/rules/third_factor.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

void refuse_second_direction(const dictionary& rule) {
  const auto* v = rule.find("make_symmetric");
  const auto* symmetric = v != nullptr ? v->get_if<bool>() : nullptr;
  if (symmetric != nullptr && *symmetric)
    throw api_error(error_kind::BadProperty,
                    "TripartiteConnect: make_symmetric must be False: a third factor belongs to one direction");
}

// No rule says how many connections there will be: arrays have no shape.
void refuse_arrays(const std::vector<dictionary>& synapses, const char* part) {
  for (const auto& spec : synapses)
    for (const auto& [key, v] : spec)
      if (is_list(v))
        throw api_error(error_kind::ValueError, std::string("TripartiteConnect: ") + part + ": '" + key +
                                                    "' cannot be a list or an array, only a number or a Parameter");
}

/// Where the ends of connections lie, if Parameters of their synapses ask for it.
void place(const network& net, rule_spec& rule, const std::vector<dictionary>& synapses, const char* part) {
  if (!asks_for_space({}, synapses)) return;
  spatial_rule space{net.nodes.layer_of(rule.sources), net.nodes.layer_of(rule.targets), {}, false, nullptr};
  const auto subject = std::string("TripartiteConnect: ") + part;
  if (space.sources == nullptr || space.targets == nullptr)
    throw api_error(error_kind::TypeError, subject + ": Parameters of space need nodes with positions on both sides");
  if (space.sources->dimensions() != space.targets->dimensions())
    throw api_error(error_kind::BadProperty, subject + ": the layers have different numbers of dimensions");
  space.mask.pool = space.targets;
  check_synapses_in_space(space, synapses);
  rule.space = std::make_shared<const spatial_rule>(std::move(space));
}

}  // namespace

outcome begin(network& net, const api::tripartite_connect& c) {
  require_alive(net);
  for (const auto* nodes : {&c.sources, &c.targets, &c.third}) check_nodes(net, *nodes, "TripartiteConnect");
  require_third_factor_rule(c.third_rule);
  refuse_second_direction(c.rule);
  const std::array parts{&c.primary, &c.third_in, &c.third_out};
  const std::array names{"primary", "third_in", "third_out"};
  for (std::size_t i = 0; i < parts.size(); ++i) refuse_arrays(*parts[i], names[i]);
  const auto call = net.calls + 1;
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto primary =
      std::make_shared<const rule_spec>(rule_of(net, c.rule, c.sources, c.targets, c.primary, call, unknown));
  const auto third = parse_third_factor(c.third_rule, primary, c.third, unknown);
  auto in = into_third(third), out = out_of_third(third);
  place(net, in, c.third_in, names[1]);
  place(net, out, c.third_out, names[2]);
  const std::array rules{primary, std::make_shared<const rule_spec>(std::move(in)),
                         std::make_shared<const rule_spec>(std::move(out))};
  std::vector<checked_rule> checked;
  std::size_t n_specs = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    checked.push_back(check(net, rules[i], *parts[i], unknown));
    n_specs += parts[i]->size();
  }
  if (n_specs > max_specs)
    throw api_error(error_kind::BadProperty, "TripartiteConnect: " + std::to_string(n_specs) +
                                                 " synapse specifications; one call takes at most " +
                                                 std::to_string(max_specs));
  net.calls = call;
  new_connections made;
  n_specs = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    add_connections(net, checked[i], n_specs, made);
    n_specs += parts[i]->size();
  }
  return warned(unknown, link(net, std::move(made)));
}

}  // namespace volley::runtime
