// What users are told of models besides the values that they have: names, units, meanings, bounds, of which pages are
// made. A table is {name, kind, meaning, fields}, a field of it {name, unit, meaning, kind ("param", "state" or
// "hidden"), range, default, recordable, read_only}; that of a neuron has the numbers of `receptors` by name besides,
// and a field that is a dictionary has such fields as its `members`.
#pragma once
#include <cmath>
#include <string>
#include <string_view>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

dictionary model_table(const models::neuron_model&);
dictionary model_table(const models::synapse_model&);
/// Of what every neuron has besides; its name is empty.
dictionary table_of_every_neuron();

dictionary model_table(std::string_view kind, std::string_view name, std::string_view meaning,
                       std::vector<value> fields);
dictionary field_row(std::string_view name, std::string_view unit, std::string_view meaning, std::string_view kind,
                     std::string range, value shown, bool recordable = false, bool read_only = false);
/// "> 0, <= 1"; empty without bounds.
std::string range_text(models::bound range, double at_most = HUGE_VAL);

}  // namespace volley::runtime
