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

std::vector<std::string> file_names(const network& net, const device_entry& entry) {
  const auto& r = recording_of(entry.params);
  const auto padded = [](std::uint64_t n, std::uint64_t as_wide_as) {
    const auto text = std::to_string(n), widest = std::to_string(as_wide_as);
    return std::string(widest.size() - std::min(text.size(), widest.size()), '0') + text;
  };
  std::vector<std::string> names;
  for (std::uint32_t vp = 0; vp < net.n_vps(); ++vp) {
    std::string path = net.settings.data_path.empty() ? "" : net.settings.data_path + "/";
    path.append(net.settings.data_prefix).append(r.label.empty() ? net.models.node(entry.model).name : r.label);
    path.append(1, '-')
        .append(padded(entry.id, entry.nodes_when_enrolled))
        .append(1, '-')
        .append(padded(vp, net.n_vps()));
    path.append(1, '.').append(r.file_extension);
    names.push_back(std::move(path));
  }
  return names;
}

}  // namespace volley::runtime
