#include "runtime/kernel/steps.hpp"

#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {

api::answer done(const network& net, api::result r) { return {net.generation, std::move(r), {}}; }

api::answer failure(const network& net, std::exception_ptr reason) {
  return {net.generation, api::failed_call{std::move(reason)}, {}};
}

outcome tell_shards(network& net, order what, std::function<outcome(std::vector<reply>)> then,
                    std::function<outcome(const refusal&)> refused, audience heard_by) {
  return tell_shards(net, std::make_shared<const order>(std::move(what)), std::move(then), std::move(refused),
                     heard_by);
}

outcome tell_shards(network& net, std::shared_ptr<const order> what, std::function<outcome(std::vector<reply>)> then,
                    std::function<outcome(const refusal&)> refused, audience heard_by) {
  if (net.alone) heard_by = audience::own;
  const bool hears_all = heard_by == audience::all || (heard_by == audience::first && net.options.rank.is_first());
  auto step = std::make_unique<order_step>();
  step->what = what;
  step->heard_by = heard_by;
  step->then = [&net, what, hears_all, then = std::move(then)](std::vector<reply> replies) -> outcome {
    try {
      expects(replies.size() == (hears_all ? net.n_vps() : net.n_vps_here()), "each shard answers once");
      for (const auto& one : replies) expects(answers(one, *what), "a shard answers what it was asked");
      return then(std::move(replies));
    } catch (...) {
      return failure(net, std::current_exception());
    }
  };
  step->refused = [&net, what, refused = std::move(refused)](const refusal& why) -> outcome {
    // What was taken back left cells that must be prepared again.
    if (is_change(*what)) net.require(shard_work::prepare);
    return refused == nullptr ? failure(net, exception_of(why)) : refused(why);
  };
  return step;
}

std::function<outcome(const refusal&)> fails_without_memory(network& net, std::string text) {
  return [&net, text = std::move(text)](refusal why) -> outcome {
    if (why.no_memory) why.text = text;
    return failure(net, exception_of(why));
  };
}

std::vector<const reply*> own_replies(const network& net, const std::vector<reply>& replies) {
  const bool of_all = replies.size() == net.n_vps();
  std::vector<const reply*> some;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (!of_all || net.options.rank.holds_vp(i)) some.push_back(&replies[i]);
  return some;
}

replies::tally summed(const network& net, const std::vector<reply>& tallies) {
  replies::tally sum;
  for (const auto* one : own_replies(net, tallies)) {
    const auto& part = std::get<replies::tally>(*one);
    sum.connections += part.connections;
    sum.spikes += part.spikes;
  }
  for (const auto& one : tallies) sum.delays.include(std::get<replies::tally>(one).delays);
  return sum;
}

void note_connections(network& net, const std::vector<reply>& tallies) {
  net.n_connections_here = summed(net, tallies).connections;
  if (net.alone) return;
  net.n_connections = 0;
  for (const auto& one : tallies) net.n_connections += std::get<replies::tally>(one).connections;
}

outcome warned(const unknown_keys& unknown, outcome next) {
  if (unknown.warnings().empty()) return next;
  return and_then(std::move(next), [texts = unknown.warnings()](api::answer a) -> outcome {
    if (std::holds_alternative<api::failed_call>(a.outcome)) return a;
    for (const auto& text : texts) a.log.push_back({api::log_warning, text});
    return a;
  });
}

void require_alive(const network& net) {
  if (net.state != run_state::lost) return;
  throw api_error(error_kind::KernelException,
                  "the kernel is inconsistent: " + net.lost_because + "; call ResetKernel");
}

void require_runnable(const network& net) {
  require_alive(net);
  if (net.state == run_state::failed)
    throw api_error(
        error_kind::KernelException,
        "the kernel is inconsistent after a failed run: it can be looked at, but not run; call ResetKernel");
}

void check_nodes(const network& net, const node_set& nodes, const char* what) {
  net.nodes.check(nodes, net.generation, what);
}

std::uint32_t next_call(network& net) { return ++net.calls; }

}  // namespace volley::runtime
