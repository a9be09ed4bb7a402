#include "runtime/kernel/outcome.hpp"

#include <utility>

namespace volley::runtime {

const refusal* first_refusal(const std::vector<std::optional<refusal>>& by_vp) {
  const refusal* first = nullptr;
  for (const auto& one : by_vp)
    if (one && (first == nullptr || one->place < first->place)) first = &*one;
  return first;
}

outcome and_then(outcome first, std::function<outcome(api::answer)> then) {
  if (auto* a = std::get_if<api::answer>(&first)) return then(std::move(*a));
  if (auto* s = std::get_if<std::unique_ptr<order_step>>(&first)) {
    (*s)->then = [inner = std::move((*s)->then), then](std::vector<reply> replies) {
      return and_then(inner(std::move(replies)), then);
    };
    (*s)->refused = [inner = std::move((*s)->refused), then](const refusal& why) { return and_then(inner(why), then); };
    return first;
  }
  if (auto* m = std::get_if<std::unique_ptr<module_step>>(&first)) {
    (*m)->then = [inner = std::move((*m)->then), then] { return and_then(inner(), then); };
    (*m)->refused = [inner = std::move((*m)->refused), then](const refusal& why) { return and_then(inner(why), then); };
    return first;
  }
  auto& r = std::get<std::unique_ptr<run_step>>(first);
  r->then = [inner = std::move(r->then), then](stop_reason why, step_t now, std::exception_ptr reason) {
    return and_then(inner(why, now, reason), then);
  };
  return first;
}

}  // namespace volley::runtime
