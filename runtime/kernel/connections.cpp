// Calls on connections that exist: GetConnections, get and set of their values, Disconnect.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/shard/connection_query.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {
namespace {

std::vector<asked_connection> asked_of(const api::connection_columns& c) {
  std::vector<asked_connection> asked(c.size());
  for (std::size_t i = 0; i < asked.size(); ++i)
    asked[i] = {{static_cast<std::uint32_t>(c.models[i]), static_cast<std::uint64_t>(c.sources[i]),
                 static_cast<std::uint64_t>(c.targets[i]), static_cast<std::uint32_t>(c.ports[i])}, i};
  return asked;
}

value number_at(const value& v, std::size_t i, std::size_t n, const std::string& key) {
  const auto entry = [&](std::size_t size, auto at) -> value {
    if (size != n) throw api_error(error_kind::ValueError, "set: '" + key + "' has " + std::to_string(size) + " values for " + std::to_string(n) + " connections");
    return at();
  };
  if (const auto* x = v.get_if<std::vector<double>>()) return entry(x->size(), [&] { return value((*x)[i]); });
  if (const auto* x = v.get_if<std::vector<std::int64_t>>()) return entry(x->size(), [&] { return value((*x)[i]); });
  if (const auto* x = v.get_if<std::vector<value>>()) return entry(x->size(), [&] { return (*x)[i]; });
  return v;
}

double real(const value& v, const std::string& key) {
  if (const auto* x = v.get_if<double>()) return *x;
  if (const auto* x = v.get_if<std::int64_t>()) return static_cast<double>(*x);
  if (const auto* x = v.get_if<bool>()) return *x;
  throw api_error(error_kind::TypeMismatch, "set: " + key + " = " + to_text(v) + " must be a number");
}

/// Why a connection of the model does not take `key`.
std::string refused_connection_key(const models::synapse_model& model, const std::string& key) {
  const auto common = [&](const models::field& f) {
    return model.common_parameters && f.where == models::part::params;
  };
  std::vector<std::string> settable{"delay"};
  bool belongs_to_all = key == "weight" && model.common_weight;
  if (!model.common_weight) settable.emplace_back("weight");
  for (const auto& f : model.fields) {
    if (!common(f)) settable.emplace_back(f.name);
    else if (f.name == key) belongs_to_all = true;
  }
  if (belongs_to_all)
    return "Unaccessed entry '" + key + "' belongs to all synapses of the model; set it with SetDefaults";
  return unaccessed_entry(
      key, "these connections", settable,
      {"source", "target", "target_thread", "synapse_id", "synapse_model", "port", "receptor", "sizeof"});
}

}  // namespace

static std::uint64_t vp_of_connection(const network& net, std::uint64_t source, std::uint64_t target);
static void check_connections(const network& net, const api::connection_columns& c, const char* what);
static outcome read(network& net, const api::connection_columns& c, const char* what, std::function<outcome(std::vector<connection_values>)> then);
static std::vector<connection_change> changes_of(const network& net, const api::connection_columns& handles, const dictionary& values, const std::vector<connection_values>& rows);
static outcome apply(network& net, std::vector<connection_change> changes);

void check_connections(const network& net, const api::connection_columns& c, const char* what) {
  if (c.generation != 0 && c.generation != net.generation)
    throw api_error(error_kind::KernelException, std::string(what) + ": the connections belong to a kernel before ResetKernel");
  if (c.targets.size() != c.size() || c.models.size() != c.size() || c.ports.size() != c.size())
    throw api_error(error_kind::BadParameter, std::string(what) + ": columns of connections must be equally long");
  for (std::size_t i = 0; i < c.size(); ++i)
    if (c.models[i] < 0 || static_cast<std::size_t>(c.models[i]) >= net.models.synapses().size() || c.sources[i] < 1 || c.targets[i] < 1 || c.ports[i] < 0)
      throw api_error(error_kind::InexistentConnection, std::string(what) + ": connection " + std::to_string(i) + " does not exist");
}

outcome begin(network& net, const api::get_connections& c) {
  require_alive(net);
  connection_filter filter{c.sources, c.targets, {}};
  if (c.sources) check_nodes(net, *c.sources, "GetConnections");
  if (c.targets) check_nodes(net, *c.targets, "GetConnections");
  if (!c.synapse_model.empty()) filter.model = net.models.known_synapse(c.synapse_model, "GetConnections");
  if (!net.settings.keep_source_table && net.simulated)
    throw api_error(error_kind::KernelException, "GetConnections: keep_source_table is False and the network was simulated");
  if (c.label || net.options.dry_run) return done(net, api::connection_columns{net.generation, {}, {}, {}, {}});  // no model of this build has labels; a dry run has no connections
  return when_built(net, [=, &net] {
    return on_shards(net, 
        [=](shard& s) -> std::any { return std::make_shared<std::vector<connection_row>>(find_connections(s, filter)); },
        [&net](std::vector<std::any> results) -> outcome {
          std::vector<connection_row> all;
          for (auto& r : results) {
            auto& part = *std::any_cast<std::shared_ptr<std::vector<connection_row>>&>(r);
            const auto middle = static_cast<std::ptrdiff_t>(all.size());
            all.insert(all.end(), part.begin(), part.end());
            std::inplace_merge(all.begin(), all.begin() + middle, all.end());
          }
          api::connection_columns columns;
          columns.generation = net.generation;
          for (auto* column : {&columns.sources, &columns.targets, &columns.models, &columns.ports}) column->reserve(all.size());
          for (const auto& row : all) {
            columns.sources.push_back(static_cast<std::int64_t>(row.source));
            columns.targets.push_back(static_cast<std::int64_t>(row.target));
            columns.models.push_back(row.model);
            columns.ports.push_back(row.port);
          }
          return done(net, std::move(columns));
        });
  });
}

// Reads the named connections, in order. Errors: InexistentConnection.
outcome read(network& net, const api::connection_columns& c, const char* what, std::function<outcome(std::vector<connection_values>)> then) {
  check_connections(net, c, what);
  const auto asked = std::make_shared<const std::vector<asked_connection>>(asked_of(c));
  const auto time = net.settings.time;
  const std::string name = what;
  return when_built(net, [=, &net] {
    return on_shards(net, 
        [=](shard& s) -> std::any {
          return std::make_shared<std::vector<connection_values>>(read_connections(s, *asked, time));
        },
        [=](std::vector<std::any> results) -> outcome {
          std::vector<connection_values> rows(asked->size());
          std::vector<bool> found(asked->size());
          for (auto& r : results)
            for (auto& v : *std::any_cast<std::shared_ptr<std::vector<connection_values>>&>(r)) {
              found[v.request_row] = true;
              rows[v.request_row] = std::move(v);
            }
          const auto lost = std::find(found.begin(), found.end(), false);
          if (lost != found.end()) {
            const auto& row = (*asked)[static_cast<std::size_t>(lost - found.begin())].row;
            throw api_error(error_kind::InexistentConnection, name + ": the connection from " + std::to_string(row.source) + " to " + std::to_string(row.target) + " does not exist (any more)");
          }
          return then(std::move(rows));
        });
  });
}

outcome begin(network& net, const api::get_connection_values& c) {
  require_alive(net);
  const auto handles = c.connections;
  const auto keys = c.keys;
  return read(net, c.connections, "get", [=, &net](std::vector<connection_values> rows) -> outcome {
    node_columns columns(rows.size(), keys, "these connections");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& entry = net.models.synapse(static_cast<std::uint32_t>(handles.models[i]));
      const auto target = static_cast<std::uint64_t>(handles.targets[i]);
      columns.put("source", i, handles.sources[i]);
      columns.put("target", i, handles.targets[i]);
      const auto vp = vp_of_connection(net, static_cast<std::uint64_t>(handles.sources[i]), target);
      columns.put("target_thread", i, static_cast<std::int64_t>(vp));
      columns.put("synapse_id", i, handles.models[i]);
      columns.put("synapse_model", i, entry.name);
      columns.put("port", i, handles.ports[i]);
      columns.put("delay", i, rows[i].delay_ms);
      columns.put("receptor", i, static_cast<std::int64_t>(rows[i].receptor));
      columns.put("sizeof", i, static_cast<std::int64_t>(entry.model->plastic ? 10 : 2));
      if (!entry.model->common_weight) columns.put("weight", i, rows[i].weight);
      for (const auto& f : entry.model->fields) {
        if (entry.model->common_parameters && f.where == models::part::params) continue;
        if (!rows[i].parameters.empty()) columns.put(f.name, i, rows[i].parameters[static_cast<std::size_t>(member_of(*entry.model, f.name))]);
      }
    }
    return done(net, value(columns.take()));
  });
}

// Where the target is; a recorder is everywhere, and hears a node where that is.
std::uint64_t vp_of_connection(const network& net, std::uint64_t source, std::uint64_t target) {
  const auto* from = find_device(net, source);
  const bool from_node = from == nullptr || is_injector(from->params);
  return (from_node && find_device(net, target) != nullptr ? source : target) % net.n_vps();
}

std::vector<connection_change> changes_of(const network& net, const api::connection_columns& handles, const dictionary& values,
                                                  const std::vector<connection_values>& rows) {
  std::vector<connection_change> changes(handles.size());
  const auto asked = asked_of(handles);
  const auto limits = limits_of_delays(net);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto& change = changes[i];
    change.where = asked[i];
    const auto& entry = net.models.synapse(asked[i].row.model);
    const std::string what = "set: " + entry.name;
    auto set = rows[i].parameters.empty() ? entry.defaults : rows[i].parameters;
    for (const auto& [key, column] : values) {
      const auto v = number_at(column, i, changes.size(), key);
      const auto member = member_of(*entry.model, key);
      const bool common = entry.model->common_parameters && member >= 0 && member < static_cast<std::int64_t>(entry.model->n_params);
      if (key == "weight" && !entry.model->common_weight) {
        change.weight = real(v, key);
      } else if (key == "delay") {
        change.delay_steps = static_cast<std::uint32_t>(legal_delay(real(v, key), net.settings.time, limits, what));
      } else if (member >= 0 && !common) {
        set[static_cast<std::size_t>(member)] = real(v, key);
        change.parameters.emplace_back(static_cast<std::uint32_t>(member), real(v, key));
      } else {
        throw api_error(error_kind::UnaccessedDictionaryEntry, what + ": " + refused_connection_key(*entry.model, key));
      }
    }
    check_synapse(*entry.model, set, change.weight ? *change.weight : rows[i].weight, what);
  }
  return changes;
}

outcome apply(network& net, std::vector<connection_change> changes) {
  const auto shared_changes = std::make_shared<const std::vector<connection_change>>(std::move(changes));
  for (const auto& change : *shared_changes)
    if (change.delay_steps) net.extrema.include({*change.delay_steps, *change.delay_steps});
  const auto now = net.now;
  return on_shards(net, 
      [=](shard& s) -> std::any {
        s.before_change(now);
        change_connections(s, *shared_changes);
        return s.n_connections();
      },
      [&net](std::vector<std::any> counts) -> outcome {
        net.n_connections = 0;
        for (const auto& n : counts) net.n_connections += std::any_cast<std::uint64_t>(n);
        net.dirty = true;
        return done(net);
      });
}

outcome begin(network& net, const api::set_connection_values& c) {
  require_alive(net);
  if (c.connections.size() == 0) return done(net);
  dictionary values;
  if (const auto* d = c.values.get_if<dictionary>()) {
    values = *d;
  } else if (const auto* list = c.values.get_if<std::vector<value>>()) {
    if (list->size() != c.connections.size())
      throw api_error(error_kind::TypeError, "set: " + std::to_string(list->size()) + " dictionaries for " + std::to_string(c.connections.size()) + " connections");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto* d = (*list)[i].get_if<dictionary>();
      if (d == nullptr) throw api_error(error_kind::TypeError, "set: entry " + std::to_string(i) + " is no dictionary");
      for (const auto& [key, v] : *d) {
        auto& column = values[key];
        if (column.is_none()) column = std::vector<value>(list->size());
        (*column.get_if<std::vector<value>>())[i] = v;
      }
    }
  } else {
    throw api_error(error_kind::TypeError, std::string("set: values must be a dictionary, not ") + type_name(c.values));
  }
  if (values.empty()) return done(net);
  const auto handles = c.connections;
  return read(net, c.connections, "set", [=, &net](std::vector<connection_values> rows) { return apply(net, changes_of(net, handles, values, rows)); });
}

outcome begin(network& net, const api::disconnect_connections& c) {
  require_alive(net);
  if (net.options.dry_run) return done(net);
  for (std::size_t i = 0; i < c.connections.size(); ++i) {
    const auto source = c.connections.sources[i], target = c.connections.targets[i];
    if (source >= 1 && target >= 1 && (find_device(net, static_cast<std::uint64_t>(source)) != nullptr || find_device(net, static_cast<std::uint64_t>(target)) != nullptr))
      throw api_error(error_kind::InexistentConnection, "Disconnect: connections of devices cannot be removed");
  }
  const auto handles = c.connections;
  return read(net, c.connections, "Disconnect", [=, &net](std::vector<connection_values>) -> outcome {
    std::vector<connection_change> changes;
    for (const auto& asked : asked_of(handles)) {
      changes.push_back({asked, {}, {}, {}, true});
    }
    return apply(net, std::move(changes));
  });
}

outcome begin(network& net, const api::disconnect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Disconnect");
  check_nodes(net, c.targets, "Disconnect");
  const auto rule = parse_rule(c.rule, c.sources, c.targets, 1, 0);
  if (rule.kind != rule_kind::one_to_one && rule.kind != rule_kind::all_to_all)
    throw api_error(error_kind::NotImplemented, std::string("Disconnect: the rule must be one_to_one or all_to_all, not ") + to_string(rule.kind));
  std::string name = "static_synapse";
  if (const auto* v = c.synapse.find("synapse_model"); v != nullptr && v->get_if<std::string>() != nullptr) name = *v->get_if<std::string>();
  const auto id = net.models.known_synapse(name, "Disconnect");
  if (net.options.dry_run) return done(net);
  api::connection_columns handles;
  handles.generation = net.generation;
  const auto add = [&](std::uint64_t source, std::uint64_t target) {
    handles.sources.push_back(static_cast<std::int64_t>(source));
    handles.targets.push_back(static_cast<std::int64_t>(target));
    handles.models.push_back(id);
    handles.ports.push_back(0);
  };
  if (rule.kind == rule_kind::one_to_one) {
    for (std::uint64_t i = 0; i < rule.sources.size(); ++i) add(rule.sources[i], rule.targets[i]);
  } else {
    for (std::uint64_t i = 0; i < rule.sources.size(); ++i)
      for (std::uint64_t j = 0; j < rule.targets.size(); ++j) add(rule.sources[i], rule.targets[j]);
  }
  return begin(net, api::disconnect_connections{handles});
}

}  // namespace volley::runtime
