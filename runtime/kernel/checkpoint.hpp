// A network that goes on after the end of its process: what it was is saved by the parts of Save, also while a run
// rests, and comes back with its settings in a fresh kernel.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/network_files.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime {

/// What must be known of a kernel before its network can be loaded.
struct kept_kernel {
  std::uint32_t vps = 1;
  std::uint64_t generation = 1;
  std::vector<module_name> modules;
  template <class Snapshot> void snapshot(Snapshot& s) { s(vps, generation, modules); }
};

// saving.cpp

/// Errors: those of Save.
outcome save_checkpoint(network&, std::unique_ptr<network_writer> to);
/// In place of an empty network. Errors: those of Load, and of Install. Where it fails the network is empty.
outcome load_checkpoint(network&, const kept_kernel& as, std::unique_ptr<network_reader> from);

// run.cpp

/// The run that rested when the network was saved goes on; it is that of `call`, Run or Simulate.
outcome resume(network&, const api::request& call, step_t run_begin, step_t run_end);

}  // namespace volley::runtime
