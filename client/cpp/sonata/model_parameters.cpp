#include "client/cpp/sonata/model_parameters.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/json.hpp"

namespace volley::client::sonata {
namespace {

/// Entries of defaults that are facts of a model or a node, whatever a column of the same name may mean.
constexpr std::array<std::string_view, 21> facts{"available",
                                                 "capacity",
                                                 "element_type",
                                                 "elementsize",
                                                 "frozen",
                                                 "global_id",
                                                 "has_delay",
                                                 "instantiations",
                                                 "local",
                                                 "model",
                                                 "model_id",
                                                 "node_uses_wfr",
                                                 "num_connections",
                                                 "requires_symmetric",
                                                 "sizeof",
                                                 "synapse_model",
                                                 "synapse_modelid",
                                                 "thread",
                                                 "thread_local_id",
                                                 "type_id",
                                                 "vp"};

std::optional<double> as_number(const Value& v) {
  if (const auto* x = v.get_if<double>()) return *x;
  if (const auto* n = v.get_if<std::int64_t>()) return static_cast<double>(*n);
  if (const auto* b = v.get_if<bool>()) return *b ? 1.0 : 0.0;
  return std::nullopt;
}

bool is_group_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const Value* model_parameters::find(const std::string& model, const std::string& name) {
  if (std::ranges::find(facts, std::string_view(name)) != facts.end()) return nullptr;
  auto known = defaults_.find(model);
  if (known == defaults_.end()) known = defaults_.emplace(model, session_.GetDefaults(model)).first;
  return known->second.find(name);
}

bool model_parameters::is_single(const std::string& model, const std::string& name) {
  const auto* v = find(model, name);
  return v != nullptr && as_number(*v).has_value();
}

parameter_columns::column& parameter_columns::of(const std::string& name, double first, bool is_whole) {
  const auto known = std::ranges::find(columns_, name, [](const auto& c) -> const std::string& { return c.first; });
  if (known != columns_.end()) return known->second;
  const auto* v = known_.find(model_, name);
  const auto otherwise = v == nullptr ? std::nullopt : as_number(*v);
  const bool whole = otherwise ? v->is<std::int64_t>() : is_whole;
  columns_.emplace_back(
      name, column{std::vector<double>(elements_, otherwise.value_or(first)), otherwise && v->is<bool>(), whole});
  return columns_.back().second;
}

void parameter_columns::need(const std::vector<std::string>& names) {
  for (const auto& name : names) of(name, 0.0, false);
}

void parameter_columns::put(const std::string& name, const std::vector<std::size_t>& elements,
                            const std::vector<double>& numbers, bool is_whole) {
  if (elements.empty()) return;
  auto& to = of(name, numbers.front(), is_whole);
  to.is_whole &= is_whole;
  if (numbers.size() == elements.size())
    for (std::size_t k = 0; k < elements.size(); ++k) to.numbers[elements[k]] = numbers[k];
  else
    for (const auto element : elements) to.numbers[element] = numbers.front();
}

bool parameter_columns::column::is_uniform() const {
  return !numbers.empty() && std::ranges::adjacent_find(numbers, std::ranges::not_equal_to()) == numbers.end();
}

Value parameter_columns::column::value(std::size_t n) const {
  const std::span x(numbers.data(), n);
  if (is_flag) {
    std::vector<std::uint8_t> truths;
    for (const double number : x) truths.push_back(number != 0);
    return Booleans(std::move(truths));
  }
  if (is_whole) {
    std::vector<std::int64_t> integers;
    for (const double number : x) integers.push_back(static_cast<std::int64_t>(number));
    return Column<std::int64_t>(std::move(integers));
  }
  return Column<double>(std::vector<double>(x.begin(), x.end()));
}

Dictionary parameter_columns::all() const {
  Dictionary values;
  for (const auto& [name, column] : columns_) values[name] = column.value(elements_);
  return values;
}

Dictionary parameter_columns::alike() const {
  Dictionary values;
  for (const auto& [name, column] : columns_)
    if (column.is_uniform()) values[name] = column.value(1).element(0);
  return values;
}

std::vector<std::string> parameter_columns::different() const {
  std::vector<std::string> names;
  for (const auto& [name, column] : columns_)
    if (!column.is_uniform()) names.push_back(name);
  return names;
}

Dictionary parameter_columns::values() const {
  auto values = alike();
  for (const auto& [name, column] : columns_)
    if (!column.is_uniform()) values[name] = column.value(elements_);
  return values;
}

std::string model_name(const std::string& model_template) {
  constexpr std::string_view ours = "nest:";
  return model_template.starts_with(ours) ? model_template.substr(ours.size()) : model_template;
}

Dictionary dynamics_of(const Dictionary& type, const std::string* folder) {
  const auto* named = type.find("dynamics_params");
  if (named == nullptr) return {};
  const auto name = named->as<std::string>();
  if (folder == nullptr)
    throw error("builtins.KeyError", "the configuration has no components folder for '" + name + "'");
  return read_json((std::filesystem::path(*folder) / name).string());
}

std::vector<group_place> group_places(const hdf5_input& file, const std::string& population, const std::string& kind,
                                      std::uint64_t first, std::uint64_t count) {
  std::vector<group_place> places(count);
  const auto groups = population + "/" + kind + "_group_id", rows = population + "/" + kind + "_group_index";
  if (file.has(groups)) {
    const auto ids = file.integers(groups, first, count);
    for (std::size_t i = 0; i < count; ++i) places[i].group = ids[i];
  } else {
    std::vector<std::int64_t> there;
    for (const auto& name : file.members(population))
      if (is_group_name(name)) there.push_back(std::stoll(name));
    if (there.size() > 1)
      throw error("KernelException", "'" + file.file() + "': /" + population + " has " + std::to_string(there.size()) +
                                         " groups, but no " + kind + "_group_id");
    for (auto& place : places) place.group = there.empty() ? 0 : there.front();
  }
  const auto given = file.has(rows) ? file.integers(rows, first, count) : std::vector<std::int64_t>();
  for (std::size_t i = 0; i < count; ++i)
    places[i].row = given.empty() ? static_cast<std::int64_t>(first + i) : given[i];
  return places;
}

std::vector<group_column> group_columns(const hdf5_input& file, const std::string& population, const std::string& kind,
                                        const std::vector<group_place>& places, const default_finder& default_of) {
  std::vector<group_column> all;
  for (const auto& [group, elements] : positions_of(places.size(), [&](std::size_t i) { return places[i].group; })) {
    const auto rows = [&](std::size_t i) { return places[i].row; };
    const auto [least, most] = std::ranges::minmax(elements, {}, rows);
    const auto first = rows(least), last = rows(most);
    const auto read = [&](const std::string& name, const std::string& path) {
      file.rows(path);
      if (first < 0)
        throw error("KernelException", "'" + file.file() + "': /" + path + " has no row " + std::to_string(first));
      // Ranges are read far faster than lists of rows.
      const auto range =
          file.reals(path, static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last - first + 1));
      group_column column{name, file.is_whole(path), elements, {}};
      column.numbers.reserve(elements.size());
      for (const auto i : elements) column.numbers.push_back(range[static_cast<std::size_t>(rows(i) - first)]);
      all.push_back(std::move(column));
    };
    const auto folder = population + "/" + std::to_string(group), own = folder + "/dynamics_params";
    if (!file.has(folder) && !file.has(population + "/" + kind + "_group_id")) continue;
    file.need_group(folder);
    for (const auto& name : file.members(folder)) {
      const auto* otherwise = default_of(name);
      if (otherwise == nullptr) continue;
      if (!as_number(*otherwise))
        throw error("KernelException",
                    "'" + file.file() + "': /" + folder + "/" + name + " cannot be given: it takes more than a number");
      read(name, folder + "/" + name);
    }
    if (file.has(own)) file.need_group(own);
    for (const auto& name : file.members(own)) read(name, own + "/" + name);
  }
  return all;
}

void check_number(const std::string& file, const std::string& key, const Value& v) {
  if (!as_number(v))
    throw error("builtins.ValueError", "'" + file + "': " + key + " is a " + type_name(v) + "; it must be a number");
}

const Dictionary& type_at(const type_rows& types, std::int64_t id, const std::string& where) {
  const auto known = types.find(id);
  if (known != types.end()) return known->second;
  throw error("KernelException",
              where + " has elements of type " + std::to_string(id) + ", which its CSV file does not list");
}

}  // namespace volley::client::sonata
