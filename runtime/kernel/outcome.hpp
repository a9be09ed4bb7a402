// How a call goes on: it is answered, or needs something done by all shards, or a stretch of simulation. Whoever drives
// the kernel carries the steps; a loop over shards in one thread will do.
#pragma once
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/update_times.hpp"
#include "runtime/kernel/request.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/order.hpp"
#include "runtime/shard/ranked.hpp"

namespace volley::runtime {

struct order_step;
struct run_step;
struct module_step;

/// A call is answered, or goes on with a step.
using outcome =
    std::variant<api::answer, std::unique_ptr<order_step>, std::unique_ptr<run_step>, std::unique_ptr<module_step>>;

/// An order to all shards at once, and how the call goes on. A change that all have tried without refusing is kept by
/// all before the call goes on; otherwise all drop it.
struct order_step {
  std::shared_ptr<const order> what;
  std::function<outcome(std::vector<reply>)> then;  ///< the replies that are heard, by VP
  std::function<outcome(const refusal&)> refused;   ///< some shard refused: first_refusal() of all
  audience heard_by = audience::all;
};

/// Of the refusals of several shards (by VP; nothing where one obeyed) the one that is told, whatever the layout. Null:
/// none.
const refusal* first_refusal(const std::vector<std::optional<refusal>>& by_vp);

/// A stretch of simulation.
struct run_step {
  step_t steps = 0;                   ///< 0: the spikes of the interval before are delivered, no more
  step_t run_begin = 0, run_end = 0;  ///< of the whole run, which may take several stretches
  update_times* times = nullptr;      ///< of the network, which gets those of the run and has the limit
  std::function<outcome(stop_reason, step_t now, std::exception_ptr)> then;
};

/// All processes that hold shards, or may, load these modules; this one has done so. The next shards will have them.
struct module_step {
  std::vector<module_name> all;  ///< of the kernel, those that are loaded among them
  bool all_must = true;          ///< one that cannot is a refusal; else it gets no shards of this kernel
  std::function<outcome()> then;
  std::function<outcome(const refusal&)> refused;
};

/// The outcome of `first` with `then` applied to its answer, however many steps it takes.
outcome and_then(outcome first, std::function<outcome(api::answer)> then);

}  // namespace volley::runtime
