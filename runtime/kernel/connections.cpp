// Calls on connections that exist: GetConnections, get and set of their values, Disconnect.
#include <algorithm>
#include <cassert>
#include <tuple>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/connection_table.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/edit_reader.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/shard/connection_query.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {
namespace {

using list_ref = std::shared_ptr<const connection_columns>;

[[noreturn]] void refuse_missing(const std::string& what, std::uint64_t source, std::uint64_t target) {
  throw api_error(error_kind::InexistentConnection, what + ": the connection from " + std::to_string(source) + " to " +
                                                        std::to_string(target) + " does not exist (any more)");
}

/// The first position in a list that some shard misses.
std::uint64_t first_missing(const std::vector<edit_verdict>& verdicts) {
  std::uint64_t first = edit_verdict::none;
  for (const auto& v : verdicts) first = std::min(first, v.missing);
  return first;
}

const illegal_connection* first_illegal(const std::vector<edit_verdict>& verdicts) {
  const illegal_connection* first = nullptr;
  for (const auto& v : verdicts)
    if (v.illegal && (first == nullptr || v.illegal->position < first->position)) first = &*v.illegal;
  return first;
}

std::shared_ptr<std::vector<found_connection>> found_by(std::any& result) {
  return std::any_cast<std::shared_ptr<std::vector<found_connection>>&>(result);
}

}  // namespace

static void check_connections(const network& net, const connection_columns& c, const std::string& what);
static connection_columns in_order(const network& net, std::vector<found_connection> found);
static outcome edit_rows(network& net, std::function<edit_verdict(shard&)> stage,
                         std::function<void(const std::vector<edit_verdict>&)> check, delay_extrema delays = {});
static void refuse_device(const network& net, std::uint64_t id);

void check_connections(const network& net, const connection_columns& c, const std::string& what) {
  if (c.generation != 0 && c.generation != net.generation)
    throw api_error(error_kind::KernelException, what + ": the connections belong to a kernel before ResetKernel");
  if (c.targets.size() != c.size() || c.models.size() != c.size() || c.ports.size() != c.size())
    throw api_error(error_kind::BadParameter, what + ": columns of connections must be equally long");
  const auto n_models = static_cast<std::int64_t>(net.models.synapses().size()), n_nodes = static_cast<std::int64_t>(net.nodes.size());
  const auto within = [](std::int64_t x, std::int64_t least, std::int64_t most) { return least <= x && x <= most; };
  for (std::size_t i = 0; i < c.size(); ++i)
    if (!within(c.models[i], 0, n_models - 1) || !within(c.sources[i], 1, n_nodes) || !within(c.targets[i], 1, n_nodes) ||
        !within(c.ports[i], 0, sought_connection::any - 1))
      throw api_error(error_kind::InexistentConnection, what + ": connection " + std::to_string(i) + " does not exist");
}

// ---- GetConnections

outcome begin(network& net, const api::get_connections& c) {
  require_alive(net);
  connection_filter filter{c.sources, c.targets, {}};
  if (c.sources) check_nodes(net, *c.sources, "GetConnections");
  if (c.targets) check_nodes(net, *c.targets, "GetConnections");
  if (!c.synapse_model.empty()) filter.model = net.models.known_synapse(c.synapse_model, "GetConnections");
  if (!net.settings.keep_source_table && net.simulated)
    throw api_error(error_kind::KernelException, "GetConnections: keep_source_table is False and the network was simulated");
  if (c.label || net.options.dry_run) return done(net, connection_columns{net.generation, {}, {}, {}, {}});  // no model of this build has labels; a dry run has no connections
  return when_built(net, [=, &net] {
    return on_shards(net, 
        [=](shard& s) -> std::any { return std::make_shared<std::vector<found_connection>>(find_connections(s, filter)); },
        [&net](std::vector<std::any> results) -> outcome {
          auto all = std::move(*found_by(results.front()));
          const auto by_source = [](const auto& a, const auto& b) { return std::tie(a.model, a.source) < std::tie(b.model, b.source); };
          for (std::size_t i = 1; i < results.size(); ++i) {
            const auto& part = *found_by(results[i]);
            const auto middle = static_cast<std::ptrdiff_t>(all.size());
            all.insert(all.end(), part.begin(), part.end());
            std::inplace_merge(all.begin(), all.begin() + middle, all.end(), by_source);
          }
          return done(net, in_order(net, std::move(all)));
        });
  });
}

// Connections of one source come call by call, and in a call by target and number, on any number of VPs.
connection_columns in_order(const network& net, std::vector<found_connection> found) {
  const auto same_source = [](const auto& a, const auto& b) { return a.model == b.model && a.source == b.source; };
  const auto before = [](const auto& a, const auto& b) { return std::tie(a.call, a.target, a.number) < std::tie(b.call, b.target, b.number); };
  for (auto first = found.begin(); first != found.end();) {
    auto last = first + 1;
    while (last != found.end() && same_source(*first, *last)) ++last;
    const auto made = net.creation.find(first->model);
    if (made != net.creation.end() && !made->second.is_by_target())
      for (auto c = first; c != last; ++c)
        if (c->call == 0) c->call = made->second.call_of(c->source, c->target);
    if (!std::is_sorted(first, last, before)) std::sort(first, last, before);
    first = last;
  }
  connection_columns columns;
  columns.generation = net.generation;
  const auto fill = [&](std::vector<std::int64_t>& column, std::uint32_t found_connection::*member) {
    column.resize(found.size());
    std::ranges::transform(found, column.begin(), member);
  };
  fill(columns.sources, &found_connection::source);
  fill(columns.targets, &found_connection::target);
  fill(columns.models, &found_connection::model);
  fill(columns.ports, &found_connection::number);
  return columns;
}

// ---- get

outcome begin(network& net, const api::get_connection_values& c) {
  require_alive(net);
  check_connections(net, c.connections, "get");
  const auto list = std::make_shared<const connection_columns>(c.connections);
  const auto table = std::make_shared<const connection_table>(list, c.keys, net.models);
  const bool with_parameters = table->wants_parameters();
  return when_built(net, [=, &net] {
    return on_shards(net, 
        [=](shard& s) -> std::any { return std::make_shared<connection_values>(read_connections(s, *list, with_parameters)); },
        [=, &net](std::vector<std::any> results) -> outcome {
          std::vector<std::shared_ptr<connection_values>> parts;
          for (auto& r : results) parts.push_back(std::any_cast<std::shared_ptr<connection_values>&>(r));
          auto [values, missing] = joined(parts, list->size());
          if (missing != list->size())
            refuse_missing("get", static_cast<std::uint64_t>(list->sources[missing]), static_cast<std::uint64_t>(list->targets[missing]));
          const auto thread_of = [&net](std::int64_t target) {
            const auto id = static_cast<std::uint64_t>(target);
            return static_cast<std::int64_t>(find_device(net, id) != nullptr ? 0 : id % net.n_vps());
          };
          return done(net, value(table->columns(std::move(values), net.settings.time, thread_of)));
        });
  });
}

// ---- set and Disconnect

outcome begin(network& net, const api::set_connection_values& c) {
  require_alive(net);
  if (c.connections.size() == 0) return done(net);
  check_connections(net, c.connections, "set");
  const auto list = std::make_shared<const connection_columns>(c.connections);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto edit = std::make_shared<const connection_edit>(
      edit_reader(*list, net.models, net.settings.time, limits_of_delays(net), unknown)(c.values));
  const bool changes_nothing = !edit->weight && !edit->delay_steps && edit->parameters.empty();
  if (changes_nothing || net.options.dry_run) return warned(unknown, done(net));
  const auto now = net.now;
  return warned(unknown, edit_rows(net, [=](shard& s) { return stage_edit(s, *list, *edit, now); },
                   [=, &net](const std::vector<edit_verdict>& verdicts) {
                     if (const auto i = first_missing(verdicts); i != edit_verdict::none)
                       refuse_missing("set", static_cast<std::uint64_t>(list->sources[i]), static_cast<std::uint64_t>(list->targets[i]));
                     const auto* illegal = first_illegal(verdicts);
                     if (illegal == nullptr) return;
                     const auto& entry = net.models.synapse(static_cast<std::uint32_t>(list->models[illegal->position]));
                     check_synapse(*entry.model, illegal->parameters, illegal->weight, "set: " + entry.name);
                     assert(false && "what a shard finds illegal is so");
                   },
                   extrema_of(*edit)));
}

// Edits are staged everywhere before the first is committed: a call that one shard refuses changes nothing anywhere.
outcome edit_rows(network& net, std::function<edit_verdict(shard&)> stage, std::function<void(const std::vector<edit_verdict>&)> check, delay_extrema delays) {
  const auto drop_and_fail = [&net](std::exception_ptr reason) {
    return on_shards(net, [](shard& s) -> std::any { drop_edit(s); return {}; },
                     [=, &net](std::vector<std::any>) -> outcome {
                       return failure(net, named(reason, "the machine has no memory to change connections; nothing was changed"));
                     });
  };
  const auto commit = [=, &net](std::vector<std::any> counts) -> outcome {
    net.n_connections = 0;
    for (const auto& n : counts) net.n_connections += std::any_cast<std::uint64_t>(n);
    if (delays.max != 0) net.extrema.include(delays);
    net.dirty = true;
    return done(net);
  };
  return when_built(net, [=, &net] {
    return on_shards(net, [=](shard& s) -> std::any { return stage(s); },
                     [=, &net](std::vector<std::any> results) -> outcome {
                       std::vector<edit_verdict> verdicts;
                       for (auto& r : results) verdicts.push_back(std::any_cast<edit_verdict&&>(std::move(r)));
                       try {
                         check(verdicts);
                       } catch (...) {
                         return drop_and_fail(std::current_exception());
                       }
                       return on_shards(net, [](shard& s) -> std::any { return commit_edit(s); }, commit);
                     },
                     drop_and_fail);
  });
}

outcome begin(network& net, const api::disconnect_connections& c) {
  require_alive(net);
  check_connections(net, c.connections, "Disconnect");
  if (net.options.dry_run || c.connections.size() == 0) return done(net);
  const auto list = std::make_shared<const connection_columns>(c.connections);
  for (const auto* column : {&list->sources, &list->targets})
    for (const auto id : *column) refuse_device(net, static_cast<std::uint64_t>(id));
  const auto edit = std::make_shared<const connection_edit>(connection_edit{.remove = true});
  const auto now = net.now;
  return edit_rows(net, [=](shard& s) { return stage_edit(s, *list, *edit, now); },
                   [=](const std::vector<edit_verdict>& verdicts) {
                     if (const auto i = first_missing(verdicts); i != edit_verdict::none)
                       refuse_missing("Disconnect", static_cast<std::uint64_t>(list->sources[i]), static_cast<std::uint64_t>(list->targets[i]));
                   });
}

void refuse_device(const network& net, std::uint64_t id) {
  if (find_device(net, id) != nullptr) throw api_error(error_kind::InexistentConnection, "Disconnect: connections of devices cannot be removed");
}

outcome begin(network& net, const api::disconnect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Disconnect");
  check_nodes(net, c.targets, "Disconnect");
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto rule = parse_rule(c.rule, c.sources, c.targets, 1, 0, unknown);
  if (rule.kind != rule_kind::one_to_one && rule.kind != rule_kind::all_to_all)
    throw api_error(error_kind::NotImplemented, std::string("Disconnect: the rule must be one_to_one or all_to_all, not ") + to_string(rule.kind));
  std::string name = "static_synapse";
  if (const auto* v = c.synapse.find("synapse_model"); v != nullptr && v->get_if<std::string>() != nullptr) name = *v->get_if<std::string>();
  const auto pairs = std::make_shared<const pair_removal>(
      pair_removal{net.models.known_synapse(name, "Disconnect"), rule.kind == rule_kind::one_to_one, rule.sources, rule.targets});
  if (net.options.dry_run) return warned(unknown, done(net));
  for (const auto* nodes : {&pairs->sources, &pairs->targets})
    net.nodes.for_each_block(*nodes, [&net](const node_block&, const node_range& part) { refuse_device(net, part.first); });
  const auto now = net.now;
  return warned(unknown, edit_rows(net, [=](shard& s) { return stage_removal(s, *pairs, now); },
                   [=](const std::vector<edit_verdict>& verdicts) {
                     const auto i = first_missing(verdicts);
                     if (i == edit_verdict::none) return;
                     const auto n = pairs->targets.size();
                     refuse_missing("Disconnect", pairs->sources[pairs->one_to_one ? i : i / n], pairs->targets[pairs->one_to_one ? i : i % n]);
                   }));
}

}  // namespace volley::runtime
