// A walk over everything a message says, by its schema: what a reader of any part of it could meet.
#pragma once
#include <capnp/dynamic.h>

#include <cstdint>

namespace volley::protocol::fuzz {

/// Reads every field of `message`, every entry of its lists and every byte of its texts and data. Returns a sum over
/// what was read, so that no read is optimised away, and counts the reads in `visited`. Throws kj::Exception,
/// malformed.
std::uint64_t walk(capnp::DynamicStruct::Reader message, std::uint64_t& visited);

}  // namespace volley::protocol::fuzz
