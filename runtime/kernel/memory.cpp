// What the network takes before it is there: calls that cannot fit are refused before anything is allocated, and what
// the machine refuses nevertheless becomes an error that says what it was about.
#include <algorithm>
#include <new>
#include <set>
#include <stdexcept>

#include "runtime/base/error.hpp"
#include "runtime/devices/generator_trains.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/nodes/attribute_lists.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

row_plan rows(const network& net) {
  if (net.settings.min_delay_steps != 0)
    return {net.n_vps(), net.settings.min_delay_steps, net.settings.max_delay_steps};
  auto all = net.extrema;
  if (!net.has_run) all.include(net.size.delays());
  if (all.max == 0) return {net.n_vps(), 1, 1};
  return {net.n_vps(), all.min, all.max};
}

void require_memory(const network& net, double bytes, const std::string& what) {
  const auto& share = net.options.memory;
  const auto all = static_cast<double>(net.options.memory_limit);
  const double limit = share != nullptr ? share->claim(bytes, all) : all;
  if (bytes <= limit) return;
  const double others = share != nullptr ? share->taken_by_others() : 0;
  throw api_error(error_kind::MemoryError,
                  what + " would bring the network from about " + bytes_text(net.size.bytes(rows(net))) + " to " +
                      bytes_text(bytes) + " of memory; the limit is " + bytes_text(limit) +
                      (others > 0 ? ", since other kernels of the server take " + bytes_text(others) : "") +
                      " (VOLLEY_MEMORY_LIMIT sets another one)");
}

std::uint64_t room_for_records(const network& net) {
  const auto limit = net.options.memory_limit;
  // What is made again had room enough.
  if (limit == no_memory_limit || net.options.replays) return any_room;
  const auto all = static_cast<double>(limit);
  const double others = net.options.memory != nullptr ? net.options.memory->taken_by_others() : 0;
  const double room = std::max(all - others - net.size.bytes(rows(net)), all / 10);
  return static_cast<std::uint64_t>(room / net.n_vps_here());
}

api::answer full_recorders(const network& net, bool ended_early) {
  const auto at = to_text(value(net.settings.time.to_ms(net.now))) + " ms";
  return failure(net, std::make_exception_ptr(api_error(
                          error_kind::MemoryError,
                          (ended_early ? "the run was ended at " + at : "at " + at + ", the end of the run,") +
                              " since what recorders keep takes the memory that the network leaves: set n_events to 0 "
                              "once events are read, let recorders write to files (record_to), or record less "
                              "(VOLLEY_MEMORY_LIMIT sets another limit); the network can go on")));
}

std::set<std::size_t> varied_by(const models::neuron_model& model, const dictionary& values) {
  std::set<std::size_t> columns;
  for (const auto& [key, v] : values) {
    const auto* p = v.get_if<parameter_ref>();
    if (p != nullptr ? (*p)->is_constant() : !is_list(v)) continue;
    for (const auto& f : model.fields)
      if (f.name == key && f.where == models::part::params) columns.insert(static_cast<std::size_t>(f.column));
  }
  return columns;
}

std::set<std::size_t> lists_varied_by(const attributes& of, const dictionary& values) {
  std::set<std::size_t> columns;
  for (const auto& [key, v] : values) {
    const auto* const row = of.list_row(key);
    if (row == nullptr || !has_entry_a_node(of, key, v)) continue;
    for (const auto& f : of.model().fields)
      if (f.list == row->list && f.where == models::part::params) columns.insert(static_cast<std::size_t>(f.column));
  }
  return columns;
}

void note_varied(network& net, const node_set& nodes, const dictionary& values) {
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
    const auto* neuron = net.models.node(block.model).neuron();
    if (neuron == nullptr) return;
    auto all = varied_by(neuron->model(), values);
    all.insert(block.varied.begin(), block.varied.end());
    if (all.size() == block.varied.size()) return;
    const auto values_of = [&](const auto& varied) {
      return plan_nodes(neuron->model(), block.first, block.last, varied, net.n_vps()).values;
    };
    planned_nodes more;
    more.values = values_of(all) - values_of(block.varied);
    net.size.add(more);
    net.nodes.block_of(block.first).varied = std::move(all);
  });
}

planned_connections plan_of(const network& net, const projection& p, const pair_group& pairs) {
  auto plan = plan_connections(p, *net.models.synapse(p.store).model, net.settings.time);
  if (pairs.from != models::device_output::node_spikes) plan.delivery = delivery_class::generated;
  if (p.rule == nullptr) return plan;
  std::set<models::input_form> forms;
  net.nodes.for_each_block(pairs.targets, [&](const node_block& block, const node_range&) {
    const auto* receptor = std::get_if<double>(&p.receptor);
    for (const auto& channel : net.models.node(block.model).neuron()->channels())
      if ((receptor == nullptr || channel.receptor == *receptor) && channel.is_current() == p.currents)
        forms.insert(channel.form);
  });
  plan.forms = static_cast<std::uint32_t>(std::max<std::size_t>(forms.size(), 1));
  return plan;
}

double train_bytes(const network& net, const device_entry& entry) {
  if (!has_trains(entry.params)) return 0;
  return static_cast<double>(generator_trains::bytes_of(stimulator_of(net, entry).train_size()));
}

void add_trains(const network& net, const pair_group& pairs, planned_connections& plan,
                std::map<std::uint64_t, double>& numbers) {
  if (pairs.from != models::device_output::spikes || plan.sources == 0) return;
  const double of_one = plan.number / static_cast<double>(plan.sources);
  net.nodes.for_each_block(pairs.sources, [&](const node_block&, const node_range& ids) {
    for (auto id = ids.first; id <= ids.last; id += ids.step) {
      const auto& entry = *find_device(net, id);
      if (!has_trains(entry.params)) break;  // a block has one model
      plan.trains += of_one * train_bytes(net, entry);
      numbers[id] += of_one;
    }
  });
}

dictionary footprint_status(const network& net) {
  const auto plan = rows(net);
  dictionary neurons, connections;
  std::int64_t devices = 0;
  for (const auto& block : net.nodes.blocks()) {
    const auto n = static_cast<std::int64_t>(block.last - block.first + 1);
    if (block.device >= 0) {
      devices += n;
      continue;
    }
    auto& of_type = neurons[net.models.node(block.model).type];
    of_type = n + (of_type.is_none() ? 0 : *of_type.get_if<std::int64_t>());
  }
  for (std::size_t c = 0; c < n_delivery_classes; ++c)
    connections[delivery_class_names[c]] = net.size.connections(static_cast<delivery_class>(c));
  return {{"neurons", neurons},
          {"devices", devices},
          {"connections", connections},
          {"memory_nodes", net.size.node_bytes(plan)},
          {"memory_connections", net.size.connection_bytes(plan.vps)},
          {"memory_limit", static_cast<double>(net.options.memory_limit)},
          {"vps", static_cast<std::int64_t>(plan.vps)},
          {"resolution", net.settings.time.resolution_ms()},
          {"min_delay", net.settings.time.to_ms(plan.interval_steps)},
          {"biological_time", net.settings.time.to_ms(net.now)}};
}

}  // namespace volley::runtime
