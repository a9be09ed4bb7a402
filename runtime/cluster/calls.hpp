// An order or a run on its way through a cluster: who has answered, who is missing, and what comes of it.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "runtime/cluster/message.hpp"

namespace volley::runtime::cluster {

/// The votes on one order. Each VP's counts once, from the worker that holds it.
class ballot {
 public:
  ballot(std::uint64_t number, const placement& where);

  /// False for a vote that nobody waits for: of another order, of a VP that is another's, or the second of a VP.
  bool count(worker_number who, std::uint64_t number, said::votes::vote&& one);
  /// What a lost worker's VPs have not said is a refusal.
  void lose(worker_number who, const refusal& why);

  std::uint64_t number() const { return number_; }
  bool is_complete() const { return missing_ == 0; }
  /// REQUIRES: is_complete(). By VP; nothing where one has answered.
  std::vector<std::optional<refusal>> refusals() const;
  /// REQUIRES: is_complete(), and nobody has refused. By VP.
  std::vector<reply> take_replies();

 private:
  struct entry {
    worker_number of;
    bool counted = false;
    std::optional<reply> answer;
    std::optional<refusal> reason;
  };
  std::uint64_t number_;
  std::vector<entry> by_vp_;
  std::size_t missing_;
};

/// Where the workers of a run came to rest.
class finish {
 public:
  finish(std::uint64_t number, const placement& where);

  /// False for what nobody waits for.
  bool count(worker_number who, const said::rested& end);
  /// A lost worker rests nowhere: the run has failed.
  void lose(worker_number who, const refusal& why);

  bool is_complete() const { return missing_.empty(); }

  struct result {
    stop_reason why = stop_reason::reached;
    step_t now = 0;  ///< the furthest
    std::uint64_t spikes = 0;
    std::optional<refusal> failure;  ///< of a lost worker, else of the first VP by number
    update_times updates = {};
    template <class Snapshot> void snapshot(Snapshot& s) {
      s.enumerator(why, stop_reason::failed);
      s(now, spikes, failure, updates);
    }
  };
  /// REQUIRES: is_complete(). Workers that rest at different steps, or for different reasons, have failed.
  result outcome() const;

 private:
  std::uint64_t number_;
  std::set<worker_number> missing_;
  std::vector<said::rested> ends_;
  std::optional<refusal> lost_;
};

}  // namespace volley::runtime::cluster
