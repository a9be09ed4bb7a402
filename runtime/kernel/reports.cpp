#include "runtime/kernel/reports.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/steps.hpp"

namespace volley::runtime {
namespace {

/// The unit of what a meter samples, as the first model that has it says.
std::string unit_of(const network& net, const std::string& quantity) {
  for (const auto& model : net.models.nodes()) {
    if (model.neuron() == nullptr) continue;
    for (const auto& f : model.neuron()->model().fields)
      if (f.is_recordable && f.name == quantity) return std::string(f.unit);
  }
  return {};
}

report_plan plan_of(const network& net, const device_entry& entry) {
  const auto spec = recorder_of(net, entry);
  const auto& r = recording_of(entry.params);
  report_plan plan;
  plan.samples = spec.kind == recorder_kind::samples;
  plan.interval = std::max<step_t>(1, spec.interval);
  if (!spec.quantities.empty()) plan.unit = unit_of(net, spec.quantities.front());
  plan.populations = r.populations;
  plan.first_nodes.assign(r.first_nodes.begin(), r.first_nodes.end());
  return plan;
}

/// Opens the recorder's report: one that it goes on with, or a new one.
void open(network& net, const device_entry& entry) {
  auto& files = *net.options.files;
  auto& reports = net.devices.reports[entry.as_recorder()];
  reports.is_open = true;
  if (!net.options.rank.is_first()) return;
  reports.path = file_names(net, entry).front();
  auto plan = plan_of(net, entry);
  const auto known = reports.by_path.find(reports.path);
  const bool goes_on = known != reports.by_path.end() && known->second.plan() == plan;
  reports.file = goes_on ? files.go_on(reports.path) : nullptr;
  if (reports.file != nullptr) return;
  reports.file = files.open(reports.path, net.settings.overwrite_files || net.options.replays);
  reports.by_path.insert_or_assign(reports.path, sonata_report(std::move(plan)));
}

std::vector<device_entry*> reporters(network& net) {
  std::vector<device_entry*> some;
  for (auto& entry : net.devices.entries)
    if (writes_report(entry.params)) some.push_back(&entry);
  return some;
}

/// Shards forget what was written.
outcome forget_events(network& net, const std::vector<device_entry*>& written, std::function<outcome()> then) {
  orders::set_nodes change;
  change.now = net.now;
  change.now_ms = net.settings.time.to_ms(net.now);
  for (const auto* entry : written) change.recorders.push_back({entry->as_recorder(), recorder_of(net, *entry), true});
  return tell_shards(net, std::move(change), [=](std::vector<reply>) -> outcome { return then(); });
}

bool is_open(const network& net, const device_entry& entry) {
  const auto found = net.devices.reports.find(entry.as_recorder());
  return found != net.devices.reports.end() && found->second.is_open;
}

/// A recorder's report gets its events on all VPs, also where it cannot be saved. Errors: IOError.
void write_report(network& net, const device_entry& entry, const std::vector<replies::events::share>& shares) {
  std::vector<const event_log*> logs;
  std::uint64_t kept = 0;
  for (const auto& share : shares) {
    logs.push_back(share.log.get());
    kept += share.log->size();
  }
  auto& reports = net.devices.reports.at(entry.as_recorder());
  auto& report = reports.by_path.at(reports.path);
  if (kept != 0) report.add(logs, net.settings.time);
  if (!report.is_saved()) report.save(*reports.file);
}

}  // namespace

void open_reports(network& net) {
  try {
    for (const auto* entry : reporters(net)) open(net, *entry);
  } catch (...) {
    close_reports(net);
    throw;
  }
}

bool has_open_reports(const network& net) {
  return std::ranges::any_of(net.devices.reports, [](const auto& one) { return one.second.is_open; });
}

outcome write_reports(network& net, std::function<outcome()> then) {
  auto all = reporters(net);
  std::erase_if(all, [&net](const auto* entry) { return !is_open(net, *entry); });
  if (all.empty()) return then();
  orders::read_events question;
  for (const auto* entry : all) question.recorders.push_back(entry->as_recorder());
  const auto write = [=, &net](std::vector<reply> replies) -> outcome {
    std::exception_ptr refused;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const auto* one : own_replies(net, replies))
        all[i]->n_reported += std::get<replies::events>(*one).shares.at(i).recorded;
      if (!net.options.rank.is_first()) continue;
      std::vector<replies::events::share> shares;
      for (const auto& one : replies) shares.push_back(std::get<replies::events>(one).shares.at(i));
      try {
        write_report(net, *all[i], shares);
      } catch (const api_error&) {
        if (refused == nullptr) refused = std::current_exception();
      }
    }
    return forget_events(net, all,
                         [=, &net]() -> outcome { return refused == nullptr ? then() : failure(net, refused); });
  };
  return tell_shards(net, std::move(question), write, nullptr, audience::first);
}

void reopen_reports(network& net) {
  for (auto& [recorder, reports] : net.devices.reports) {
    if (!reports.is_open) continue;
    reports.file = net.options.files->go_on(reports.path);
    if (reports.file == nullptr)
      throw api_error(error_kind::IOError, "\"" + reports.path + "\" is there no more, and had what was recorded");
  }
}

void close_reports(network& net) {
  for (auto& [position, reports] : net.devices.reports) {
    reports.is_open = false;
    reports.file.reset();
  }
}

}  // namespace volley::runtime
