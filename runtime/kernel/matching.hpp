// Which calls all ranks of a network have to make, in the same order, and which each makes by itself.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/request.hpp"

namespace volley::runtime {

/// True for a call that all ranks make. Questions, and new values of neurons and connections, are a rank's own: scripts
/// ask for its part, and set its part. GetNodes asks all where it looks for what shards know, but for nodes of one
/// rank.
bool is_matched(const network&, const api::request&);

/// True for a call that may fail on one rank alone when all shards have obeyed: with files, or with pairs of its own.
bool fails_alone(const api::request&);

/// The call as users write it, in short: Create("iaf_psc_alpha", 100).
std::string text_of(const api::request&);

/// Of a call to which each rank has arguments of its own, by what all have to say alike; nothing: they say all alike.
std::optional<std::uint64_t> common_digest(const api::request&);

/// Of what a network has become by the calls so far: kernels that have obeyed the same calls have the same.
std::uint64_t digest_of(const network&);

}  // namespace volley::runtime
