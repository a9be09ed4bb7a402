// Answers, and steps over all shards.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

api::answer done(const network&, api::result r = {});
api::answer failure(const network&, std::exception_ptr reason);

/// A step whose continuation may throw. Without `refused` the call fails with the refusal. Replies to calls of this
/// rank alone are its own, whatever `heard_by` says.
outcome tell_shards(network&, order what, std::function<outcome(std::vector<reply>)> then,
                    std::function<outcome(const refusal&)> refused = nullptr, audience heard_by = audience::all);
outcome tell_shards(network&, std::shared_ptr<const order> what, std::function<outcome(std::vector<reply>)> then,
                    std::function<outcome(const refusal&)> refused = nullptr, audience heard_by = audience::all);
/// The call fails with the refusal; with `text` where the machine had no memory.
std::function<outcome(const refusal&)> fails_without_memory(network&, std::string text);

/// Connections and spikes of this rank's shards, delays of all that replied.
replies::tally summed(const network&, const std::vector<reply>& tallies);
/// Those of this rank's shards, among the replies that it heard.
std::vector<const reply*> own_replies(const network&, const std::vector<reply>& replies);
/// Shards have counted their connections.
void note_connections(network&, const std::vector<reply>& tallies);

/// `next`, whose answer tells of the keys that nobody knew, unless it is a refusal.
outcome warned(const unknown_keys& unknown, outcome next);

/// Errors: KernelException where a shard is lost.
void require_alive(const network&);
/// Errors: KernelException there, and after a failed run.
void require_runnable(const network&);

/// Errors: those of node_table::check.
void check_nodes(const network&, const node_set& nodes, const char* what);

std::uint32_t next_call(network&);

}  // namespace volley::runtime
