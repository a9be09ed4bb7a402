// How a call goes on: it is answered, or needs something done by all shards, or a stretch of simulation. Whoever drives the
// kernel carries the steps; a loop over shards in one thread will do.
#pragma once
#include <any>
#include <exception>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/kernel/request.hpp"

namespace volley::runtime {

class shard;
struct shard_step;
struct run_step;

/// A call is answered, or goes on with a step.
using outcome = std::variant<api::answer, std::unique_ptr<shard_step>, std::unique_ptr<run_step>>;

/// Something to do on every shard at once, and how the call goes on.
struct shard_step {
  std::function<std::any(shard&)> each;                ///< may throw; shared by all shards, so it must not change
  std::function<outcome(std::vector<std::any>)> then;  ///< what `each` returned, by VP
  std::function<outcome(std::exception_ptr)> failed;   ///< some `each` threw: the first by VP. Null: the call fails
};

/// A stretch of simulation.
struct run_step {
  step_t steps = 0;
  std::function<outcome(stop_reason, step_t now, std::exception_ptr)> then;
};

/// The outcome of `first` with `then` applied to its answer, however many steps it takes.
outcome and_then(outcome first, std::function<outcome(api::answer)> then);

}  // namespace volley::runtime
