#include "runtime/connections/receptor_rules.hpp"

#include <algorithm>
#include <string>

#include "models/core/synapse_model.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {

bool has_receptor(const receiver& node, std::int64_t receptor, bool currents) {
  return std::ranges::any_of(node.channels, [&](const models::channel& channel) {
    return channel.receptor == receptor && channel.is_current() == currents;
  });
}

namespace {

bool is_one_of_others(const receiver& node, std::int64_t receptor, bool currents) {
  using models::receptor_numbers;
  if (node.numbers == receptor_numbers::listed && !currents) return true;
  if (node.numbers != receptor_numbers::named) return has_receptor(node, receptor, !currents);
  // Where all receptors have names, numbers are those of one series, with 0 before it.
  const auto [low, high] = std::ranges::minmax(node.channels, {}, &models::channel::receptor);
  return low.receptor > 0 && receptor >= 0 && receptor <= high.receptor;
}

}  // namespace

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
  throw api_error(is_one_of_others(node, receptor, currents) ? error_kind::IncompatibleReceptorType
                                                             : error_kind::UnknownReceptorType,
                  "Connect: receptor_type = " + std::to_string(receptor) + ": a " + name + " takes " + events +
                      " on receptor " + receptors + " only");
}

void check_payload(const receiver& node, std::int64_t receptor, std::string_view from) {
  const auto takes_it = [&](const models::channel& channel) {
    return channel.receptor == receptor && channel.form == models::input_form::payload;
  };
  if (from == node.model || std::ranges::none_of(node.channels, takes_it)) return;
  throw api_error(error_kind::IllegalConnection, "Creation of connection is not possible: receptor " +
                                                     std::to_string(receptor) + " of a " + std::string(node.name) +
                                                     " takes what spikes of a " + std::string(node.model) +
                                                     " carry; no others can end there");
}

bool makes_entry(const receiver& node, std::int64_t receptor) {
  return std::ranges::any_of(node.channels, [&](const models::channel& channel) {
    return channel.receptor == receptor && channel.makes_entry;
  });
}

void check_entries_stay(const receiver& node, std::int64_t receptor) {
  if (makes_entry(node, receptor))
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: receptor " + std::to_string(receptor) + " of a " +
                        std::string(node.name) + " has variables of each connection; connect before it is simulated");
}

void check_compact(std::int64_t receptor) {
  if (receptor != 0)
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: receptor_type = " + std::to_string(receptor) +
                        ": compact synapse models (_hpc) end on receptor 0 only");
}

bool is_compact_target(std::uint64_t id, std::uint32_t vps) { return (id - 1) / vps < models::compact_targets; }

void check_compact_target(std::uint64_t id, std::uint32_t vps) {
  if (!is_compact_target(id, vps))
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: node " + std::to_string(id) +
                        ": compact synapse models (_hpc) end on the first " + std::to_string(models::compact_targets) +
                        " nodes of a virtual process only");
}

}  // namespace volley::runtime
