// JSON texts as values: objects become dictionaries, arrays lists, arrays of numbers columns, whole numbers integers.
#pragma once
#include <string>
#include <string_view>

#include "client/cpp/value.hpp"

namespace volley::client::sonata {

/// `where` begins messages. Throws builtins.ValueError with the line of what is wrong. Python's NaN and Infinity are no
/// JSON.
Value parse_json(std::string_view text, const std::string& where);

/// The object in a file. Throws builtins.FileNotFoundError, builtins.ValueError.
Dictionary read_json(const std::string& file);

}  // namespace volley::client::sonata
