#include "runtime/connections/receptor_rules.hpp"

#include <algorithm>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {

bool has_receptor(const receiver& node, std::int64_t receptor, bool currents) {
  return std::ranges::any_of(node.channels, [&](const models::channel& channel) {
    return channel.receptor == receptor && channel.is_current() == currents;
  });
}

void check_receptor(const receiver& node, std::int64_t receptor, bool currents) {
  if (has_receptor(node, receptor, currents)) return;
  const std::string name(node.name);
  std::string receptors;
  for (const auto& channel : node.channels)
    if (channel.is_current() == currents)
      receptors += (receptors.empty() ? "" : ", ") + std::to_string(channel.receptor);
  const std::string events = currents ? "currents" : "spikes";
  if (receptors.empty())
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: a " + name + " takes no " + events);
  throw api_error(
      has_receptor(node, receptor, !currents) ? error_kind::IncompatibleReceptorType : error_kind::UnknownReceptorType,
      "Connect: receptor_type = " + std::to_string(receptor) + ": a " + name + " takes " + events + " on receptor " +
          receptors + " only");
}

}  // namespace volley::runtime
