#include "runtime/kernel/devices.hpp"

#include <algorithm>

namespace volley::runtime {

device_entry* find_device(network& net, std::uint64_t id) {
  const auto& block = net.nodes.block_of(id);
  return block.device < 0 ? nullptr : &net.devices.entries[static_cast<std::size_t>(block.device) + (id - block.first)];
}

const device_entry* find_device(const network& net, std::uint64_t id) {
  return find_device(const_cast<network&>(net), id);
}

device_context context(const network& net, const device_entry* entry) {
  device_context c{net.settings.time, net.now, net.state == run_state::prepared, net.has_run};
  c.n_nodes = net.nodes.size();
  c.generation = net.generation;
  c.is_model = entry == nullptr;
  if (c.is_model) return c;
  c.connected = entry->connected;
  c.exists = entry->id <= net.nodes.size();
  c.frozen = entry->frozen;
  return c;
}

recorder_spec recorder_of(const network& net, const device_entry& entry) {
  auto spec = make_recorder(entry.id, entry.params, net.settings.time);
  spec.frozen = entry.frozen;
  return spec;
}

stimulator stimulator_of(const network& net, const device_entry& entry) {
  return {entry.id, entry.params, net.settings.time, entry.frozen};
}

device_params params_at(const network& net, const device_entry& entry, step_t now) {
  const auto& time = net.settings.time;
  auto params = entry.params;
  advance(params, time.to_ms(now), time.to_ms(stimulator_of(net, entry).active_updates(net.clocked, now)));
  return params;
}

namespace {

/// The number with as many digits as another.
std::string padded(std::uint64_t n, std::uint64_t as_wide_as) {
  const auto text = std::to_string(n), widest = std::to_string(as_wide_as);
  return std::string(widest.size() - std::min(text.size(), widest.size()), '0') + text;
}

/// In the folder of recorded data.
std::string in_data_path(const network& net, const std::string& name) {
  const bool stays = net.settings.data_path.empty() || name.starts_with('/');
  return stays ? name : net.settings.data_path + "/" + name;
}

}  // namespace

std::vector<std::string> file_names(const network& net, const device_entry& entry) {
  const auto& r = recording_of(entry.params);
  const auto stem = net.settings.data_prefix + (r.label.empty() ? net.models.node(entry.model).name : r.label) + "-" +
                    padded(entry.id, entry.nodes_when_enrolled);
  if (writes_report(r)) return {in_data_path(net, r.file_name.empty() ? stem + ".h5" : r.file_name)};
  std::vector<std::string> names;
  for (std::uint32_t vp = 0; vp < net.n_vps(); ++vp)
    names.push_back(in_data_path(net, stem + "-" + padded(vp, net.n_vps()) + "." + r.file_extension));
  return names;
}

std::vector<std::string> own_file_names(const network& net, const device_entry& entry) {
  auto all = file_names(net, entry);
  if (writes_report(recording_of(entry.params))) return all;
  std::vector<std::string> names;
  for (std::uint32_t vp = net.options.rank.number; vp < net.n_vps(); vp += net.options.rank.count)
    names.push_back(std::move(all[vp]));
  return names;
}

}  // namespace volley::runtime
