// The workers of a server, and the kernels that they compute. All kernels use all workers; what is said of a kernel has
// its epoch in the fence. A worker that one kernel has lost is lost to all. One that is drained goes when the last
// kernel that has it lets go of it.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "actors/messages.hpp"
#include "actors/worker_outlet.hpp"
#include "runtime/cluster/message.hpp"

namespace volley::actors {

/// Thread safety: any thread. Nothing here waits.
class fleet {
 public:
  using worker_number = runtime::cluster::worker_number;

  // ---- what happens to workers

  /// One was let in. REQUIRES: a number nobody has had.
  void join(worker_number who, std::shared_ptr<const runtime::cluster::worker_card> card,
            std::shared_ptr<worker_outlet> way);
  /// It says this.
  void report(worker_number who, runtime::cluster::report_message what);
  /// Its connection ended.
  void close(worker_number who, const std::string& why);
  /// Its VPs go to others, then it does. No kernel gets it any more. False, and it stays, for the last one, where one
  /// is to stay.
  bool drain(worker_number who, bool one_stays);
  /// The server ends: all are told goodbye, whatever they compute.
  void end();

  // ---- what happens to kernels, by their epochs

  /// It is told of all workers that there are and that stay.
  void add(std::uint64_t kernel, supervisor_actor supervisor);
  /// Workers end what they compute for it.
  void remove(std::uint64_t kernel);
  /// A coordinator's put_out: told::drained, where it lets go of a worker, or why it has lost it.
  void put_out(std::uint64_t kernel, worker_number who, const std::string& why);

 private:
  struct worker {
    std::shared_ptr<const runtime::cluster::worker_card> card;
    std::shared_ptr<worker_outlet> way;
    std::set<std::uint64_t> kernels = {};  // that know it and have not let go of it
    bool drains = false;
  };
  using workers = std::map<worker_number, worker>;

  template <class News> void tell(const worker& one, const News& news) const;
  void introduce(worker_number who, worker& to, std::uint64_t kernel) const;
  void let_go(workers::iterator one, std::uint64_t kernel);

  std::mutex mutex_;  // guards the following, and keeps news in their order
  workers workers_;
  std::map<std::uint64_t, supervisor_actor> kernels_;
};

}  // namespace volley::actors
