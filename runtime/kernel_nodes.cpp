// Calls on nodes: Create, get, set, GetNodes.
#include <algorithm>
#include <map>

#include "runtime/draw_site.hpp"
#include "runtime/error.hpp"
#include "runtime/kernel.hpp"
#include "runtime/nearest_name.hpp"
#include "runtime/node_columns.hpp"
#include "runtime/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t max_node_id = 0xfffffffeULL;

/// One dictionary a node, as columns of one value a node. Errors: TypeError for other forms.
dictionary columns_of_dictionaries(const std::vector<value>& list, std::uint64_t n, const char* what) {
  if (list.size() != n && list.size() != 1)
    throw api_error(error_kind::BadParameter, std::string(what) + ": " + std::to_string(list.size()) + " dictionaries for " + std::to_string(n) + " nodes; one a node, or one for all");
  dictionary columns;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto* d = list[i].get_if<dictionary>();
    if (d == nullptr) throw api_error(error_kind::TypeError, std::string(what) + ": entry " + std::to_string(i) + " of the list of dictionaries is " + type_name(list[i]));
    if (list.size() == 1) return *d;
    for (const auto& [key, v] : *d) {
      auto& column = columns[key];
      if (column.is_none()) column = std::vector<value>(list.size());
      (*column.get_if<std::vector<value>>())[i] = v;
    }
  }
  for (const auto& [key, column] : columns)
    for (const auto& v : *column.get_if<std::vector<value>>())
      if (v.is_none()) throw api_error(error_kind::BadParameter, std::string(what) + ": '" + key + "' must be in every dictionary of the list or in none");
  return columns;
}

/// A list of scalars of one kind as a typed column; anything else as it is.
value typed_column(const value& v) {
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr || list->empty()) return v;
  const auto all = [&]<class T>(T) { return std::all_of(list->begin(), list->end(), [](const value& x) { return x.is<T>(); }); };
  const auto number = [](const value& x) { return x.is<double>() || x.is<std::int64_t>(); };
  if (all(std::int64_t{})) {
    std::vector<std::int64_t> column;
    for (const auto& x : *list) column.push_back(*x.get_if<std::int64_t>());
    return column;
  }
  if (all(true)) {
    booleans column;
    for (const auto& x : *list) column.data.push_back(*x.get_if<bool>());
    return column;
  }
  if (std::all_of(list->begin(), list->end(), number)) {
    std::vector<double> column;
    for (const auto& x : *list) column.push_back(x.is<double>() ? *x.get_if<double>() : static_cast<double>(*x.get_if<std::int64_t>()));
    return column;
  }
  return v;
}

/// How many entries a value has where it is spread over nodes; 0 for a scalar.
std::uint64_t spread_length(const value& v) {
  if (const auto* x = v.get_if<std::vector<double>>()) return x->size();
  if (const auto* x = v.get_if<std::vector<std::int64_t>>()) return x->size();
  if (const auto* x = v.get_if<booleans>()) return x->data.size();
  if (const auto* x = v.get_if<std::vector<std::string>>()) return x->size();
  if (const auto* x = v.get_if<std::vector<value>>()) return x->size();
  if (const auto* x = v.get_if<node_set>()) return x->size();
  return 0;
}

value entry_of(const value& v, std::uint64_t i) {
  if (const auto* x = v.get_if<std::vector<double>>()) return (*x)[i];
  if (const auto* x = v.get_if<std::vector<std::int64_t>>()) return (*x)[i];
  if (const auto* x = v.get_if<booleans>()) return x->data[i] != 0;
  if (const auto* x = v.get_if<std::vector<std::string>>()) return (*x)[i];
  if (const auto* x = v.get_if<std::vector<value>>()) return (*x)[i];
  return v;
}

dictionary to_dictionary(const value& parameters, std::uint64_t n, const char* what) {
  if (parameters.is_none() || parameters.is<empty_vector>()) return {};
  dictionary d;
  if (const auto* given = parameters.get_if<dictionary>()) d = *given;
  else if (const auto* list = parameters.get_if<std::vector<value>>()) d = columns_of_dictionaries(*list, n, what);
  else throw api_error(error_kind::TypeError, std::string(what) + ": parameters must be a dictionary or a list of dictionaries, not " + type_name(parameters));
  dictionary typed;
  for (const auto& [key, v] : d) typed[key] = typed_column(v);
  return typed;
}

}  // namespace

// Parameters become columns of drawn values: the owner of each draw is the node, so no layout enters.
dictionary kernel::drawn_values(const dictionary& values, const node_set& nodes, std::uint32_t call, const char* what) const {
  dictionary drawn;
  std::uint32_t slot = 0;
  for (const auto& [key, v] : values) {
    ++slot;
    const auto* p = v.get_if<parameter_ref>();
    if (p == nullptr) {
      const auto n = spread_length(v);
      if (n != 0 && n < nodes.size())
        throw api_error(error_kind::IndexError, std::string(what) + ": '" + key + "' has " + std::to_string(n) + " values for " + std::to_string(nodes.size()) + " nodes");
      drawn[key] = v;
      continue;
    }
    std::vector<double> column;
    column.reserve(nodes.size());
    for (const auto& r : nodes.ranges)
      for (auto id = r.first; id <= r.last; id += r.step)
        column.push_back((*p)->evaluate(node_site(static_cast<std::uint32_t>(settings_.rng_seed), call, id, slot)));
    drawn[key] = std::move(column);
  }
  return drawn;
}

outcome kernel::begin(const api::create_nodes& c) {
  require_alive();
  const auto model = models_.find_node(c.model);
  if (model < 0)
    throw api_error(error_kind::UnknownModelName, "Create: '" + c.model + "' is not a known model name" + did_you_mean(c.model, models_.node_names()));
  if (c.count <= 0)
    throw api_error(c.count == 0 ? error_kind::BadParameterValue : error_kind::BadProperty, "Create: n = " + std::to_string(c.count) + " must be at least 1");
  if (static_cast<std::uint64_t>(c.count) > max_node_id - network_size())
    throw api_error(error_kind::KernelException, "Create: n = " + std::to_string(c.count) + " nodes are more than the " + std::to_string(max_node_id - network_size()) + " ids that are left");
  dirty_ = true;
  return models_.node(static_cast<std::uint32_t>(model)).neuron() != nullptr ? create_neurons(c, static_cast<std::uint32_t>(model))
                                                                             : create_devices(c, static_cast<std::uint32_t>(model));
}

outcome kernel::create_neurons(const api::create_nodes& c, std::uint32_t model) {
  const auto first = network_size() + 1, last = network_size() + static_cast<std::uint64_t>(c.count);
  const node_set nodes{generation_, {{first, last, 1}}};
  const auto values = to_dictionary(c.parameters, nodes.size(), "Create");
  auto set = drawn_values(values, nodes, next_call(), "Create");
  // Values for all are checked before any memory is taken.
  attributes prototype(*models_.node(model).neuron());
  dictionary scalars, columns;
  for (const auto& [key, v] : set) (spread_length(v) == 0 ? scalars : columns)[key] = v;
  attributes node_values(prototype, local_ids{first, 1, 1});
  if (columns.empty()) node_values.set(scalars);
  const auto created = [=, this]() -> outcome {
    blocks_.push_back({first, last, model, -1});
    return done(nodes);
  };
  const auto proto = std::make_shared<attributes>(prototype);
  return on_shards(
      [=](shard& s) -> std::any {
        s.add_population(first, last, *proto);
        if (!set.empty()) s.set_values(nodes, set);
        return {};
      },
      [=, this](std::vector<std::any>) -> outcome {
        return on_shards([](shard& s) -> std::any { s.keep_values(); return {}; }, [=](std::vector<std::any>) { return created(); });
      },
      [=, this](std::exception_ptr reason) -> outcome {
        return on_shards([=](shard& s) -> std::any { s.drop_population(first); return {}; },
                         [=, this](std::vector<std::any>) -> outcome { return failure(reason); });
      });
}

recorder_spec kernel::recorder_of(const device_entry& entry) const {
  auto spec = make_recorder(entry.id, entry.params, settings_.time);
  spec.frozen = entry.frozen;
  return spec;
}

stimulator kernel::stimulator_of(const device_entry& entry) const {
  auto s = make_stimulator(entry.id, entry.params, settings_.time);
  s.frozen = entry.frozen;
  return s;
}

outcome kernel::create_devices(const api::create_nodes& c, std::uint32_t model) {
  const auto first = network_size() + 1, last = network_size() + static_cast<std::uint64_t>(c.count);
  const node_set nodes{generation_, {{first, last, 1}}};
  const auto& prototype = *models_.node(model).device();
  const auto columns = drawn_values(to_dictionary(c.parameters, nodes.size(), "Create"), nodes, next_call(), "Create");
  std::vector<device_entry> made;
  for (std::uint64_t i = 0; i < nodes.size(); ++i) {
    device_entry entry{first + i, model, prototype, 0};
    entry.position = is_recorder(prototype) ? n_recorders_ + static_cast<std::uint32_t>(i) : n_stimulators_ + static_cast<std::uint32_t>(i);
    set_device(entry, columns, i, nodes.size(), "Create: " + models_.node(model).name);
    made.push_back(std::move(entry));
  }
  const bool records = is_recorder(prototype), injects = is_injector(prototype);
  std::vector<stimulator> stimulators;
  std::vector<recorder_spec> recorders;
  for (const auto& entry : made) {
    if (records) recorders.push_back(recorder_of(entry));
    else stimulators.push_back(stimulator_of(entry));
  }
  return on_shards(
      [=](shard& s) -> std::any {
        for (const auto& x : stimulators) s.add_stimulator(x, injects);
        for (const auto& x : recorders) s.add_recorder(x);
        return {};
      },
      [=, this](std::vector<std::any>) -> outcome {
        blocks_.push_back({first, last, model, static_cast<std::int64_t>(devices_.size())});
        devices_.insert(devices_.end(), made.begin(), made.end());
        (records ? n_recorders_ : n_stimulators_) += static_cast<std::uint32_t>(made.size());
        return done(nodes);
      });
}

// Applies entry i of each spread value, or all of a value that is a list in the device itself.
void kernel::set_device(device_entry& entry, const dictionary& values, std::uint64_t i, std::uint64_t n, const std::string& what) const {
  const auto now = values_of(entry.params);
  dictionary mine;
  for (const auto& [key, v] : values) {
    const auto* present = now.find(key);
    const bool is_list = present != nullptr && (spread_length(*present) != 0 || present->is<std::vector<double>>() ||
                                                present->is<std::vector<std::int64_t>>() || present->is<std::vector<std::string>>());
    if (is_list && v.is<std::vector<value>>()) mine[key] = typed_column(entry_of(v, i));
    else if (is_list || spread_length(v) == 0) mine[key] = v;
    else if (spread_length(v) < n) throw api_error(error_kind::IndexError, what + ": '" + key + "' has " + std::to_string(spread_length(v)) + " values for " + std::to_string(n) + " nodes");
    else mine[key] = entry_of(v, i);
  }
  dictionary rest;
  entry.params = updated(entry.params, mine, context(&entry), what, rest);
  for (const auto& [key, v] : rest) {
    if (key == "frozen" && v.is<bool>()) {
      if (is_meter(entry.params) && *v.get_if<bool>()) throw api_error(error_kind::BadProperty, what + ": a " + models_.node(entry.model).name + " cannot be frozen");
      entry.frozen = *v.get_if<bool>();
    } else if (key == "n_events" && is_recorder(entry.params)) {
      const auto* count = v.get_if<std::int64_t>();
      if (count == nullptr) throw api_error(error_kind::TypeMismatch, what + ": n_events = " + to_text(v) + " must be an integer");
      if (*count != 0) throw api_error(error_kind::BadProperty, what + ": n_events = " + to_text(v) + " can only be set to 0, which clears the events");
      entry.cleared = true;
    } else {
      auto names = names_of(entry.params);
      names.push_back("frozen");
      throw api_error(error_kind::UnaccessedDictionaryEntry, what + ": Unaccessed entry '" + key + "': no property of this model" + did_you_mean(key, names));
    }
  }
}

outcome kernel::begin(const api::describe_nodes& c) {
  check_nodes(c.nodes, "NodeCollection");
  std::vector<value> parts;
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last;) {
      const auto& block = block_of(id);
      const auto last = std::min(r.last, block.last - (block.last - id) % r.step);
      dictionary d;
      d["first"] = static_cast<std::int64_t>(id);
      d["last"] = static_cast<std::int64_t>(last);
      d["step"] = static_cast<std::int64_t>(r.step);
      d["model"] = models_.node(block.model).name;
      d["model_id"] = static_cast<std::int64_t>(block.model);
      parts.emplace_back(std::move(d));
      id = last + r.step;
    }
  }
  return done(value(std::move(parts)));
}

dictionary kernel::common_values(std::uint64_t id, const node_block& block) const {
  const auto& model = models_.node(block.model);
  const bool device = block.device >= 0 && !is_injector(devices_[static_cast<std::size_t>(block.device)].params);
  const auto vp = static_cast<std::int64_t>(device ? 0 : id % n_vps());
  dictionary d;
  d["model"] = model.name;
  d["model_id"] = static_cast<std::int64_t>(block.model);
  d["element_type"] = model.element_type();
  d["global_id"] = static_cast<std::int64_t>(id);
  d["vp"] = vp;
  d["thread"] = vp;
  d["thread_local_id"] = static_cast<std::int64_t>(device ? id - 1 : (id - 1) / n_vps());
  d["local"] = true;
  d["node_uses_wfr"] = false;
  return d;
}

outcome kernel::begin(const api::get_node_values& c) {
  require_alive();
  check_nodes(c.nodes, "get");
  const auto columns = std::make_shared<node_columns>(c.nodes.size(), c.keys);
  std::vector<std::uint32_t> recorders;       // whose events are wanted
  std::vector<std::uint64_t> recorder_rows;
  std::uint64_t row = 0;
  bool neurons = false;
  const bool wants_events = columns->wants("events") || columns->wants("n_events");
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      const auto& block = block_of(id);
      for (const auto& [key, v] : common_values(id, block)) columns->put(key, row, v);
      const auto& model = models_.node(block.model);
      if (const auto* device = block.device < 0 ? nullptr : find_device(id)) {
        for (const auto& [key, v] : values_of(device->params)) columns->put(key, row, v);
        columns->put("frozen", row, device->frozen);
        if (is_recorder(device->params)) {
          if (wants_events) {
            recorders.push_back(device->position);
            recorder_rows.push_back(row);
          }
        } else if (device_emits_currents(*device)) {
          columns->put("recordables", row, std::vector<std::string>{"I"});
        }
        if (recording_of(device->params).record_to == "ascii" && is_recorder(device->params)) columns->put("filenames", row, file_names(*device));
      } else {
        neurons = true;
        columns->put("recordables", row, recordables_of(*model.neuron()));
      }
    }
  }
  const auto nodes = c.nodes;
  const auto time = settings_.time;
  const auto answer_columns = [=, this]() -> outcome { return done(value(columns->take())); };
  const auto with_events = [=, this]() -> outcome {
    if (recorders.empty()) return answer_columns();
    return on_shards(
        [=](shard& s) -> std::any {
          // Shards rest until the call is answered, so their logs are read where they are.
          std::vector<const recorder*> shares;
          for (const auto position : recorders) shares.push_back(&s.recorder_at(position));
          return shares;
        },
        [=, this](std::vector<std::any> results) -> outcome {
          for (std::size_t i = 0; i < recorders.size(); ++i) {
            std::vector<const event_log*> logs;
            std::uint64_t count = 0;
            for (const auto& result : results) {
              const auto* share = std::any_cast<const std::vector<const recorder*>&>(result)[i];
              logs.push_back(&share->log());
              count += share->n_events();
            }
            const auto& entry = *find_device(nodes[recorder_rows[i]]);
            columns->put("n_events", recorder_rows[i], static_cast<std::int64_t>(count));
            if (recording_of(entry.params).record_to == "memory" && columns->wants("events"))
              columns->put("events", recorder_rows[i], events_of(logs, make_recorder(entry.id, entry.params, time), time));
          }
          return answer_columns();
        });
  };
  if (!neurons) return with_events();
  return on_shards([=](shard& s) -> std::any { return std::make_shared<std::vector<column_part>>(s.get_values(nodes, columns->keys())); },
                   [=](std::vector<std::any> results) -> outcome {
                     for (auto& result : results)
                       for (const auto& part : *std::any_cast<std::shared_ptr<std::vector<column_part>>&>(result)) columns->put(part);
                     return with_events();
                   });
}

bool kernel::device_emits_currents(const device_entry& entry) const {
  return !is_recorder(entry.params) && make_stimulator(entry.id, entry.params, settings_.time).emits_currents();
}

std::vector<std::string> kernel::recordables_of(const attributes& a) const {
  std::vector<std::string> names;
  for (const auto& f : a.model().fields)
    if (f.is_recordable) names.emplace_back(f.name);
  std::sort(names.begin(), names.end());
  return names;
}

outcome kernel::begin(const api::set_node_values& c) {
  require_alive();
  check_nodes(c.nodes, "set");
  if (c.nodes.empty()) return done();
  const auto values = drawn_values(to_dictionary(c.values, c.nodes.size(), "set"), c.nodes, next_call(), "set");
  if (values.empty()) return done();
  std::vector<device_entry> changed;
  bool neurons = false;
  std::uint64_t row = 0;
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      if (const auto* device = find_device(id)) {
        changed.push_back(*device);
        set_device(changed.back(), values, row, c.nodes.size(), "set: " + models_.node(device->model).name + " " + std::to_string(id));
      } else {
        neurons = true;
      }
    }
  }
  dirty_ = true;
  const auto devices = [=, this]() -> outcome { return apply_devices(changed, [this] { return done(); }); };
  if (!neurons) return devices();
  const auto nodes = c.nodes;
  return on_shards([=](shard& s) -> std::any { s.set_values(nodes, values); return {}; },
                   [=, this](std::vector<std::any>) -> outcome {
                     return on_shards([](shard& s) -> std::any { s.keep_values(); return {}; }, [=](std::vector<std::any>) { return devices(); });
                   },
                   [this](std::exception_ptr reason) -> outcome {
                     return on_shards([](shard& s) -> std::any { s.take_back_values(); return {}; },
                                      [=, this](std::vector<std::any>) -> outcome { return failure(reason); });
                   });
}

outcome kernel::apply_devices(std::vector<device_entry> changed, std::function<outcome()> then) {
  if (changed.empty()) return then();
  std::vector<std::pair<std::uint32_t, stimulator>> stimulators;
  std::vector<std::pair<recorder_spec, std::pair<std::uint32_t, bool>>> recorders;
  for (const auto& entry : changed) {
    if (is_recorder(entry.params)) recorders.push_back({recorder_of(entry), {entry.position, entry.cleared}});
    else stimulators.emplace_back(entry.position, stimulator_of(entry));
  }
  const auto now = now_;
  return on_shards(
      [=](shard& s) -> std::any {
        if (!stimulators.empty()) s.before_change(now);
        for (const auto& [position, x] : stimulators) s.set_stimulator(position, x);
        for (const auto& [spec, where] : recorders) {
          s.recorder_at(where.first).configure(spec);
          if (where.second) s.recorder_at(where.first).clear();
        }
        return {};
      },
      [=, this](std::vector<std::any>) -> outcome {
        for (auto entry : changed) {
          entry.cleared = false;
          *find_device(entry.id) = entry;
        }
        return then();
      });
}

outcome kernel::begin(const api::match_nodes& c) {
  require_alive();
  if (network_size() == 0) return done(node_set{generation_, {}});
  std::vector<std::string> keys;
  for (const auto& [key, v] : c.properties) keys.push_back(key);
  const node_set all{generation_, {{1, network_size(), 1}}};
  const auto wanted = c.properties;
  // The same path as get(), with the rows compared instead of returned.
  auto next = begin(api::get_node_values{all, keys});
  return and_then(std::move(next), [=, this](api::answer found) -> outcome {
    if (std::holds_alternative<api::failed_call>(found.outcome)) return found;
    const auto& columns = *std::get<value>(found.outcome).get_if<dictionary>();
    node_set matches{generation_, {}};
    for (std::uint64_t id = 1; id <= all.ranges[0].last; ++id) {
      const bool match = std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
        const auto* column = columns.find(entry.first);
        return column != nullptr && entry_of(*column, id - 1) == entry.second;
      });
      if (!match) continue;
      if (!matches.ranges.empty() && matches.ranges.back().last + 1 == id) matches.ranges.back().last = id;
      else matches.ranges.push_back({id, id, 1});
    }
    return done(matches);
  });
}

outcome kernel::begin(const api::evaluate& c) {
  const auto seed = static_cast<std::uint32_t>(settings_.rng_seed);
  const auto call = next_call();
  if (!c.nodes) return done(value(c.expression->evaluate(value_site(seed, call))));
  check_nodes(*c.nodes, "apply");
  std::vector<double> values;
  for (const auto& r : c.nodes->ranges)
    for (auto id = r.first; id <= r.last; id += r.step) values.push_back(c.expression->evaluate(node_site(seed, call, id, 0)));
  return done(value(std::move(values)));
}

}  // namespace volley::runtime
