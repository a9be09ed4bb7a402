// How one shard does what it is told.
#pragma once
#include "runtime/shard/order.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

/// Work is done, a question answered, a change tried: everything of it that can be refused. Throws what speaks against
/// it; what was tried is taken back then. REQUIRES: the change before was kept or dropped; positions that the order
/// names exist, else broken_contract.
reply obey(shard& s, const order& what);

/// After a change was tried: does the rest of it, which nobody can refuse. Failing is the end of the shard.
void keep(shard& s, const order& what);
/// After a change was tried: as if it had not been.
void drop(shard& s, const order& what);

}  // namespace volley::runtime
