// Answers, and steps over all shards.
#pragma once
#include "runtime/base/unknown_keys.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

api::answer done(const network&, api::result r = {});
api::answer failure(const network&, std::exception_ptr reason);

/// A step whose continuation may throw. Without `failed` the call fails with what a shard threw.
outcome on_shards(network&, std::function<std::any(shard&)> each, std::function<outcome(std::vector<std::any>)> then,
                  std::function<outcome(std::exception_ptr)> failed = nullptr);

/// `next`, whose answer tells of the keys that nobody knew.
outcome warned(const unknown_keys& unknown, outcome next);

/// Errors: KernelException after a failed run.
void require_alive(const network&);

/// Errors: those of node_table::check.
void check_nodes(const network&, const node_set& nodes, const char* what);

std::uint32_t next_call(network&);

}  // namespace volley::runtime
