// What a process of this build says of itself to others of its cluster.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/cluster/admission.hpp"

namespace volley::actors {

/// SHA-256 of this program's file, as hexadecimal digits. Throws std::runtime_error when it cannot be read.
std::string build_of_program();

/// Without address and port.
runtime::cluster::worker_card own_card(std::size_t lanes, std::uint64_t memory_limit);

}  // namespace volley::actors
