#include "runtime/kernel/outcome.hpp"

#include <utility>

namespace volley::runtime {

outcome and_then(outcome first, std::function<outcome(api::answer)> then) {
  if (auto* a = std::get_if<api::answer>(&first)) return then(std::move(*a));
  if (auto* s = std::get_if<std::unique_ptr<shard_step>>(&first)) {
    (*s)->then = [inner = std::move((*s)->then), then](std::vector<std::any> results) {
      return and_then(inner(std::move(results)), then);
    };
    (*s)->failed = [inner = std::move((*s)->failed), then](std::exception_ptr reason) { return and_then(inner(reason), then); };
    return first;
  }
  auto& r = std::get<std::unique_ptr<run_step>>(first);
  r->then = [inner = std::move(r->then), then](stop_reason why, step_t now, std::exception_ptr reason) {
    return and_then(inner(why, now, reason), then);
  };
  return first;
}

}  // namespace volley::runtime
