#include "runtime/kernel/steps.hpp"

#include <utility>

#include "runtime/base/error.hpp"

namespace volley::runtime {

api::answer done(const network& net, api::result r) { return {net.generation, std::move(r), {}}; }

api::answer failure(const network& net, std::exception_ptr reason) {
  return {net.generation, api::failed_call{std::move(reason)}, {}};
}

outcome on_shards(network& net, std::function<std::any(shard&)> each, std::function<outcome(std::vector<std::any>)> then,
                  std::function<outcome(std::exception_ptr)> failed) {
  auto step = std::make_unique<shard_step>();
  step->each = std::move(each);
  step->then = [&net, then = std::move(then)](std::vector<std::any> results) -> outcome {
    try {
      return then(std::move(results));
    } catch (...) {
      return failure(net, std::current_exception());
    }
  };
  step->failed = [&net, failed = std::move(failed)](std::exception_ptr reason) -> outcome {
    if (failed == nullptr) return failure(net, reason);
    return failed(reason);
  };
  return step;
}

outcome warned(const unknown_keys& unknown, outcome next) {
  if (unknown.warnings().empty()) return next;
  return and_then(std::move(next), [texts = unknown.warnings()](api::answer a) -> outcome {
    for (const auto& text : texts) a.log.push_back({api::log_warning, text});
    return a;
  });
}

void require_alive(const network& net) {
  if (net.inconsistent)
    throw api_error(error_kind::KernelException, "the kernel is inconsistent after a failed run; call ResetKernel");
}

void check_nodes(const network& net, const node_set& nodes, const char* what) { net.nodes.check(nodes, net.generation, what); }

std::uint32_t next_call(network& net) { return ++net.calls; }

}  // namespace volley::runtime
