// Which receptors a node has for spikes and for currents.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/core/neuron_model.hpp"

namespace volley::runtime {

/// A neuron as connections meet it.
struct receiver {
  std::string_view name;  ///< of its model, as users know it
  std::span<const models::channel> channels;
  models::receptor_numbers numbers = models::receptor_numbers::fixed;
  std::string_view model = {};  ///< as the catalog knows it
};

/// True when it takes spikes, or currents, on this receptor.
bool has_receptor(const receiver& node, std::int64_t receptor, bool currents);

/// Errors: IllegalConnection when it takes no such events at all, IncompatibleReceptorType when the receptor is for the
/// others, or none of a list or of a series of names, UnknownReceptorType when there is none.
void check_receptor(const receiver& node, std::int64_t receptor, bool currents);

/// Errors: IllegalConnection where the receptor takes what spikes carry, and `from` is not the model of the
/// target: that of all sources, as the catalog knows it; empty where they differ or are none.
void check_payload(const receiver& node, std::int64_t receptor, std::string_view from);

/// True where each connection to the receptor makes an entry of the node.
bool makes_entry(const receiver& node, std::int64_t receptor);
/// Errors: IllegalConnection where it does. REQUIRES: the node was prepared for a run, so that its entries stay.
void check_entries_stay(const receiver& node, std::int64_t receptor);

/// Errors: IllegalConnection where a compact synapse model does not go to this receptor.
void check_compact(std::int64_t receptor);
/// The same of a target: a node of `vps` virtual processes is counted among those of its own.
bool is_compact_target(std::uint64_t id, std::uint32_t vps);
void check_compact_target(std::uint64_t id, std::uint32_t vps);

}  // namespace volley::runtime
