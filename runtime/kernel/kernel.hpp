// One network as its supervisor holds it: validates every call. What only the shards know (values, connections, events)
// it asks of them.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "runtime/kernel/checkpoint.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

class shard;

class kernel {
 public:
  explicit kernel(kernel_options options, const model_catalog& catalog = built_in_models());

  /// Begins a call. A call that fails (now or in a step) is an answer with failed_call, and has changed nothing, the
  /// draws of later calls included.
  outcome call(const api::request& r);

  /// A run has come to `reached.now` and rests, with so many steps to go. Until it goes on, calls that only read may be
  /// made; they see the network as it is then.
  void rest(const run_progress& reached, step_t steps_left);

  /// What a kernel of another process needs to take this network's place: see checkpoint.hpp. Calls as any other.
  kept_kernel kept() const { return {n_vps(), generation(), modules()}; }
  outcome save(std::unique_ptr<network_writer> to);
  outcome load(const kept_kernel& as, std::unique_ptr<network_reader> from);
  outcome resume(const api::request& call, step_t run_begin, step_t run_end);
  /// From now on calls are made that were made before: their files may be there.
  void replay(bool on) { network_.options.replays = on; }

  /// A shard is lost, or could not carry out what was decided: only ResetKernel helps. Calls that need it say why.
  void lose_shard(const refusal& why);
  /// Empty: it was not.
  std::string why_lost() const { return network_.state == run_state::lost ? network_.lost_because : ""; }

  /// What the status tells of the processes that hold the shards, under "workers", and of all, under "cluster".
  void describe_workers(value each, value all) {
    network_.workers = std::move(each);
    network_.cluster = std::move(all);
  }
  /// Bytes that the network takes, as far as calls have told.
  std::uint64_t bytes() const;
  std::uint64_t nodes() const { return network_.nodes.size(); }
  /// From now on the network may take so many bytes.
  void limit_memory(std::uint64_t bytes) { network_.options.memory_limit = bytes; }

  // ---- where it is one of several, a rank each

  /// All ranks make this call, in the same order; before it begins they agree() on its facts().
  bool is_matched(const api::request& r) const;
  agreed_facts facts(const api::request& r) const;
  void agree(const agreed_facts& all);
  /// Of the calls so far, and how many of them drew: the same on all ranks.
  std::uint64_t digest() const;
  std::uint32_t draws() const { return network_.calls; }

  std::uint32_t n_vps() const { return network_.n_vps(); }
  /// Counts the times that all shards were replaced by empty ones: the driver makes them anew with make_shard().
  std::uint64_t shard_epoch() const { return network_.shard_epoch; }
  std::unique_ptr<shard> make_shard(std::uint32_t vp) const;
  /// That shards are made with.
  std::vector<module_name> modules() const;
  std::uint64_t generation() const { return network_.generation; }
  step_t now() const { return network_.now; }
  /// min_delay
  step_t interval_steps() const;
  const time_grid& time() const { return network_.settings.time; }

 private:
  template <class Begin> outcome guarded(Begin&& begin);
  outcome begin(const api::request& r);
  /// A call that adds to the network: its time counts in `seconds`.
  outcome timed(double network::*seconds, const api::request& r);

  network network_;
};

}  // namespace volley::runtime
