// What users say of synaptic elements: a dictionary of one dictionary an element.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/growth/element_fields.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

struct element_setting {
  std::string name;
  std::vector<std::pair<const models::field*, double>> values;
  /// The curve that is asked for, else `otherwise`.
  growth_curve curve(growth_curve otherwise) const;
};

/// Reads and checks each value by itself. `subject` begins messages, `place` is that of the errors: TypeMismatch,
/// BadProperty (a value outside its bounds, an unknown growth_curve), UnaccessedDictionaryEntry.
std::vector<element_setting> read_elements(const value& v, const std::string& subject, std::uint64_t place);

/// Why elements of this curve do not take the setting; empty when they do.
std::string why_not(const element_setting& setting, growth_curve curve);

}  // namespace volley::runtime
