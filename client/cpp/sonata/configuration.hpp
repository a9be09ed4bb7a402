// SONATA configuration files: JSON with variables ("$NETWORK_DIR") that a manifest defines.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cpp/value.hpp"

namespace volley::client::sonata {

/// The circuit's configuration with its variables filled in; top-level entries of the simulation's replace its. A file
/// that has no `networks` of its own may name the circuit's as `network`, and the simulation's as `simulation`. Throws
/// builtins.ValueError for a file that has something else where an object belongs.
Dictionary read_configuration(const std::string& circuit, const std::optional<std::string>& simulation);

// Entries of what was read. `..._at` throw builtins.KeyError for one that is missing, all TypeMismatch for one of
// another kind.
const Dictionary& dictionary_at(const Dictionary& d, std::string_view key);
const std::string& text_at(const Dictionary& d, std::string_view key);
double number_at(const Dictionary& d, std::string_view key);
/// Null where it is missing.
const Dictionary* find_dictionary(const Dictionary& d, std::string_view key);
const std::string* find_text(const Dictionary& d, std::string_view key);
bool truth_or(const Dictionary& d, std::string_view key, bool otherwise);
/// The dictionaries of a list.
std::vector<Dictionary> dictionaries_at(const Dictionary& d, std::string_view key);

}  // namespace volley::client::sonata
