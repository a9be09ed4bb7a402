// A field of a model between what users write and the number that is stored for it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/core/field_table.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// A scalar as the number it is stored as; none when its type does not fit, or when it is none of the choices.
std::optional<double> stored(const models::field& f, const value& v);

/// The elements of a list as numbers, zero where there is none; nothing when it is no list or an element does not fit.
std::optional<std::vector<double>> stored_list(const models::field& f, const value& v);

/// A stored number as users see it: a float, bool, int or text.
value shown(const models::field& f, double number);

/// Many of them as a column.
value shown_column(const models::field& f, const std::vector<double>& numbers);

/// What a value must be, for messages: "a float".
std::string wanted(const models::field& f);

/// The row's bounds, for messages: "must be > 0 and <= 1", "must be > 0 and finite". REQUIRES: it has some.
std::string bounds(const models::field& f);

}  // namespace volley::runtime
