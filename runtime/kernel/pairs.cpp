// Which pairs of nodes Connect may connect.
#include <algorithm>
#include <set>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/receptor_rules.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/pairs.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

using models::device_output;

constexpr const char* impossible = "Creation of connection is not possible: ";

[[noreturn]] void refuse(const std::string& why) { throw api_error(error_kind::IllegalConnection, impossible + why); }

bool sends_spikes(device_output what) { return what == device_output::spikes || what == device_output::node_spikes; }

/// The nodes at the positions in `to` that `some` of `from` have there.
node_set at_same_positions(const node_set& some, const node_set& from, const node_set& to) {
  const node_index positions(from), nodes(to);
  std::vector<std::uint64_t> ids;
  for (const auto& r : some.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) ids.push_back(nodes.id(*positions.position(id)));
  return {to.generation, ranges_of(ids)};
}

node_set partners_in(const id_pairs& pairs, const node_set& some) {
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < pairs.sources.size(); ++i)
    if (some.contains(pairs.sources[i])) ids.push_back(pairs.targets[i]);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return {0, ranges_of(ids)};
}

std::map<device_output, node_set> by_output(const network& net, const node_set& nodes) {
  std::map<device_output, node_set> kinds;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range& part) {
    const auto& model = net.models.node(block.model);
    const auto what = block.device < 0 ? device_output::node_spikes : output_of(*model.device());
    if (what == device_output::nothing) refuse("a " + model.name + " sends nothing");
    auto& some = kinds[what];
    some.generation = nodes.generation;
    some.ranges.push_back(part);
  });
  return kinds;
}

/// `partners`: the targets that some of the sources are paired with; null: all.
std::vector<pair_group> groups_between(const network& net, const node_set& sources, const node_set& targets,
                                       const std::function<node_set(const node_set&)>& partners) {
  std::vector<pair_group> groups;
  const auto kinds = by_output(net, sources);
  for (const auto& [what, some] : kinds) {
    pair_group cells{what, false, some, {targets.generation, {}}}, devices{what, true, some, {targets.generation, {}}};
    net.nodes.for_each_block(kinds.size() > 1 && partners != nullptr ? partners(some) : targets,
                             [&](const node_block& block, const node_range& part) {
                               (block.device >= 0 ? devices : cells).targets.ranges.push_back(part);
                             });
    for (auto* group : {&cells, &devices})
      if (!group->targets.empty()) groups.push_back(std::move(*group));
  }
  return groups;
}

bool may_end_at_devices(const rule_spec& rule) {
  const bool on_source = rule.space != nullptr && rule.space->origin_at_target;
  return rule.kind == rule_kind::all_to_all || rule.kind == rule_kind::one_to_one ||
         (rule.kind == rule_kind::pairwise_bernoulli && on_source);
}

/// Errors: UnknownReceptorType where a detector does not have the receptor.
void check_detecting_receptor(const network& net, std::uint64_t id, std::int64_t receptor) {
  const auto& device = *find_device(net, id);
  const auto n = receptors_of(device.params);
  if (receptor >= 0 && receptor < n) return;
  throw api_error(error_kind::UnknownReceptorType,
                  "Connect: receptor_type = " + std::to_string(receptor) + ": node " + std::to_string(id) + ", a " +
                      net.models.node(device.model).name + ", has " +
                      (n == 1 ? "receptor 0 only" : "the receptors 0 to " + std::to_string(n - 1)));
}

/// Errors: NotImplemented, UnknownReceptorType.
void check_recording_receptor(const connection_number& receptor) {
  const auto* one = std::get_if<double>(&receptor);
  if (one == nullptr)
    throw api_error(error_kind::NotImplemented, "Connect: receptor_type of recording devices must be a single number");
  if (*one != 0)
    throw api_error(error_kind::UnknownReceptorType,
                    "Connect: receptor_type = " + std::to_string(static_cast<std::int64_t>(*one)) +
                        ": recorders and meters connect by receptor 0 only");
}

/// True when each node has receptors of its own, so that nodes must be asked.
bool has_own_receptors(const node_model& model) {
  return model.neuron() != nullptr && model.neuron()->model().numbers_receptors() == models::receptor_numbers::listed;
}

/// What spikes say: that there was one, or which way a binary state went. Relays pass either on.
enum class signal : std::uint8_t { spikes, flips, either };

signal received_by(const models::neuron_model& model) {
  const auto takes = [&](models::input_form form) {
    return std::ranges::any_of(model.channels, [=](const auto& channel) { return channel.form == form; });
  };
  return takes(models::input_form::flips)   ? signal::flips
         : takes(models::input_form::count) ? signal::either
                                            : signal::spikes;
}

signal sent_by(const models::neuron_model& model) {
  if (model.emits == models::emission::flips) return signal::flips;
  return received_by(model) == signal::either ? signal::either : signal::spikes;
}

/// Errors: IllegalConnection between neurons of which one is binary and the other is not.
void check_signals(const network& net, const pair_group& pairs) {
  std::map<signal, std::string> sent, received;  // a model of each
  const auto collect = [&](const node_set& nodes, auto what, std::map<signal, std::string>& to) {
    net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
      const auto& model = net.models.node(block.model);
      if (model.neuron() != nullptr) to.emplace(what(model.neuron()->model()), model.name);
    });
  };
  collect(pairs.sources, sent_by, sent);
  collect(pairs.targets, received_by, received);
  for (const auto& [one, other] : {std::pair(signal::spikes, signal::flips), {signal::flips, signal::spikes}})
    if (sent.contains(one) && received.contains(other))
      refuse("a " + sent[one] + (one == signal::flips ? " tells a binary state" : " tells no binary state") +
             ", and a " + received[other] + (one == signal::flips ? " takes spikes" : " takes nothing else"));
}

receiver receiver_of(const node_model& model) {
  const auto& neuron = model.neuron()->model();
  return {model.name, model.neuron()->channels(), neuron.numbers_receptors(), neuron.name};
}

bool has_relays(const network& net, const node_set& nodes) {
  bool any = false;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
    any |= block.device >= 0 && is_relay(*net.models.node(block.model).device());
  });
  return any;
}

void check_targets(const network& net, const pair_group& pairs, const connection_number& receptor, bool compact) {
  net.nodes.for_each_block(pairs.targets, [&](const node_block& block, const node_range& ids) {
    const auto& model = net.models.node(block.model);
    if (block.device >= 0) {
      const auto& device = *model.device();
      const bool detects = sends_spikes(pairs.from) && is_detector(device);
      const bool hears = detects || (sends_spikes(pairs.from) && records_spikes(device));
      const bool shows = pairs.from == device_output::requests && !recordables_of(device).empty();
      if (!hears && !shows) refuse("a " + model.name + " takes no such input");
      if (const auto* one = std::get_if<double>(&receptor); detects && one != nullptr)
        for (auto id = ids.first; id <= ids.last; id += ids.step)
          check_detecting_receptor(net, id, static_cast<std::int64_t>(*one));
      if (detects) return;  // numbers of each connection are checked when they are known
    }
    if (pairs.has_recorders()) {
      if (block.device < 0 && !model.neuron()->model().takes_meters)
        refuse("a " + model.name + " has nothing to record");
      check_recording_receptor(receptor);
      return;
    }
    if (const auto* one = std::get_if<double>(&receptor)) {
      const auto number = static_cast<std::int64_t>(*one);
      if (!has_own_receptors(model)) check_receptor(receiver_of(model), number, pairs.has_currents());
      if (!pairs.has_currents()) check_payload(receiver_of(model), number, common_model(net, pairs.sources));
      if (!pairs.has_currents() && ids.first <= net.nodes_prepared) check_entries_stay(receiver_of(model), number);
      if (compact) check_compact(number);
    }
  });
}

}  // namespace

std::vector<pair_group> groups_of(const network& net, const rule_spec& rule) {
  if (rule.kind != rule_kind::one_to_one) return groups_between(net, rule.sources, rule.targets, nullptr);
  return groups_between(net, rule.sources, rule.targets,
                        [&](const node_set& some) { return at_same_positions(some, rule.sources, rule.targets); });
}

std::vector<pair_group> groups_of(const network& net, const id_pairs& pairs) {
  return groups_between(net, pairs.distinct_sources, pairs.distinct_targets,
                        [&](const node_set& some) { return partners_in(pairs, some); });
}

node_set set_of(const network& net, std::vector<std::uint64_t> ids) {
  if (!std::ranges::is_sorted(ids)) std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return {net.generation, ranges_of(ids)};
}

std::shared_ptr<const id_pairs> pairs_of(const network& net, std::vector<std::uint64_t> sources,
                                         std::vector<std::uint64_t> targets) {
  auto all = listed(sources, targets);
  return pairs_of(net, std::move(sources), std::move(targets), std::move(all));
}

std::shared_ptr<const id_pairs> pairs_of(const network& net, std::vector<std::uint64_t> sources,
                                         std::vector<std::uint64_t> targets, listed_pairs all) {
  auto pairs = std::make_shared<id_pairs>();
  std::vector<std::uint64_t> distinct;
  for (const auto& of_source : all.reaches) distinct.push_back(of_source.first);
  pairs->distinct_sources = {net.generation, ranges_of(distinct)};
  pairs->distinct_targets = {net.generation, ranges_of(all.targets)};
  pairs->number = all.number;
  pairs->reaches = std::move(all.reaches);
  pairs->repeat = all.repeat;
  pairs->sources = std::move(sources);
  pairs->targets = std::move(targets);
  return pairs;
}

void check_pairs(const network& net, const std::vector<pair_group>& groups, const synapse_spec& spec) {
  const auto& model = *net.models.synapse(spec.model).model;
  for (const auto& pairs : groups) {
    check_targets(net, pairs, spec.receptor, model.compact);
    if (pairs.from == device_output::node_spikes && !pairs.to_devices) check_signals(net, pairs);
    if (model.compact && pairs.from == device_output::requests)
      refuse("meters cannot be connected by compact synapse models (_hpc)");
    if (models::is_static(model)) continue;
    if (pairs.has_recorders()) refuse("recording devices cannot be connected by " + std::string(model.name));
    if (pairs.from != device_output::node_spikes || has_relays(net, pairs.sources))
      refuse("devices cannot drive a " + std::string(model.name));
  }
}

void check_rule(const network& net, const rule_spec& rule, const std::vector<pair_group>& groups,
                const synapse_spec& spec) {
  check_pairs(net, groups, spec);
  for (const auto& pairs : groups)
    if (pairs.to_devices && !may_end_at_devices(rule))
      refuse(std::string("onto devices, the rule must be all_to_all, one_to_one, or pairwise_bernoulli with "
                         "use_on_source, not ") +
             to_string(rule.kind));
  if (!rule.make_symmetric) return;
  auto back = rule;
  std::swap(back.sources, back.targets);
  try {
    check_pairs(net, groups_of(net, back), spec);
  } catch (const api_error& e) {
    throw api_error(e.kind(), std::string(e.what()) + " (make_symmetric connects the targets to the sources, too)");
  }
}

std::string_view common_model(const network& net, const node_set& nodes) {
  std::set<std::string_view> names;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
    const auto* const neuron = net.models.node(block.model).neuron();
    names.insert(neuron == nullptr ? std::string_view() : neuron->model().name);
  });
  return names.size() == 1 ? *names.begin() : std::string_view();
}

bool receptors_need_trial(const network& net, const pair_group& pairs, const connection_number& receptor) {
  bool asks_nodes = false;
  net.nodes.for_each_block(pairs.targets, [&](const node_block& block, const node_range&) {
    asks_nodes |= block.device < 0 && has_own_receptors(net.models.node(block.model));
  });
  if (asks_nodes) return true;
  if (is_shared(receptor)) return false;
  if (std::holds_alternative<parameter_ref>(receptor)) return true;
  const auto& array = *std::get<std::shared_ptr<const std::vector<double>>>(receptor);
  const std::set<double> used(array.begin(), array.end());
  bool all_fit = true;
  const auto from = common_model(net, pairs.sources);
  net.nodes.for_each_block(pairs.targets, [&](const node_block& block, const node_range& ids) {
    const auto node = receiver_of(net.models.node(block.model));
    const auto takes_payload = [](const auto& channel) { return channel.form == models::input_form::payload; };
    all_fit &= from == node.model || std::ranges::none_of(node.channels, takes_payload);
    for (const double r : used) {
      const auto number = static_cast<std::int64_t>(r);
      all_fit &= has_receptor(node, number, pairs.has_currents());
      all_fit &= ids.first > net.nodes_prepared || !makes_entry(node, number);
    }
  });
  return !all_fit;
}

void check_detected(const network& net, const tap& t) {
  for (const auto receptor : t.receptors.values()) check_detecting_receptor(net, t.recorder_id, receptor);
}

void check_sampled(const network& net, const tap& t, const std::map<recorder_ordinal, id_intervals>& in_this_call) {
  for (const auto* known : {&net.devices.sampled, &in_this_call}) {
    const auto earlier = known->find(t.recorder);
    if (earlier == known->end()) continue;
    if (const auto id = earlier->second.shared_with(t.nodes))
      refuse("meter " + std::to_string(t.recorder_id) + " records from node " + std::to_string(*id) + " already");
  }
  const auto names =
      make_recorder(t.recorder_id, find_device(net, t.recorder_id)->params, net.settings.time).quantities;
  net.nodes.for_each_block(t.nodes, [&](const node_block& block, const node_range&) {
    const auto& model = net.models.node(block.model);
    const auto known = model.neuron() != nullptr ? model.neuron()->recordables() : recordables_of(*model.device());
    if (model.neuron() != nullptr && !model.neuron()->model().lists.empty()) return;  // its VP is asked
    for (const auto& name : names)
      if (std::find(known.begin(), known.end(), name) == known.end())
        refuse("a " + model.name + " has no recordable '" + name + "'" + did_you_mean(name, known));
  });
}

}  // namespace volley::runtime
