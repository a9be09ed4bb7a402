// The first words between ranks: each says what it is, and the first one compares. Ranks of another build, or whose
// processor computes other bits, cannot simulate one network.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/rank_lifeline.hpp"
#include "actors/rank_post.hpp"
#include "runtime/cluster/admission.hpp"

namespace volley::actors {

/// Which process a rank is.
struct rank_card {
  runtime::cluster::worker_card build;
  std::string host;
  /// "process 123 on HOST"
  std::string name() const;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(build.protocol, build.release, build.build, build.digest, build.process, host);
  }
};

/// Of this process. What it was built from is told by the file that has this code.
rank_card own_rank_card();

struct rank_greeting {
  std::vector<rank_card> ranks;  ///< of the first rank: all, by number; of others: none
  rank_door door;                ///< of others: to the first
};

/// Waits until all ranks have greeted. The first one opens `door` for the others. `note` is called when some have not
/// come for long. Throws std::runtime_error when one does not fit, or does not come.
rank_greeting greet(rank_post& post, const rank_card& mine, const std::function<rank_door()>& door,
                    std::chrono::milliseconds note_after, std::chrono::milliseconds give_up_after,
                    const std::function<void(const std::string&)>& note);

}  // namespace volley::actors
