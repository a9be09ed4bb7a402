// Lists of numbers as users give them for points, extents and shapes.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The numbers of a list, whatever their type; nothing for anything else.
std::optional<std::vector<double>> numbers_in(const value& v);

/// The integers of a list of integers; nothing for anything else.
std::optional<std::vector<std::int64_t>> integers_in(const value& v);

/// Points given as a matrix or a list of lists: rows. Nothing for anything else, and where rows differ in length.
std::optional<matrix> rows_in(const value& v);

}  // namespace volley::runtime
