#include "runtime/kernel/kernel.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/matching.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

kernel::kernel(kernel_options options, const model_catalog& catalog) : network_(std::move(options), catalog) {}

outcome kernel::call(const api::request& r) {
  const auto calls_before = network_.calls;
  network_.alone = network_.options.rank.count > 1 && !is_matched(r);
  const bool connects = std::holds_alternative<api::connect>(r) || std::holds_alternative<api::connect_arrays>(r) ||
                        std::holds_alternative<api::tripartite_connect>(r);
  auto next = std::holds_alternative<api::create_nodes>(r) ? timed(&network::create_s, r)
              : connects                                   ? timed(&network::connect_s, r)
                                                           : begin(r);
  // A refused call leaves the draws of later calls alone.
  return and_then(std::move(next), [=, this](api::answer a) -> outcome {
    if (std::holds_alternative<api::failed_call>(a.outcome)) network_.calls = calls_before;
    return a;
  });
}

void kernel::rest(const run_progress& reached, step_t steps_left) {
  expects(reached.now > network_.clocked && steps_left > 0, "a run that rests has begun and goes on");
  network_.now = reached.now;
  network_.steps_left = steps_left;
  network_.spikes_last_run = reached.spikes;
}

void kernel::lose_shard(const refusal& why) {
  network_.state = run_state::lost;
  network_.lost_because = why.text;
}

bool kernel::is_matched(const api::request& r) const { return runtime::is_matched(network_, r); }

agreed_facts kernel::facts(const api::request& r) const {
  agreed_facts own{static_cast<std::uint8_t>(network_.due), network_.extrema};
  if (const auto* c = std::get_if<api::connect_arrays>(&r); c != nullptr && c->of_rank)
    own.pairs = listed_by(network_, *c);
  return own;
}

// A kernel's shard_work is a number among those of its build.
void kernel::agree(const agreed_facts& all) {
  expects(all.due <= static_cast<std::uint8_t>(shard_work::build_and_prepare), "work is of a known kind");
  network_.due = std::max(network_.due, static_cast<shard_work>(all.due));
  network_.extrema = all.delays;
  network_.listed_on_ranks = all.pairs;
}

std::uint64_t kernel::digest() const { return digest_of(network_); }

template <class Begin> outcome kernel::guarded(Begin&& begin) {
  try {
    return begin();
  } catch (...) {
    return failure(network_, std::current_exception());
  }
}

outcome kernel::begin(const api::request& r) {
  return guarded([&] { return std::visit([this](const auto& c) { return runtime::begin(network_, c); }, r); });
}

outcome kernel::save(std::unique_ptr<network_writer> to) {
  return guarded([&] { return save_checkpoint(network_, std::move(to)); });
}

outcome kernel::load(const kept_kernel& as, std::unique_ptr<network_reader> from) {
  return guarded([&] { return load_checkpoint(network_, as, std::move(from)); });
}

outcome kernel::resume(const api::request& call, step_t run_begin, step_t run_end) {
  return guarded([&] { return runtime::resume(network_, call, run_begin, run_end); });
}

// The time of a call that adds to the network counts.
outcome kernel::timed(double network::*seconds, const api::request& r) {
  const auto began = stopwatch::clock::now();
  return and_then(begin(r), [=, this](api::answer a) -> outcome {
    network_.*seconds += seconds_since(began);
    return a;
  });
}

std::uint64_t kernel::bytes() const { return static_cast<std::uint64_t>(network_.size.bytes(rows(network_))); }

std::unique_ptr<shard> kernel::make_shard(std::uint32_t vp) const {
  expects(vp < n_vps() && network_.options.files != nullptr, "a shard is of a VP and has files to write to");
  auto made = std::make_unique<shard>(layout{vp, n_vps()}, *network_.catalog, *network_.options.files);
  made->hold(network_.catalog);
  return made;
}

std::vector<module_name> kernel::modules() const {
  const auto& all = network_.catalog->modules;
  return {all.begin(), all.end()};
}

step_t kernel::interval_steps() const { return delay_range(network_).first; }

}  // namespace volley::runtime
