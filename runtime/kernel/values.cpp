// Calls that read nodes: get, GetNodes, Parameters for their own sake.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/devices/recorded_events.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/node_columns.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

static dictionary common_values(const network& net, std::uint64_t id, const node_block& block);

dictionary common_values(const network& net, std::uint64_t id, const node_block& block) {
  const auto& model = net.models.node(block.model);
  const bool device = block.device >= 0 && !is_injector(net.devices.entries[static_cast<std::size_t>(block.device)].params);
  const auto vp = static_cast<std::int64_t>(device ? 0 : id % net.n_vps());
  dictionary d;
  d["model"] = model.name;
  d["model_id"] = static_cast<std::int64_t>(block.model);
  d["element_type"] = model.element_type();
  d["global_id"] = static_cast<std::int64_t>(id);
  d["vp"] = vp;
  d["thread"] = vp;
  d["thread_local_id"] = static_cast<std::int64_t>(device ? id - 1 : (id - 1) / net.n_vps());
  d["local"] = true;
  d["node_uses_wfr"] = false;
  return d;
}

outcome begin(network& net, const api::get_node_values& c) {
  require_alive(net);
  check_nodes(net, c.nodes, "get");
  const auto columns = std::make_shared<node_columns>(c.nodes.size(), c.keys);
  std::vector<std::uint32_t> recorders;       // whose events are wanted
  std::vector<std::uint64_t> recorder_rows;
  std::uint64_t row = 0;
  bool neurons = false;
  const bool wants_events = columns->wants("events") || columns->wants("n_events");
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      const auto& block = net.nodes.block_of(id);
      for (const auto& [key, v] : common_values(net, id, block)) columns->put(key, row, v);
      const auto& model = net.models.node(block.model);
      if (const auto* device = block.device < 0 ? nullptr : find_device(net, id)) {
        for (const auto& [key, v] : values_of(device->params, net.generation)) columns->put(key, row, v);
        columns->put("frozen", row, device->frozen);
        if (is_recorder(device->params)) {
          if (wants_events) {
            recorders.push_back(device->position);
            recorder_rows.push_back(row);
          }
        } else if (output_of(device->params) == models::device_output::currents) {
          columns->put("recordables", row, std::vector<std::string>{"I"});
        }
        if (recording_of(device->params).record_to == "ascii" && is_recorder(device->params)) columns->put("filenames", row, file_names(net, *device));
      } else {
        neurons = true;
        columns->put("recordables", row, recordables_of(*model.neuron()));
      }
    }
  }
  const auto nodes = c.nodes;
  const auto time = net.settings.time;
  const auto answer_columns = [=, &net]() -> outcome { return done(net, value(columns->take())); };
  const auto with_events = [=, &net]() -> outcome {
    if (recorders.empty()) return answer_columns();
    return on_shards(net, 
        [=](shard& s) -> std::any {
          // Shards rest until the call is answered, so their logs are read where they are.
          std::vector<const recorder*> shares;
          for (const auto position : recorders) shares.push_back(&s.recorder_at(position));
          return shares;
        },
        [=, &net](std::vector<std::any> results) -> outcome {
          for (std::size_t i = 0; i < recorders.size(); ++i) {
            std::vector<const event_log*> logs;
            std::uint64_t count = 0;
            for (const auto& result : results) {
              const auto* share = std::any_cast<const std::vector<const recorder*>&>(result)[i];
              logs.push_back(&share->log());
              count += share->n_events();
            }
            const auto& entry = *find_device(net, nodes[recorder_rows[i]]);
            columns->put("n_events", recorder_rows[i], static_cast<std::int64_t>(count));
            if (recording_of(entry.params).record_to == "memory" && columns->wants("events"))
              columns->put("events", recorder_rows[i], events_of(logs, make_recorder(entry.id, entry.params, time), time));
          }
          return answer_columns();
        });
  };
  if (neurons && net.options.dry_run) put_planned_values(net, nodes, *columns);
  if (!neurons || net.options.dry_run) return with_events();
  return on_shards(net, [=](shard& s) -> std::any { return std::make_shared<std::vector<column_part>>(s.get_values(nodes, columns->keys())); },
                   [=](std::vector<std::any> results) -> outcome {
                     for (auto& result : results)
                       for (const auto& part : *std::any_cast<std::shared_ptr<std::vector<column_part>>&>(result)) columns->put(part);
                     return with_events();
                   });
}

outcome begin(network& net, const api::match_nodes& c) {
  require_alive(net);
  if (net.nodes.size() == 0) return done(net, node_set{net.generation, {}});
  std::vector<std::string> keys;
  for (const auto& [key, v] : c.properties) keys.push_back(key);
  const node_set all{net.generation, {{1, net.nodes.size(), 1}}};
  const auto wanted = c.properties;
  // The same path as get(), with the rows compared instead of returned.
  auto next = begin(net, api::get_node_values{all, keys});
  return and_then(std::move(next), [=, &net](api::answer found) -> outcome {
    if (std::holds_alternative<api::failed_call>(found.outcome)) return found;
    const auto& columns = *std::get<value>(found.outcome).get_if<dictionary>();
    node_set matches{net.generation, {}};
    for (std::uint64_t id = 1; id <= all.ranges[0].last; ++id) {
      const bool match = std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
        const auto* column = columns.find(entry.first);
        return column != nullptr && entry_of(*column, id - 1) == entry.second;
      });
      if (!match) continue;
      if (!matches.ranges.empty() && matches.ranges.back().last + 1 == id) matches.ranges.back().last = id;
      else matches.ranges.push_back({id, id, 1});
    }
    return done(net, matches);
  });
}

outcome begin(network& net, const api::evaluate& c) {
  const auto seed = static_cast<std::uint32_t>(net.settings.rng_seed);
  const auto call = next_call(net);
  if (!c.nodes) return done(net, value(c.expression->evaluate(value_site(seed, call))));
  check_nodes(net, *c.nodes, "apply");
  std::vector<double> values;
  for (const auto& r : c.nodes->ranges)
    for (auto id = r.first; id <= r.last; id += r.step) values.push_back(c.expression->evaluate(node_site(seed, call, id, 0)));
  return done(net, value(std::move(values)));
}

}  // namespace volley::runtime
