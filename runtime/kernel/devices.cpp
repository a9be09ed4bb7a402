#include "runtime/kernel/devices.hpp"

#include <algorithm>

namespace volley::runtime {

device_entry* find_device(network& net, std::uint64_t id) {
  const auto& block = net.nodes.block_of(id);
  return block.device < 0 ? nullptr : &net.devices.entries[static_cast<std::size_t>(block.device) + (id - block.first)];
}

const device_entry* find_device(const network& net, std::uint64_t id) { return find_device(const_cast<network&>(net), id); }

device_context context(const network& net, const device_entry* entry) {
  return {net.settings.time, net.now, net.prepared, net.simulated, entry != nullptr && entry->connected};
}

recorder_spec recorder_of(const network& net, const device_entry& entry) {
  auto spec = make_recorder(entry.id, entry.params, net.settings.time);
  spec.frozen = entry.frozen;
  return spec;
}

stimulator stimulator_of(const network& net, const device_entry& entry) {
  auto s = make_stimulator(entry.id, entry.params, net.settings.time);
  s.frozen = entry.frozen;
  return s;
}

bool device_emits_currents(const network& net, const device_entry& entry) {
  return !is_recorder(entry.params) && make_stimulator(entry.id, entry.params, net.settings.time).emits_currents();
}

std::vector<std::string> recordables_of(const attributes& a) {
  std::vector<std::string> names;
  for (const auto& f : a.model().fields)
    if (f.is_recordable) names.emplace_back(f.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> file_names(const network& net, const device_entry& entry) {
  const auto& r = recording_of(entry.params);
  const auto digits = [](std::uint64_t n) { return static_cast<int>(std::to_string(n).size()); };
  const auto padded = [](std::uint64_t n, int width) {
    auto text = std::to_string(n);
    return std::string(static_cast<std::size_t>(std::max(0, width - static_cast<int>(text.size()))), '0') + text;
  };
  std::vector<std::string> names;
  for (std::uint32_t vp = 0; vp < net.n_vps(); ++vp) {
    std::string path = net.settings.data_path.empty() ? "" : net.settings.data_path + "/";
    path.append(net.settings.data_prefix).append(r.label.empty() ? net.models.node(entry.model).name : r.label);
    path.append(1, '-').append(padded(entry.id, digits(net.nodes.size()))).append(1, '-').append(padded(vp, digits(net.n_vps()))).append(1, '.').append(r.file_extension);
    names.push_back(std::move(path));
  }
  return names;
}

}  // namespace volley::runtime
