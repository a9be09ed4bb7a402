#include "runtime/kernel/kernel.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"

namespace volley::runtime {

kernel::kernel(kernel_options options, const model_catalog& catalog) : options_(std::move(options)), catalog_(catalog), models_(catalog) {
  settings_.total_num_virtual_procs = options_.default_vps;
  settings_.data_path = options_.data_path;
  settings_.data_prefix = options_.data_prefix;
}

kernel::~kernel() = default;

outcome kernel::call(const api::request& r) {
  try {
    const auto begin_it = [&] { return std::visit([this](const auto& c) { return begin(c); }, r); };
    if (std::holds_alternative<api::create_nodes>(r)) return build_by(create_s_, begin_it);
    if (std::holds_alternative<api::connect>(r) || std::holds_alternative<api::connect_arrays>(r)) return build_by(connect_s_, begin_it);
    return begin_it();
  } catch (...) {
    return failure(std::current_exception());
  }
}

std::unique_ptr<shard> kernel::make_shard(std::uint32_t vp) const {
  auto fresh = std::make_unique<shard>(layout{vp, n_vps()});
  for (const auto& s : models_.synapses()) fresh->add_store(*s.model);
  return fresh;
}

outcome kernel::on_shards(std::function<std::any(shard&)> each, std::function<outcome(std::vector<std::any>)> then,
                          std::function<outcome(std::exception_ptr)> failed) {
  auto step = std::make_unique<shard_step>();
  step->each = std::move(each);
  step->then = [this, then = std::move(then)](std::vector<std::any> results) -> outcome {
    try {
      return then(std::move(results));
    } catch (...) {
      return failure(std::current_exception());
    }
  };
  step->failed = [this, failed = std::move(failed)](std::exception_ptr reason) -> outcome {
    if (failed == nullptr) return failure(reason);
    return failed(reason);
  };
  return step;
}

outcome kernel::build_by(double& seconds, std::function<outcome()> begin_it) {
  const auto began = stopwatch::clock::now();
  const auto calls_before = calls_;
  outcome first = done();
  try {
    first = begin_it();
  } catch (...) {
    first = failure(std::current_exception());
  }
  return and_then(std::move(first), [=, this, &seconds](api::answer a) -> outcome {
    seconds += seconds_since(began);
    if (std::holds_alternative<api::failed_call>(a.outcome)) calls_ = calls_before;
    return a;
  });
}

outcome and_then(outcome first, std::function<outcome(api::answer)> then) {
  if (auto* a = std::get_if<api::answer>(&first)) return then(std::move(*a));
  if (auto* s = std::get_if<std::unique_ptr<shard_step>>(&first)) {
    (*s)->then = [inner = std::move((*s)->then), then](std::vector<std::any> results) { return and_then(inner(std::move(results)), then); };
    (*s)->failed = [inner = std::move((*s)->failed), then](std::exception_ptr reason) { return and_then(inner(reason), then); };
    return first;
  }
  auto& r = std::get<std::unique_ptr<run_step>>(first);
  r->then = [inner = std::move(r->then), then](stop_reason why, step_t now, std::exception_ptr reason) { return and_then(inner(why, now, reason), then); };
  return first;
}

void kernel::require_alive() const {
  if (inconsistent_)
    throw api_error(error_kind::KernelException, "the kernel is inconsistent after a failed run; call ResetKernel");
}

step_t kernel::interval_steps() const { return delay_range().first; }

std::pair<step_t, step_t> kernel::delay_range() const {
  if (settings_.min_delay_steps != 0) return {settings_.min_delay_steps, settings_.max_delay_steps};
  if (extrema_.max == 0) return {1, 1};
  return {extrema_.min, extrema_.max};
}

const kernel::node_block& kernel::block_of(std::uint64_t id) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), id, [](std::uint64_t x, const node_block& b) { return x < b.first; });
  if (id == 0 || after == blocks_.begin() || (after - 1)->last < id)
    throw api_error(error_kind::UnknownNode, "Node with id " + std::to_string(id) + " does not exist.");
  return *(after - 1);
}

void kernel::check_nodes(const node_set& nodes, const char* what) const {
  if (nodes.generation != 0 && nodes.generation != generation_)
    throw api_error(error_kind::KernelException, std::string(what) + ": InvalidNodeCollection: the nodes belong to a kernel before ResetKernel");
  std::uint64_t before = 0;
  for (const auto& r : nodes.ranges) {
    if (r.step == 0 || r.first > r.last || (r.last - r.first) % r.step != 0 || r.first <= before)
      throw api_error(error_kind::BadProperty, std::string(what) + ": node ids must be strictly ascending and unique");
    block_of(r.first);
    block_of(r.last);
    before = r.last;
  }
}

kernel::device_entry* kernel::find_device(std::uint64_t id) {
  const auto& block = block_of(id);
  return block.device < 0 ? nullptr : &devices_[static_cast<std::size_t>(block.device) + (id - block.first)];
}
const kernel::device_entry* kernel::find_device(std::uint64_t id) const { return const_cast<kernel*>(this)->find_device(id); }

device_context kernel::context(const device_entry* entry) const {
  return {settings_.time, now_, prepared_, simulated_, entry != nullptr && entry->connected};
}

}  // namespace volley::runtime
