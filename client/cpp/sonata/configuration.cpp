#include "client/cpp/sonata/configuration.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/json.hpp"

namespace volley::client::sonata {
namespace {

namespace fs = std::filesystem;
using variables = std::vector<std::pair<std::string, std::string>>;

std::string filled(std::string text, const variables& with) {
  for (const auto& [name, meaning] : with)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + meaning.size()))
      text.replace(at, name.size(), meaning);
  return text;
}

Value filled(const Value& content, const variables& with) {
  if (const auto* text = content.get_if<std::string>()) return filled(*text, with);
  if (const auto* list = content.get_if<std::vector<Value>>()) {
    std::vector<Value> all;
    for (const auto& v : *list) all.push_back(filled(v, with));
    return all;
  }
  if (const auto* d = content.get_if<Dictionary>()) {
    Dictionary all;
    for (const auto& [key, v] : *d) all[key] = filled(v, with);
    return all;
  }
  return content;
}

/// Longer names first: $INPUT_DIR before $INPUT.
variables sorted(variables all) {
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return all;
}

/// Absolute paths by variable; relative ones start at the file's folder, and variables may use each other.
variables variables_of(const Dictionary& manifest, const fs::path& folder) {
  const auto special = sorted({{"${configdir}", folder.string()}, {"${workingdir}", fs::current_path().string()}});
  variables all;
  for (const auto& [name, meaning] : manifest) all.emplace_back(name, filled(meaning.as<std::string>(), special));
  all = sorted(std::move(all));
  for (std::size_t pass = 0; pass < all.size(); ++pass) {  // each fills in at least one level
    const auto known = all;
    for (auto& [name, meaning] : all) meaning = filled(meaning, known);
  }
  for (auto& [name, meaning] : all) meaning = (folder / meaning).lexically_normal().string();
  return all;
}

constexpr std::array sections{"components", "inputs", "manifest", "networks", "output", "reports", "run"};

Dictionary read(const std::string& file) {
  const auto content = read_json(file);
  const auto refuse = [&](const std::string& key, const Value& v, const char* wanted) {
    throw error("builtins.ValueError", "'" + file + "': '" + key + "' is a " + type_name(v) + "; it must be " + wanted);
  };
  for (const auto* section : sections)
    if (const auto* v = content.find(section); v != nullptr && !v->is<Dictionary>()) refuse(section, *v, "an object");
  const auto* found = find_dictionary(content, "manifest");
  const Dictionary manifest = found == nullptr ? Dictionary() : *found;
  for (const auto& [name, path] : manifest)
    if (!path.is<std::string>()) refuse(name, path, "a path");
  const auto with = variables_of(manifest, fs::absolute(file).parent_path());
  return filled(Value(content), with).as<Dictionary>();
}

void put_all(Dictionary& to, const Dictionary& from) {
  for (const auto& [key, v] : from) to[key] = v;
}

template <class T> const T* find(const Dictionary& d, std::string_view key) {
  const auto* v = d.find(key);
  if (v == nullptr) return nullptr;
  if (const auto* held = v->get_if<T>()) return held;
  throw error("TypeMismatch", "'" + std::string(key) + "' of the configuration is a " + type_name(*v) + ", must be a " +
                                  type_name(Value(T{})));
}

template <class T> const T& need(const Dictionary& d, std::string_view key) {
  if (const auto* held = find<T>(d, key)) return *held;
  throw error("builtins.KeyError", "the configuration has no '" + std::string(key) + "'");
}

}  // namespace

Dictionary read_configuration(const std::string& circuit, const std::optional<std::string>& simulation) {
  auto merged = read(circuit);
  if (simulation) put_all(merged, read(*simulation));
  if (merged.contains("networks")) return merged;
  Dictionary parts;
  for (const char* part : {"network", "simulation"})
    if (const auto* named = merged.find(part); named != nullptr && named->is<std::string>())
      put_all(parts, read(named->as<std::string>()));
  put_all(parts, merged);
  return parts;
}

const Dictionary& dictionary_at(const Dictionary& d, std::string_view key) { return need<Dictionary>(d, key); }
const std::string& text_at(const Dictionary& d, std::string_view key) { return need<std::string>(d, key); }

double number_at(const Dictionary& d, std::string_view key) {
  const auto* v = d.find(key);
  if (v == nullptr) throw error("builtins.KeyError", "the configuration has no '" + std::string(key) + "'");
  return v->as<double>();
}

const Dictionary* find_dictionary(const Dictionary& d, std::string_view key) { return find<Dictionary>(d, key); }
const std::string* find_text(const Dictionary& d, std::string_view key) { return find<std::string>(d, key); }

bool truth_or(const Dictionary& d, std::string_view key, bool otherwise) {
  const auto* held = find<bool>(d, key);
  return held == nullptr ? otherwise : *held;
}

std::vector<Dictionary> dictionaries_at(const Dictionary& d, std::string_view key) {
  std::vector<Dictionary> all;
  if (const auto* v = d.find(key); v != nullptr && v->is<EmptyVector>()) return all;
  for (const auto& v : need<std::vector<Value>>(d, key)) all.push_back(v.as<Dictionary>());
  return all;
}

}  // namespace volley::client::sonata
