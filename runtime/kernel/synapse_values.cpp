#include "runtime/kernel/synapse_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/values/field_values.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

[[noreturn]] void fail(error_kind kind, const std::string& what, std::string_view key, const value& v,
                       const std::string& rule) {
  throw api_error(kind, what + ": " + std::string(key) + " = " + to_text(v) + " " + rule);
}

double number(const std::string& what, std::string_view key, const value& v) {
  if (const auto x = number_of(v)) return *x;
  fail(error_kind::TypeMismatch, what, key, v, std::string("is ") + type_name(v) + ", must be a number");
}

/// The number that is stored for a property.
double stored_property(const std::string& what, const models::field& property, const value& v) {
  if (const auto x = stored(property, v)) return *x;
  fail(error_kind::TypeMismatch, what, property.name, v,
       std::string("is ") + type_name(v) + ", must be " + wanted(property));
}

/// Keys of GetDefaults that describe the model.
const std::vector<std::string> told_keys{"synapse_model",      "synapse_modelid", "type_id",         "element_type",
                                         "requires_symmetric", "has_delay",       "num_connections", "sizeof"};

constexpr std::array<std::string_view, 2> element_keys{"pre_synaptic_element", "post_synaptic_element"};

/// Keys of a syn_spec, without those of told_keys and element_keys.
std::vector<std::string> keys_of(const models::synapse_model& model) {
  std::vector<std::string> keys{"weight", "delay", "receptor_type"};
  for (const auto& f : model.fields) keys.emplace_back(f.name);
  return keys;
}

template <class Check> void for_each_number(const connection_number& n, Check&& check) {
  if (const auto* x = std::get_if<double>(&n))
    check(*x);
  else if (const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&n))
    for (const double x : **array) check(x);
}

/// Reads the numbers of one syn_spec.
class number_reader {
 public:
  number_reader(const std::optional<array_shape>& shape, std::optional<std::uint64_t> pairs)
      : shape_(shape), pairs_(pairs) {}

  connection_number operator()(const std::string& key, const value& v) const {
    if (const auto* p = v.get_if<parameter_ref>()) {
      if (pairs_)
        throw api_error(error_kind::TypeError,
                        "Connect: " + key + " cannot be a Parameter where sources and targets are given one by one");
      if ((*p)->is_constant()) return (*p)->evaluate({});
      return *p;
    }
    if (const auto* x = v.get_if<matrix>()) return array(key, {x->rows, x->columns}, x->data);
    return column(any_number, key, v, [&] { return number("Connect", key, v); });
  }

  /// One of the model's own. What is no number is given as it is, or one by one.
  connection_number property(const models::field& f, const value& v) const {
    const std::string key(f.name);
    const bool drawn = f.kind == models::field_kind::integer && v.is<parameter_ref>();
    if (f.kind == models::field_kind::real || drawn) return (*this)(key, v);
    return column(f, key, v, [&] { return stored_property("Connect", f, v); });
  }

  /// Numbers that are whole.
  connection_number receptors(const value& v) const {
    const bool whole =
        v.is<std::int64_t>() || v.is<std::vector<std::int64_t>>() || v.is<matrix>() || v.is<parameter_ref>();
    if (!whole)
      fail(pairs_ ? error_kind::BadParameter : error_kind::TypeMismatch, "Connect", "receptor_type", v,
           "must be an integer");
    auto read = (*this)("receptor_type", v);
    for_each_number(read, [](double x) { whole_receptor(x); });
    return read;
  }

 private:
  static constexpr models::field any_number{};

  template <class Scalar>
  connection_number column(const models::field& f, const std::string& key, const value& v, Scalar&& scalar) const {
    const bool typed = v.is<std::vector<double>>() || v.is<std::vector<std::int64_t>>() || v.is<booleans>() ||
                       v.is<std::vector<std::string>>();
    if (!typed) return scalar();
    auto list = stored_list(f, v);
    if (!list)
      fail(error_kind::TypeMismatch, "Connect", key, v, std::string("is ") + type_name(v) + ", must be " + wanted(f));
    const auto n = list->size();
    return array(key, {0, n}, std::move(*list));
  }

  connection_number array(const std::string& key, array_shape given, std::vector<double> data) const {
    if (!shape_ && !pairs_)
      throw api_error(error_kind::TypeError, "Connect: " + key + " cannot be an array with this rule");
    const array_shape wanted = pairs_ ? array_shape{0, *pairs_} : *shape_;
    const std::string message = "Connect: " + key + " has " + text(given) + " values, must have " + text(wanted);
    if ((given.rows == 0) != (wanted.rows == 0))
      throw api_error(pairs_ ? error_kind::ValueError : error_kind::TypeError, message);
    if (!(given == wanted)) throw api_error(error_kind::ValueError, message);
    return std::make_shared<const std::vector<double>>(std::move(data));
  }
  static std::string text(const array_shape& s) {
    return s.rows == 0 ? std::to_string(s.columns) : std::to_string(s.rows) + " x " + std::to_string(s.columns);
  }

  const std::optional<array_shape>& shape_;
  std::optional<std::uint64_t> pairs_;
};

std::int64_t default_receptor(const std::string& what, const value& v) {
  const auto* r = v.get_if<std::int64_t>();
  if (r == nullptr) fail(error_kind::TypeMismatch, what, "receptor_type", v, "must be an integer");
  return *r;
}

double number_at(const connection_number& n, std::size_t i) {
  if (const auto* x = std::get_if<double>(&n)) return *x;
  return (*std::get<std::shared_ptr<const std::vector<double>>>(n))[i];
}

/// Of an array, which may have none; one for all connections otherwise.
std::size_t entries_of(const connection_number& n) {
  const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&n);
  return array != nullptr ? (*array)->size() : 1;
}

/// Judges the weight of each connection with its parameters; what is drawn may need a trial.
void judge(synapse_spec& spec, const models::synapse_model& model, std::vector<double> set, const std::string& what) {
  bool drawn = std::holds_alternative<parameter_ref>(spec.weight);
  std::size_t n = entries_of(spec.weight);
  for (const auto& [member, x] : spec.parameters) {
    drawn |= std::holds_alternative<parameter_ref>(x);
    if (!is_shared(x)) n = entries_of(x);  // arrays of one call have as many
  }
  if (drawn) {
    spec.needs_trial = may_be_illegal(model, std::move(set), spec.weight, spec.parameters);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto& [member, x] : spec.parameters) set[member] = number_at(x, i);
    check_synapse(model, set, number_at(spec.weight, i), what);
  }
}

}  // namespace

defaults_call defaults_call::set_defaults(const std::string& model) {
  return {"SetDefaults: " + model, error_kind::ValueError, error_kind::KeyErrorBuiltin};
}

defaults_call defaults_call::copy_model(const std::string& model) {
  return {"CopyModel: " + model, error_kind::TypeMismatch, error_kind::UnaccessedDictionaryEntry};
}

void defaults_call::require_single(const std::string& key, const value& v, const value& present) const {
  if (v.is<parameter_ref>() ||
      (is_list(v) && !is_list(present) && !present.is<node_set>() && !present.is<dictionary>()))
    throw api_error(not_single,
                    what + ": '" + key + "' must be a single value in a model's defaults, not " + type_name(v));
}

void defaults_call::add_unknown(unknown_keys& unknown, const std::string& owner, const std::string& key, const value& v,
                                std::string text) const {
  unknown.add(owner, key, std::move(text), is_list(v) ? unknown_list : error_kind::UnaccessedDictionaryEntry);
}

std::optional<element_names> elements_of(const dictionary& spec, const std::string& what) {
  std::array<std::string, 2> names;
  std::size_t given = 0;
  for (std::size_t i = 0; i < element_keys.size(); ++i) {
    const auto* const v = spec.find(element_keys[i]);
    if (v == nullptr) continue;
    const auto* const text = v->get_if<std::string>();
    if (text == nullptr) fail(error_kind::TypeMismatch, what, element_keys[i], *v, "must be a string");
    names[i] = *text;
    ++given;
  }
  if (given == 0) return std::nullopt;
  if (given != names.size())
    throw api_error(error_kind::BadProperty,
                    what + ": pre_synaptic_element and post_synaptic_element must be given together");
  return element_names{names[0], names[1]};
}

synapse_spec parse_synapse(const dictionary& spec, const model_registry& registry,
                           const std::optional<array_shape>& shape, std::optional<std::uint64_t> pairs,
                           const time_grid& time, const delay_limits& limits, unknown_keys& unknown) {
  std::string name = "static_synapse";
  if (const auto* v = spec.find("synapse_model")) {
    const auto* text = v->get_if<std::string>();
    if (text == nullptr)
      throw api_error(error_kind::TypeError,
                      "Connect: synapse_model must be a string, not " + std::string(type_name(*v)));
    name = *text;
  }
  const auto id = registry.known_synapse(name, "Connect");
  const auto& entry = registry.synapse(id);
  const auto& model = *entry.model;
  synapse_spec result;
  result.model = id;
  result.receptor = static_cast<double>(entry.receptor_type);
  result.weight = entry.weight;
  result.delay_ms = entry.delay_ms;
  const number_reader read(shape, pairs);
  const std::string what = "Connect: " + name;
  result.elements = elements_of(spec, what);
  bool judged = false;
  const auto common = [&](const std::string& key) {
    return api_error(
        error_kind::NotImplemented,
        what + ": '" + key + "' belongs to all synapses of the model; set it with SetDefaults or CopyModel");
  };
  for (const auto& [key, v] : spec) {
    if (key == "synapse_model" || std::ranges::find(element_keys, key) != element_keys.end()) continue;
    if (key == "weight") {
      if (model.common_weight) throw common(key);
      result.weight = read(key, v);
    } else if (key == "delay") {
      result.delay_ms = read(key, v);
      result.gives_delay = true;
    } else if (key == "receptor_type") {
      result.receptor = read.receptors(v);
      judged = true;
    } else if (key == "weight_recorder") {
      throw common(key);
    } else if (key == "synapse_label" && !model.labelled) {
      require_labelled(model, what);
    } else if (const auto property = find_property(model, key)) {
      if (property->is_common) throw common(key);
      result.parameters.emplace_back(property->member, read.property(*property->field, v));
      for_each_number(result.parameters.back().second, [&](double x) { check_own(model, *property->field, x, what); });
      judged = true;
    } else {
      unknown.add(name, key, what + ": " + unaccessed_entry(key, "this synapse model", keys_of(model), told_keys),
                  pairs ? error_kind::BadParameter : error_kind::UnaccessedDictionaryEntry);
    }
  }
  for_each_number(result.delay_ms, [&](double ms) { legal_delay(ms, time, limits, "Connect"); });
  for_each_number(result.weight, [&](double w) { check_weight(w, what); });
  if (judged) judge(result, model, entry.defaults, what);
  return result;
}

dictionary values_of(const synapse_entry& entry, store_ordinal id) {
  dictionary d;
  d["synapse_model"] = entry.name;
  d["synapse_modelid"] = std::int64_t{id.index()};
  d["type_id"] = std::string(entry.model->name);
  d["element_type"] = "synapse";
  d["weight"] = entry.weight;
  d["delay"] =
      entry.delay_ms - (entry.model->lead < 0 ? 0 : entry.defaults[static_cast<std::size_t>(entry.model->lead)]);
  d["receptor_type"] = entry.receptor_type;
  d["requires_symmetric"] = false;
  d["has_delay"] = true;
  d["weight_recorder"] =
      entry.weight_recorder == 0 ? node_set{} : node_set{0, {{entry.weight_recorder, entry.weight_recorder, 1}}};
  for (const auto& f : entry.model->fields) d[f.name] = shown(f, entry.defaults[models::member_of(*entry.model, f)]);
  return d;
}

synapse_entry updated(const synapse_entry& entry, const dictionary& changes, const time_grid& time,
                      const defaults_call& call, unknown_keys& unknown) {
  const auto& what = call.what;
  const auto known = values_of(entry, store_ordinal());
  synapse_entry result = entry;
  for (const auto& [key, v] : changes) {
    if (const auto* present = known.find(key)) call.require_single(key, v, *present);
    if (key == "weight") {
      result.weight = number(what, key, v);
    } else if (key == "delay") {
      const double ms = number(what, key, v);
      const auto lead = entry.model->lead;
      const auto delay = lead < 0 ? led_delay{legal_delay(ms, time, {}, what), 0} : legal_led_delay(ms, time, {}, what);
      result.delay_ms = time.to_ms(delay.steps);  // as it will be used
      if (lead >= 0) result.defaults[static_cast<std::size_t>(lead)] = delay.lead_ms;
    } else if (key == "receptor_type") {
      result.receptor_type = default_receptor(what, v);
      if (result.receptor_type < 0) fail(error_kind::IndexError, what, key, v, "must be >= 0");
    } else if (key == "weight_recorder") {
      const auto* nodes = v.get_if<node_set>();
      if (nodes == nullptr || nodes->size() != 1)
        fail(error_kind::BadProperty, what, key, v, "must be a NodeCollection of one weight_recorder");
      result.weight_recorder = nodes->ranges[0].first;
    } else if (const auto property = find_property(*entry.model, key)) {
      auto& x = result.defaults[property->member];
      x = stored_property(what, *property->field, v);
      check_own(*entry.model, *property->field, x, what);
    } else {
      call.add_unknown(unknown, entry.name, key, v,
                       what + ": " + unaccessed_entry(key, "this model", keys_of(*entry.model), told_keys));
    }
  }
  check_synapse(*entry.model, result.defaults, result.weight, what);
  return result;
}

}  // namespace volley::runtime
