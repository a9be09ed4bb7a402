#include "client/cpp/sonata/node_sets.hpp"

#include <algorithm>
#include <filesystem>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/json.hpp"

namespace volley::client::sonata {
namespace {

std::string shown(const Value& what) {
  const auto* text = what.get_if<std::string>();
  return text != nullptr ? "'" + *text + "'" : std::string("a ") + type_name(what);
}

std::vector<std::int64_t> ascending(const Value& ids) {
  std::vector<std::int64_t> all;
  if (const auto* one = ids.get_if<std::int64_t>())
    all = {*one};
  else if (!ids.is<EmptyVector>())
    for (const auto id : ids.as<Column<std::int64_t>>()) all.push_back(id);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

bool chosen_nodes::has(std::int64_t id) const { return !ids || std::ranges::binary_search(*ids, id); }

Dictionary read_node_sets(const Dictionary& config) {
  const auto* file = find_text(config, "node_sets_file");
  return file != nullptr && std::filesystem::exists(*file) ? read_json(*file) : Dictionary();
}

chosen_nodes node_set(const Value& what, const Dictionary& known) {
  const auto* name = what.get_if<std::string>();
  const auto* entry = name != nullptr ? known.find(*name) : nullptr;
  const Value& meant = entry != nullptr ? *entry : what;
  if (const auto* population = meant.get_if<std::string>()) return {*population, {}};
  const auto* d = meant.get_if<Dictionary>();
  const auto is_known = [](const auto& e) {
    return e.first == "population" || e.first == "node_id" || e.first == "node_ids";
  };
  if (d == nullptr || !d->contains("population") || !std::all_of(d->begin(), d->end(), is_known))
    throw error("builtins.ValueError",
                "the node set " + shown(what) + " is not given by a population and ids of its nodes");
  chosen_nodes chosen{text_at(*d, "population"), {}};
  for (const char* key : {"node_ids", "node_id"})
    if (const auto* ids = d->find(key)) chosen.ids = ascending(*ids);
  return chosen;
}

}  // namespace volley::client::sonata
