#include "runtime/connections/synapse_rules.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/values/field_values.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

std::optional<synapse_property> find_property(const models::synapse_model& model, std::string_view name) {
  for (const auto& f : model.fields)
    if (f.name == name)
      return synapse_property{&f, static_cast<std::uint32_t>(models::member_of(model, f)), models::is_common(model, f)};
  return std::nullopt;
}

std::optional<synapse_property> find_own_property(const models::synapse_model& model, std::string_view name) {
  const auto property = find_property(model, name);
  return property && property->is_common ? std::nullopt : property;
}

const models::field& field_of(const models::synapse_model& model, std::uint32_t member) {
  const auto found =
      std::ranges::find(model.fields, member, [&](const models::field& f) { return models::member_of(model, f); });
  expects(found != model.fields.end(), "each member of a parameter set has a field");
  return *found;
}

void check_own(const models::synapse_model& model, const models::field& f, double x, const std::string& what) {
  const auto refuse = [&](error_kind kind, const value& v, const std::string& rule) {
    throw api_error(kind, what + ": " + std::string(f.name) + " = " + to_text(v) + " " + rule);
  };
  const bool is_whole = std::abs(x) < 0x1p63 && x == std::floor(x);
  if (f.kind == models::field_kind::integer && !is_whole) refuse(error_kind::TypeMismatch, x, "must be " + wanted(f));
  if (models::is_label(model, f) && !models::is_within(f, x)) refuse(error_kind::BadProperty, shown(f, x), bounds(f));
}

void require_labelled(const models::synapse_model& model, const std::string& what) {
  if (!model.labelled)
    throw api_error(error_kind::BadProperty, what + ": synapse_label needs a labelled synapse model (_lbl)");
}

void check_weight(double weight, const std::string& what) {
  if (std::isnan(weight)) throw api_error(error_kind::BadProperty, what + ": weight must be a number");
}

std::string fault_of_synapse(const models::synapse_model& model, std::span<const double> set, double weight) {
  if (std::isnan(weight)) return "weight must be a number";
  for (const auto& f : model.fields) {
    const double x = set[models::member_of(model, f)];
    const auto fault = [&](const std::string& rule) {
      return std::string(f.name) + " = " + to_text(value(x)) + " " + rule;
    };
    if (std::isnan(x)) return fault("must be a number");
    const auto unit = f.unit.empty() ? "" : std::string(f.unit) + " ";
    if (!models::is_label(model, f) && !models::is_within(f, x)) return fault(unit + bounds(f));
  }
  const char* const bad = model.check(set.data(), set.data() + model.n_params, weight);
  return bad != nullptr ? bad : "";
}

void check_synapse(const models::synapse_model& model, std::span<const double> set, double weight,
                   const std::string& what) {
  const auto fault = fault_of_synapse(model, set, weight);
  if (!fault.empty()) throw api_error(error_kind::BadProperty, what + ": " + fault);
}

}  // namespace volley::runtime
