// What the kernel itself knows of a network, as a saved file holds it: settings, models, nodes and devices, what calls
// have drawn and connected so far. What the shards know is in their parts (runtime/shard/saved_parts.hpp).
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "runtime/kernel/network.hpp"
#include "runtime/shard/saved_parts.hpp"

namespace volley::runtime {

/// For people: what the network is. `connections`: by store.
dictionary summary_of(const network&, std::span<const std::uint64_t> connections);

std::vector<std::byte> image_of(const network&);
/// A network like the one of the image, in place of `here`: number of VPs, paths, rules for files and models of modules
/// are those of here; where it `goes_on`, as this kernel's own, paths, rules and reports are its own. Errors:
/// std::invalid_argument for what is no such image; IOError where models are not those that it was made with;
/// KernelException for what cannot be on so many VPs.
std::unique_ptr<network> network_of(std::span<const std::byte> image, const network& here, bool goes_on = false);

/// The blocks of neurons, as shards get them.
std::vector<saved_block> neurons_of(const network&);

}  // namespace volley::runtime
