#include "runtime/kernel/edit_reader.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/values/field_values.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

double number(const value& v, const std::string& key) {
  if (const auto x = number_of(v)) return *x;
  throw api_error(error_kind::TypeMismatch, "set: " + key + " = " + to_text(v) + " must be a number");
}

bool has(const models::synapse_model& model, const std::string& key) {
  return key == "weight" ? !model.common_weight : key == "delay" || find_own_property(model, key).has_value();
}

/// True when some connection has the i-th of the numbers.
bool is_used(const number_list& numbers, std::size_t i) { return numbers.values.size() == 1 || numbers.has(i); }

/// Why a connection of the model does not take `key`.
std::string refused_connection_key(const models::synapse_model& model, const std::string& key) {
  const auto common = [&](const models::field& f) { return models::is_common(model, f); };
  std::vector<std::string> settable{"delay"};
  bool belongs_to_all = key == "weight" && model.common_weight;
  if (!model.common_weight) settable.emplace_back("weight");
  for (const auto& f : model.fields) {
    if (!common(f))
      settable.emplace_back(f.name);
    else if (f.name == key)
      belongs_to_all = true;
  }
  if (belongs_to_all)
    return "Unaccessed entry '" + key + "' belongs to all synapses of the model; set it with SetDefaults";
  return unaccessed_entry(
      key, "these connections", settable,
      {"source", "target", "target_thread", "synapse_id", "synapse_model", "port", "receptor", "sizeof"});
}

}  // namespace

connection_edit edit_reader::operator()(const value& values) const {
  const auto n = list_.size();
  if (const auto* list = values.get_if<std::vector<value>>(); list != nullptr && list->size() != n)
    throw api_error(error_kind::TypeError,
                    "set: " + std::to_string(list->size()) + " dictionaries for " + std::to_string(n) + " connections");
  const auto given = read_values(values, n, "set");
  for (const auto& [key, v] : given.by_key)
    if (is_list(v)) require_entries("set", key, v, n, "connections");
  connection_edit edit;
  for (const auto& [key, v] : given.by_key) {
    auto taken = takers(key, v, given.one_a_node);
    if (taken.empty() || std::ranges::find(taken, 1) != taken.end()) add(edit, key, numbers(key, v, std::move(taken)));
  }
  return edit;
}

std::vector<std::uint8_t> edit_reader::takers(const std::string& key, const value& v, bool gaps) const {
  std::vector<std::uint8_t> taken;
  if (const auto* list = v.get_if<std::vector<value>>(); gaps && list != nullptr)
    for (const auto& one : *list) taken.push_back(one.is_none() ? 0 : 1);
  std::vector<bool> seen(models_.synapses().size()), lacks(models_.synapses().size());
  bool some_lack = false;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const auto model = list_.store(i);
    if (seen[model.index()] || (!taken.empty() && taken[i] == 0)) continue;
    seen[model.index()] = true;
    const auto& entry = models_.synapse(model);
    if (has(*entry.model, key)) continue;
    unknown_.add(entry.name, key, "set: " + entry.name + ": " + refused_connection_key(*entry.model, key));
    lacks[model.index()] = some_lack = true;
  }
  if (!some_lack) return taken;
  if (taken.empty()) taken.resize(list_.size(), 1);
  for (std::size_t i = 0; i < list_.size(); ++i)
    if (lacks[list_.store(i).index()]) taken[i] = 0;
  return taken;
}

number_list edit_reader::numbers(const std::string& key, const value& v, std::vector<std::uint8_t> given) const {
  if (!typed_property(key)) return floats(key, v, std::move(given));
  // Each model of the connections stores it in its own way.
  number_list read{std::vector<double>(list_.size()), std::move(given)};
  for (std::size_t i = 0; i < list_.size(); ++i) {
    if (!read.has(i)) continue;
    const value one = is_list(v) ? entry_of(v, i) : v;
    const auto& model = *models_.synapse(list_.store(i)).model;
    const auto own = find_own_property(model, key);
    const auto x = stored(*own->field, one);
    if (!x)
      throw api_error(error_kind::TypeMismatch,
                      "set: " + key + " = " + to_text(one) + " must be " + wanted(*own->field));
    check_own(model, *own->field, *x, "set");
    read.values[i] = *x;
  }
  return read;
}

number_list edit_reader::floats(const std::string& key, const value& v, std::vector<std::uint8_t> given) const {
  if (const auto* x = v.get_if<std::vector<double>>()) return {*x, std::move(given)};
  if (!is_list(v)) return {{number(v, key)}, std::move(given)};
  number_list read{std::vector<double>(list_.size()), std::move(given)};
  for (std::size_t i = 0; i < list_.size(); ++i)
    if (read.has(i)) read.values[i] = number(entry_of(v, i), key);
  return read;
}

bool edit_reader::typed_property(const std::string& key) const {
  return std::ranges::any_of(models_.synapses(), [&](const synapse_entry& entry) {
    const auto own = find_own_property(*entry.model, key);
    return own && own->field->kind != models::field_kind::real;
  });
}

void edit_reader::add(connection_edit& edit, const std::string& key, number_list numbers) const {
  if (key == "weight") {
    edit.weight = std::move(numbers);
  } else if (key == "delay") {
    add_delays(edit, std::move(numbers));
  } else {
    connection_edit::parameter p{{}, std::move(numbers)};
    for (const auto& entry : models_.synapses()) {
      const auto property = find_own_property(*entry.model, key);
      p.member_of.push_back(property ? static_cast<std::int32_t>(property->member) : -1);
    }
    edit.parameters.push_back(std::move(p));
  }
}

void edit_reader::add_delays(connection_edit& edit, number_list delays_ms) const {
  connection_edit::parameter leads{{}, {{}, delays_ms.given}, true};
  for (const auto& entry : models_.synapses()) leads.member_of.push_back(entry.model->lead);
  const auto has_lead = [&](std::size_t i) { return models_.synapse(list_.store(i)).model->lead >= 0; };
  bool some_lead = false;
  for (std::size_t i = 0; i < list_.size(); ++i) some_lead |= has_lead(i);
  if (some_lead && delays_ms.values.size() == 1) delays_ms.values.resize(list_.size(), delays_ms.values[0]);
  leads.values.values.resize(some_lead ? delays_ms.values.size() : 0);
  for (std::size_t i = 0; i < delays_ms.values.size(); ++i) {
    if (!is_used(delays_ms, i)) continue;
    double& delay = delays_ms.values[i];
    const auto what = "set: " + name_of(i);
    if (some_lead && has_lead(i)) {
      const auto [steps, lead_ms] = legal_led_delay(delay, time_, delays_, what);
      delay = steps;
      leads.values.values[i] = lead_ms;
    } else {
      delay = legal_delay(delay, time_, delays_, what);
    }
  }
  edit.delay_steps = std::move(delays_ms);
  if (some_lead) edit.parameters.push_back(std::move(leads));
}

std::string edit_reader::name_of(std::size_t i) const { return models_.synapse(list_.store(i)).name; }

delay_extrema extrema_of(const connection_edit& edit) {
  delay_extrema extrema;
  if (edit.delay_steps)
    for (std::size_t i = 0; i < edit.delay_steps->values.size(); ++i)
      if (is_used(*edit.delay_steps, i)) extrema.include(static_cast<step_t>(edit.delay_steps->values[i]));
  for (const auto& p : edit.parameters)
    for (std::size_t i = 0; p.leads && i < p.values.values.size(); ++i)
      if (p.values.values[i] > 0) extrema.include(static_cast<step_t>(edit.delay_steps->values[i]) - 1);
  return extrema;
}

}  // namespace volley::runtime
