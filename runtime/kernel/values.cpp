// Calls that read nodes: get, GetNodes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "runtime/base/error.hpp"
#include "runtime/devices/recorded_events.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/node_facts.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/values/node_columns.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

/// A recorder whose events are wanted, and its position among the nodes asked for.
struct recorder_row {
  std::uint64_t id, row;
};

void put_device_values(const network& net, const device_entry& device, std::uint64_t row, node_columns& to) {
  std::optional<device_params> of_resting_run;
  if (net.now != net.clocked && follows_clock(device.params)) of_resting_run = params_at(net, device, net.now);
  const auto& params = of_resting_run ? *of_resting_run : device.params;
  for (const auto& key : to.keys().empty() ? names_of(params) : to.keys())
    if (auto v = value_of(params, key, net.generation); !v.is_none()) to.put(key, row, std::move(v));
  to.put("frozen", row, device.frozen);
  if (to.wants("recordables"))
    if (auto names = recordables_of(device.params); !names.empty()) to.put("recordables", row, std::move(names));
  if (to.wants("filenames") && (writes_files(device.params) || writes_report(device.params)))
    to.put("filenames", row, own_file_names(net, device));
}

/// Errors: BadParameter for a time that is no number.
event_window window_of(const network& net, const api::event_part& part) {
  if (std::isnan(part.after_ms))
    throw api_error(error_kind::BadParameter, "get: events after a time that is no number");
  event_window window;
  window.most = part.most;
  if (part.after_ms >= 0)
    window.after = net.settings.time.reaches(part.after_ms) ? net.settings.time.nearest_steps(part.after_ms)
                                                            : std::numeric_limits<step_t>::max();
  return window;
}

/// What the VP of a detector has made, the i-th that was asked for.
void put_results(node_columns& to, std::uint64_t row, const std::vector<reply>& replies, std::size_t i) {
  for (const auto& one : replies)
    if (const auto& made = std::get<replies::events>(one).shares.at(i).results; made != nullptr)
      for (auto& [key, v] : made->results()) to.put(key, row, v);
}

/// Whether what recorders heard is wanted of this one.
bool wants_heard(const node_columns& columns, const device_params& device) {
  const auto wants = [&](const std::string& key) { return columns.wants(key); };
  if (is_detector(device)) return std::ranges::any_of(shown_keys(device), wants);
  return keeps_events(device) && (columns.wants("events") || columns.wants("n_events"));
}

outcome put_events(network& net, std::vector<recorder_row> recorders, const event_window& window,
                   std::shared_ptr<node_columns> to, std::function<outcome()> then) {
  if (recorders.empty()) return then();
  orders::read_events question;
  for (const auto& r : recorders) question.recorders.push_back(find_device(net, r.id)->as_recorder());
  return tell_shards(net, std::move(question), [=, &net](std::vector<reply> replies) -> outcome {
    for (std::size_t i = 0; i < recorders.size(); ++i) {
      std::vector<const event_log*> logs;
      const auto& [id, row] = recorders[i];
      const auto* device = find_device(net, id);
      if (is_detector(device->params)) {
        put_results(*to, row, replies, i);
        continue;
      }
      auto count = device->n_reported;
      for (const auto& one : replies) {
        const auto& share = std::get<replies::events>(one).shares.at(i);
        logs.push_back(share.log.get());
        count += share.recorded;
      }
      const auto& params = device->params;
      to->put("n_events", row, static_cast<std::int64_t>(count));
      if (recording_of(params).record_to == "memory" && to->wants("events"))
        to->put("events", row,
                events_of(logs, make_recorder(id, params, net.settings.time), net.settings.time, window));
    }
    return then();
  });
}

/// The values of the nodes for `keys` (none: all), as far as the nodes have them.
outcome read_nodes(network& net, const node_set& nodes, std::vector<std::string> keys, const event_window& window,
                   std::function<outcome(node_columns&)> then) {
  const auto columns = std::make_shared<node_columns>(nodes.size(), std::move(keys));
  put_node_facts(net, nodes, !net.alone, *columns);
  note_keys_elsewhere(net, nodes, *columns);
  std::vector<recorder_row> recorders;
  bool neurons = false;
  net.nodes.for_each(nodes, [&](const node_block& block, std::uint64_t id, std::uint64_t row) {
    if (block.device < 0) {
      neurons = true;
      return;
    }
    const auto& device = *find_device(net, id);
    put_device_values(net, device, row, *columns);
    if (wants_heard(*columns, device.params)) recorders.push_back({id, row});
  });
  const auto with_events = [=, &net] {
    return put_events(net, recorders, window, columns, [=] { return then(*columns); });
  };
  if (neurons && net.options.dry_run) put_planned_values(net, nodes, *columns);
  if (!neurons || net.options.dry_run || columns->complete()) return with_events();
  return tell_shards(net, orders::read_nodes{nodes, columns->keys(), net.now},
                     [=](std::vector<reply> replies) -> outcome {
                       for (const auto& one : replies)
                         for (const auto& part : std::get<std::vector<column_part>>(one)) columns->put(part);
                       return with_events();
                     });
}

}  // namespace

outcome begin(network& net, const api::get_node_values& c) {
  require_alive(net);
  check_nodes(net, c.nodes, "get");
  return read_nodes(net, c.nodes, c.keys, window_of(net, c.events),
                    [&net](node_columns& columns) -> outcome { return done(net, value(columns.take())); });
}

outcome begin(network& net, const api::match_nodes& c) {
  require_alive(net);
  if (net.nodes.size() == 0) return done(net, node_set{net.generation, {}});
  const node_set all{net.generation, {{1, net.nodes.size(), 1}}};
  if (c.properties.empty()) return done(net, all);
  std::vector<std::string> keys;
  for (const auto& [key, v] : c.properties) keys.push_back(key);
  return read_nodes(net, all, keys, {},
                    [&net, wanted = c.properties, size = all.size()](node_columns& found) -> outcome {
                      const auto columns = found.take_known();
                      node_set matches{net.generation, {}};
                      for (std::uint64_t id = 1; id <= size; ++id) {
                        const bool match = std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
                          const auto* column = columns.find(entry.first);
                          return column != nullptr && entry_of(*column, id - 1) == entry.second;
                        });
                        if (!match) continue;
                        if (!matches.ranges.empty() && matches.ranges.back().last + 1 == id)
                          matches.ranges.back().last = id;
                        else
                          matches.ranges.push_back({id, id, 1});
                      }
                      return done(net, matches);
                    });
}

}  // namespace volley::runtime
