#include "client/cpp/sonata/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/files.hpp"

namespace volley::client::sonata {
namespace {

using json = nlohmann::ordered_json;  // keys stay in the order of the text

constexpr int deepest = 200;  // arrays and objects within each other: Values are nested, and so are their destructors

/// What fits; other whole numbers are floats.
bool is_integer(const json& v) {
  return v.is_number_integer() && (!v.is_number_unsigned() || std::in_range<std::int64_t>(v.get<std::uint64_t>()));
}

Value value_of(const json& from);

/// A list of numbers as a column.
Value list_of(const json& from) {
  if (from.empty()) return EmptyVector{};
  if (std::ranges::all_of(from, is_integer)) return Column<std::int64_t>(from.get<std::vector<std::int64_t>>());
  if (std::ranges::all_of(from, [](const json& v) { return v.is_number(); }))
    return Column<double>(from.get<std::vector<double>>());
  std::vector<Value> list;
  for (const auto& v : from) list.push_back(value_of(v));
  return list;
}

Value value_of(const json& from) {
  switch (from.type()) {
    case json::value_t::boolean: return from.get<bool>();
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      if (is_integer(from)) return from.get<std::int64_t>();
      [[fallthrough]];
    case json::value_t::number_float: return from.get<double>();
    case json::value_t::string: return from.get<std::string>();
    case json::value_t::array: return list_of(from);
    case json::value_t::object: break;
    default: return {};
  }
  Dictionary d;
  for (const auto& [key, v] : from.items()) d[key] = value_of(v);
  return d;
}

}  // namespace

Value parse_json(std::string_view text, const std::string& where) {
  const auto refuse = [&where](const std::string& why) { return error("builtins.ValueError", where + ": " + why); };
  const auto check_depth = [&](int depth, json::parse_event_t, const json&) {
    if (depth > deepest) throw refuse("there are more than " + std::to_string(deepest) + " levels");
    return true;
  };
  try {
    return value_of(json::parse(text, check_depth));
  } catch (const json::exception& e) {
    const std::string why = e.what();  // begins with the name of the exception, in brackets
    throw refuse(why.substr(why.find("] ") + 2));
  }
}

Dictionary read_json(const std::string& file) {
  const auto where = "'" + file + "'";
  const auto content = parse_json(text_of_file(file), where);
  if (const auto* d = content.get_if<Dictionary>()) return *d;
  throw error("builtins.ValueError", where + " has a " + type_name(content) + ", no object");
}

}  // namespace volley::client::sonata
