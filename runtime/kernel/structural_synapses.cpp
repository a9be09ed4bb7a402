#include "runtime/kernel/structural_synapses.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

constexpr const char* attribute = "structural_plasticity_synapses";

[[noreturn]] void refuse(error_kind kind, const std::string& name, const std::string& text) {
  throw api_error(kind, std::string("SetKernelStatus: ") + attribute + ": '" + name + "': " + text);
}

const dictionary& dictionary_of(const value& v, const std::string& what) {
  if (const auto* const d = v.get_if<dictionary>()) return *d;
  throw api_error(error_kind::TypeMismatch,
                  "SetKernelStatus: " + what + " must be a dict, not " + type_name(v) + " " + to_text(v));
}

/// Takes a flag out of the specification.
bool taken_flag(dictionary& from, const std::string& name, const char* key) {
  const auto* const v = from.find(key);
  if (v == nullptr) return true;
  const auto* const flag = v->get_if<bool>();
  if (flag == nullptr)
    refuse(error_kind::TypeMismatch, name, std::string(key) + " = " + to_text(*v) + " must be a bool");
  const bool given = *flag;
  from.erase(key);
  return given;
}

/// Each update makes connections in places that nobody knows before: nothing of them is drawn or given one by one.
void require_numbers(const structural_synapse& synapse) {
  for (const auto& [key, v] : synapse.given)
    if (is_list(v) || v.is<parameter_ref>())
      refuse(error_kind::BadProperty, synapse.name, key + " must be a single number, not " + type_name(v));
}

// Updates come while the network runs, when the exchange of spikes has its interval.
void check_delay(const structural_synapse& synapse, const synapse_spec& spec, const model_registry& models,
                 const kernel_settings& settings) {
  const auto steps = [&](double ms) { return settings.time.nearest_steps(ms); };
  const bool usual = steps(std::get<double>(spec.delay_ms)) == steps(models.synapse(synapse.store).delay_ms);
  if (!usual && settings.min_delay_steps == 0)
    refuse(error_kind::BadProperty, synapse.name,
           "a delay that is not the model's default needs min_delay and max_delay, set by you");
}

structural_synapse parsed(const std::string& name, const value& given, const model_registry& models,
                          const kernel_settings& settings, const delay_limits& limits, unknown_keys& unknown) {
  structural_synapse synapse;
  synapse.name = name;
  synapse.given = dictionary_of(given, std::string(attribute) + ": '" + name + "'");
  synapse.allow_autapses = taken_flag(synapse.given, name, "allow_autapses");
  synapse.allow_multapses = taken_flag(synapse.given, name, "allow_multapses");
  require_numbers(synapse);
  const auto elements = elements_of(synapse.given, "SetKernelStatus: " + name);
  if (!elements) refuse(error_kind::BadProperty, name, "pre_synaptic_element and post_synaptic_element must be given");
  const auto spec = parse_synapse(synapse.given, models, std::nullopt, std::nullopt, settings.time, limits, unknown);
  synapse.store = spec.model;
  synapse.elements = *elements;
  check_delay(synapse, spec, models, settings);
  return synapse;
}

}  // namespace

std::vector<structural_synapse> parse_structural_synapses(const value& table, const model_registry& models,
                                                          const kernel_settings& settings, const delay_limits& limits,
                                                          unknown_keys& unknown) {
  std::vector<structural_synapse> synapses;
  for (const auto& [name, given] : dictionary_of(table, attribute))
    synapses.push_back(parsed(name, given, models, settings, limits, unknown));
  return synapses;
}

synapse_spec spec_of(const structural_synapse& synapse, const model_registry& models, const kernel_settings& settings,
                     const delay_limits& limits) {
  unknown_keys known(false);  // they were told of
  return parse_synapse(synapse.given, models, std::nullopt, std::nullopt, settings.time, limits, known);
}

dictionary values_of(const std::vector<structural_synapse>& synapses, const model_registry& models) {
  dictionary all;
  for (const auto& one : synapses) {
    auto values = one.given;
    values["synapse_model"] = models.synapse(one.store).name;
    values["allow_autapses"] = one.allow_autapses;
    values["allow_multapses"] = one.allow_multapses;
    all[one.name] = std::move(values);
  }
  return all;
}

std::optional<element_names> elements_of(const std::vector<structural_synapse>& synapses, store_ordinal store) {
  const auto found = std::find_if(synapses.rbegin(), synapses.rend(), [&](const auto& s) { return s.store == store; });
  if (found == synapses.rend()) return std::nullopt;
  return found->elements;
}

}  // namespace volley::runtime
