// One node or connection of a reply that holds a column a property.
#pragma once
#include "client/cpp/value.hpp"

namespace volley::client {

/// key -> the first entry of the key's column: what PyNEST answers when there is one node or connection.
inline Dictionary first_entries(const Dictionary& columns) {
  Dictionary scalars;
  for (const auto& [key, column] : columns) scalars[key] = column.element(0);
  return scalars;
}

}  // namespace volley::client
