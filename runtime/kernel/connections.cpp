// Calls on connections that exist: GetConnections, get and set of their values, Disconnect.
#include <algorithm>
#include <map>
#include <tuple>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/connection_table.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/edit_reader.hpp"
#include "runtime/kernel/element_uses.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"

namespace volley::runtime {
namespace {

[[noreturn]] void refuse_missing(const std::string& what, std::uint64_t source, std::uint64_t target) {
  throw api_error(error_kind::InexistentConnection, what + ": the connection from " + std::to_string(source) + " to " +
                                                        std::to_string(target) + " does not exist (any more)");
}

void check_connections(const network& net, const connection_columns& c, const std::string& what) {
  if (c.generation != 0 && c.generation != net.generation)
    throw api_error(error_kind::KernelException,
                    what + ": the connections belong to a network before ResetKernel or Load");
  if (c.targets.size() != c.size() || c.models.size() != c.size() || c.ports.size() != c.size())
    throw api_error(error_kind::BadParameter, what + ": columns of connections must be equally long");
  const auto n_models = static_cast<std::int64_t>(net.models.synapses().size()),
             n_nodes = static_cast<std::int64_t>(net.nodes.size());
  const auto within = [](std::int64_t x, std::int64_t least, std::int64_t most) { return least <= x && x <= most; };
  for (std::size_t i = 0; i < c.size(); ++i)
    if (!within(c.models[i], 0, n_models - 1) || !within(c.sources[i], 1, n_nodes) ||
        !within(c.targets[i], 1, n_nodes) || !within(c.ports[i], 0, sought_connection::any - 1))
      throw api_error(error_kind::InexistentConnection, what + ": connection " + std::to_string(i) + " does not exist");
}

// Connections of one source come call by call, and in a call by target and number, on any number of VPs.
connection_columns in_order(const network& net, std::vector<found_connection> found) {
  const auto same_source = [](const auto& a, const auto& b) { return a.model == b.model && a.source == b.source; };
  const auto before = [](const auto& a, const auto& b) {
    return std::tie(a.call, a.target, a.number) < std::tie(b.call, b.target, b.number);
  };
  for (auto first = found.begin(); first != found.end();) {
    auto last = first + 1;
    while (last != found.end() && same_source(*first, *last)) ++last;
    const auto made = net.creation.find(first->model);
    const auto is_told = [](const found_connection& c) {
      return c.call != 0 && c.call != found_connection::of_recorder;
    };
    if (made != net.creation.end() && (!made->second.is_by_target() || std::any_of(first, last, is_told)))
      for (auto c = first; c != last; ++c)
        if (c->call == 0) c->call = made->second.call_of(c->source, c->target);
    if (!std::is_sorted(first, last, before)) std::sort(first, last, before);
    first = last;
  }
  connection_columns columns;
  columns.generation = net.generation;
  const auto fill = [&](std::vector<std::int64_t>& column, auto&& number) {
    column.resize(found.size());
    std::ranges::transform(found, column.begin(), number);
  };
  fill(columns.sources, &found_connection::source);
  fill(columns.targets, &found_connection::target);
  fill(columns.models, [](const found_connection& c) { return c.model.index(); });
  fill(columns.ports, &found_connection::number);
  return columns;
}

/// Connections that go, by store.
using removed_connections = std::map<store_ordinal, double>;

/// `change` is an edit of rows; `delays`: of the connections that it leaves.
outcome edit_rows(network& net, order change, delay_extrema delays, removed_connections removed = {}) {
  const auto what = std::make_shared<const order>(std::move(change));
  return when_built(net, [=, &net] {
    return tell_shards(
        net, what,
        [=, &net](std::vector<reply> replies) -> outcome {
          note_connections(net, replies);
          for (const auto& [store, number] : removed) net.size.remove(store, number);
          if (delays.max != 0) net.extrema.include(delays);
          net.require(shard_work::prepare);
          return done(net);
        },
        fails_without_memory(net, "the machine has no memory to change connections; nothing was changed"));
  });
}

/// What connections that go leave of synaptic elements: those of the structural synapses of their models.
std::vector<element_use> left_elements(const network& net, const connection_columns& list) {
  struct ends {
    std::vector<std::uint64_t> sources, targets;
  };
  std::map<store_ordinal, ends> by_store;
  for (std::size_t i = 0; i < list.size() && !net.structural.empty(); ++i) {
    auto& of = by_store[list.store(i)];
    of.sources.push_back(static_cast<std::uint64_t>(list.sources[i]));
    of.targets.push_back(static_cast<std::uint64_t>(list.targets[i]));
  }
  std::vector<element_use> uses;
  for (const auto& [store, of] : by_store)
    if (const auto names = elements_of(net.structural, store))
      for (auto& use : uses_of(of.sources, of.targets, *names, -1)) uses.push_back(std::move(use));
  return uses;
}

void refuse_device(const network& net, std::uint64_t id) {
  if (find_device(net, id) != nullptr)
    throw api_error(error_kind::InexistentConnection, "Disconnect: connections of devices cannot be removed");
}

/// Errors: BadProperty, TypeMismatch.
std::optional<double> label_of_removal(const dictionary& synapse, const synapse_entry& entry) {
  const auto* v = synapse.find("synapse_label");
  if (v == nullptr) return std::nullopt;
  require_labelled(*entry.model, "Disconnect: " + entry.name);
  const auto* label = v->get_if<std::int64_t>();
  if (label == nullptr)
    throw api_error(error_kind::TypeMismatch, "Disconnect: synapse_label = " + to_text(*v) + " must be an int");
  return static_cast<double>(*label);
}

}  // namespace

outcome remove_connections(network& net, std::string what, connection_columns list, std::vector<element_use> uses) {
  removed_connections removed;
  for (const auto model : list.models) ++removed[store_ordinal(model)];
  orders::edit_connections change{std::move(what), std::move(list), {.remove = true}, {}, net.now};
  change.uses = std::move(uses);
  return edit_rows(net, std::move(change), {}, std::move(removed));
}

// ---- GetConnections

outcome begin(network& net, const api::get_connections& c) {
  require_alive(net);
  connection_filter filter{c.sources, c.targets, {}};
  if (c.sources) check_nodes(net, *c.sources, "GetConnections");
  if (c.targets) check_nodes(net, *c.targets, "GetConnections");
  if (!c.synapse_model.empty()) filter.model = net.models.known_synapse(c.synapse_model, "GetConnections");
  if (!net.settings.keep_source_table && net.has_run)
    throw api_error(error_kind::KernelException,
                    "GetConnections: keep_source_table is False and the network was simulated");
  if (c.label) filter.label = static_cast<double>(*c.label);
  if (net.options.dry_run) return done(net, connection_columns{net.generation, {}, {}, {}, {}});  // has no connections
  return when_built(net, [=, &net] {
    return tell_shards(net, orders::find_connections{filter}, [&net](std::vector<reply> replies) -> outcome {
      auto all = std::get<std::vector<found_connection>>(std::move(replies.front()));
      const auto by_source = [](const auto& a, const auto& b) {
        return std::tie(a.model, a.source) < std::tie(b.model, b.source);
      };
      for (std::size_t i = 1; i < replies.size(); ++i) {
        const auto& part = std::get<std::vector<found_connection>>(replies[i]);
        const auto middle = static_cast<std::ptrdiff_t>(all.size());
        all.insert(all.end(), part.begin(), part.end());
        std::inplace_merge(all.begin(), all.begin() + middle, all.end(), by_source);
      }
      return done(net, in_order(net, std::move(all)));
    });
  });
}

// ---- get

/// The thread that keeps a connection, the VP's number on its rank: its target's, of a recorder its source's, unless
/// that is a device, too.
std::int64_t thread_of(const network& net, std::int64_t source, std::int64_t target) {
  const auto is_device = [&net](std::int64_t id) {
    return find_device(net, static_cast<std::uint64_t>(id)) != nullptr;
  };
  const auto at = is_device(target) && !is_device(source) ? source : target;
  return at % static_cast<std::int64_t>(net.n_vps()) / net.options.rank.count;
}

outcome begin(network& net, const api::get_connection_values& c) {
  require_alive(net);
  check_connections(net, c.connections, "get");
  auto question = std::make_shared<order>(orders::read_connections{c.connections, false});
  auto& asked = std::get<orders::read_connections>(*question);
  // The table reads the list where it is, in the order.
  const std::shared_ptr<const connection_columns> list(question, &asked.list);
  const auto table = std::make_shared<const connection_table>(list, c.keys, net.models);
  asked.with_parameters = table->wants_parameters();
  return when_built(net, [=, &net] {
    return tell_shards(net, question, [=, &net](std::vector<reply> replies) -> outcome {
      auto [values, missing] = joined(replies, list->size());
      if (missing != list->size())
        refuse_missing("get", static_cast<std::uint64_t>(list->sources[missing]),
                       static_cast<std::uint64_t>(list->targets[missing]));
      const auto keeper = [&net](std::int64_t source, std::int64_t target) { return thread_of(net, source, target); };
      return done(net, value(table->columns(std::move(values), net.settings.time, keeper)));
    });
  });
}

// ---- set and Disconnect

outcome begin(network& net, const api::set_connection_values& c) {
  require_alive(net);
  if (c.connections.size() == 0) return done(net);
  check_connections(net, c.connections, "set");
  unknown_keys unknown(net.settings.dict_miss_is_error);
  orders::edit_connections change{"set", c.connections, {}, {}, net.now};
  change.edit = edit_reader(c.connections, net.models, net.settings.time, limits_of_delays(net), unknown)(c.values);
  const auto& edit = change.edit;
  const bool changes_nothing = !edit.weight && !edit.delay_steps && edit.parameters.empty();
  if (changes_nothing || net.options.dry_run) return warned(unknown, done(net));
  for (const auto model : c.connections.models) {
    const store_ordinal store(model);
    change.names.try_emplace(store, net.models.synapse(store).name);
  }
  const auto delays = extrema_of(edit);
  return warned(unknown, edit_rows(net, std::move(change), delays));
}

outcome begin(network& net, const api::disconnect_connections& c) {
  require_alive(net);
  check_connections(net, c.connections, "Disconnect");
  if (net.options.dry_run || c.connections.size() == 0) return done(net);
  for (const auto* column : {&c.connections.sources, &c.connections.targets})
    for (const auto id : *column) refuse_device(net, static_cast<std::uint64_t>(id));
  return remove_connections(net, "Disconnect", c.connections, left_elements(net, c.connections));
}

outcome begin(network& net, const api::disconnect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Disconnect");
  check_nodes(net, c.targets, "Disconnect");
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto rule = parse_rule(c.rule, c.sources, c.targets, 1, 0, unknown);
  if (rule.kind != rule_kind::one_to_one && rule.kind != rule_kind::all_to_all)
    throw api_error(error_kind::NotImplemented,
                    std::string("Disconnect: the rule must be one_to_one or all_to_all, not ") + to_string(rule.kind));
  std::string name = "static_synapse";
  if (const auto* v = c.synapse.find("synapse_model"); v != nullptr && v->get_if<std::string>() != nullptr)
    name = *v->get_if<std::string>();
  const auto store = net.models.known_synapse(name, "Disconnect");
  auto elements = elements_of(c.synapse, "Disconnect");
  if (!elements) elements = elements_of(net.structural, store);
  if (net.options.dry_run) return warned(unknown, done(net));
  for (const auto* nodes : {&rule.sources, &rule.targets})
    net.nodes.for_each_block(*nodes,
                             [&net](const node_block&, const node_range& part) { refuse_device(net, part.first); });
  const pair_removal pairs{store, rule.kind == rule_kind::one_to_one, rule.sources, rule.targets,
                           label_of_removal(c.synapse, net.models.synapse(store))};
  orders::remove_pairs change{pairs, net.now};
  auto every_pair = rule;
  every_pair.allow_autapses = true;  // of each pair one is removed, in one direction
  every_pair.make_symmetric = false;
  if (elements) change.uses = uses_of(every_pair, *elements, -1);
  const auto number =
      static_cast<double>(rule.sources.size()) * (pairs.one_to_one ? 1 : static_cast<double>(rule.targets.size()));
  return warned(unknown, edit_rows(net, std::move(change), {}, {{store, number}}));
}

}  // namespace volley::runtime
