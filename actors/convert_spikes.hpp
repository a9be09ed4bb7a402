// Batches of spikes: built once by their sender as one Cap'n Proto message, read in place by every VP of the process.
#pragma once
#include <cstdint>
#include <vector>

#include "protocol/words.hpp"
#include "runtime/delivery/spike_batch.hpp"

namespace volley::actors {

/// The message, which also travels between processes as it is, and its columns.
struct shared_batch {
  protocol::body words;
  runtime::batch_view view;  ///< lies in `words`
  std::uint32_t vp = 0;
  std::uint64_t interval = 0;
};

shared_batch share_batch(std::uint32_t vp, std::uint64_t interval, const runtime::spike_batch& from);

/// Throws protocol::malformed when the columns do not fit each other.
shared_batch read_batch(protocol::body words);

/// Messages back to back, each in place. Throws protocol::malformed.
std::vector<shared_batch> read_batches(const protocol::body& all);

}  // namespace volley::actors
