#include "client/cpp/sonata/reports.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/node_sets.hpp"

namespace volley::client::sonata {
namespace {

constexpr std::array<std::string_view, 3> modules{"membrane_report", "multimeter_report", "soma_report"};

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : (std::filesystem::path(folder) / name).string();
}

/// Parameters of a recorder that writes a file. The nodes of a population have consecutive ids.
Dictionary file_of(const std::string& name, const populations& nodes) {
  std::vector<std::pair<std::int64_t, std::string>> first;
  for (const auto& [population, some] : nodes)
    if (!some.empty()) first.emplace_back(static_cast<std::int64_t>(some.id(0)), population);
  std::ranges::sort(first);
  std::vector<std::string> names;
  std::vector<std::int64_t> ids;
  for (const auto& [id, population] : first) {
    ids.push_back(id);
    names.push_back(population);
  }
  return {{"record_to", "sonata"},
          {"file_name", name},
          {"populations", std::move(names)},
          {"first_nodes", Column<std::int64_t>(std::move(ids))}};
}

NodeCollection record_spikes(Session& session, const Dictionary& output, const std::string& folder,
                             const populations& nodes) {
  const auto* order = find_text(output, "spikes_sort_order");
  if (order != nullptr && *order != "time" && *order != "by_time" && *order != "none")
    throw error("builtins.ValueError",
                "spikes are written in the order of time; spikes_sort_order '" + *order + "' is not supported");
  populations cells;
  for (const auto& [name, some] : nodes)
    if (!some.empty() && session.describe(some).front().model != "spike_train_injector") cells[name] = some;
  const auto recorder =
      session.Create("spike_recorder", 1, file_of(joined(folder, text_at(output, "spikes_file")), cells));
  for (const auto& [name, some] : cells) session.Connect(some, recorder);
  return recorder;
}

std::vector<std::string> quantities(const Value& named) {
  if (const auto* one = named.get_if<std::string>()) return {*one};
  std::vector<std::string> all;
  for (const auto& v : named.as<std::vector<Value>>()) all.push_back(v.as<std::string>());
  return all;
}

NodeCollection record_samples(Session& session, const std::string& name, const Dictionary& report,
                              const std::string& folder, double dt, const populations& nodes,
                              const chosen_nodes& cells) {
  const auto* module = find_text(report, "module");
  if (module != nullptr && std::ranges::find(modules, std::string_view(*module)) == modules.end())
    throw error("builtins.ValueError", "the report '" + name + "' is of the module '" + *module +
                                           "'; there are membrane_report, multimeter_report, soma_report");
  const auto known = nodes.find(cells.population);
  if (known == nodes.end())
    throw error("builtins.KeyError", "the report '" + name + "' is of '" + cells.population +
                                         "', which is neither a node set nor a population");
  const auto* file = find_text(report, "file_name");
  auto params = file_of(joined(folder, file == nullptr ? name + ".h5" : *file), {*known});
  params["record_from"] = quantities(report.at("variable_name"));
  params["interval"] = report.contains("dt") ? number_at(report, "dt") : dt;
  params["start"] = report.contains("start_time") ? number_at(report, "start_time") : 0.0;
  if (report.contains("end_time")) params["stop"] = number_at(report, "end_time");
  const auto meter = session.Create("multimeter", 1, params);
  session.Connect(meter, cells.ids ? known->second.select(*cells.ids) : known->second);
  return meter;
}

}  // namespace

populations make_recorders(Session& session, const Dictionary& config, const populations& nodes) {
  const auto* told = find_dictionary(config, "output");
  const Dictionary output = told == nullptr ? Dictionary() : *told;
  const auto* folder_name = find_text(output, "output_dir");
  const std::string folder = folder_name == nullptr ? "" : *folder_name;
  if (!folder.empty()) std::filesystem::create_directories(folder);
  if (truth_or(output, "overwrite_output_dir", false)) session.SetKernelStatus({{"overwrite_files", true}});
  populations made;
  if (output.contains("spikes_file")) made["spikes"] = record_spikes(session, output, folder, nodes);
  const auto* reports = find_dictionary(config, "reports");
  if (reports == nullptr) return made;
  const auto known = read_node_sets(config);
  const auto dt = number_at(dictionary_at(config, "run"), "dt");
  for (const auto& [name, described] : *reports) {
    const auto report = described.as<Dictionary>();
    if (truth_or(report, "enabled", true))
      made[name] = record_samples(session, name, report, folder, dt, nodes, node_set(report.at("cells"), known));
  }
  return made;
}

}  // namespace volley::client::sonata
