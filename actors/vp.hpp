// A virtual process: a shard, and what it does when it is told.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "actors/ensemble.hpp"
#include "actors/lanes.hpp"
#include "actors/messages.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::actors {

class vp : public pinned<vp_actor::base> {
 public:
  vp(caf::actor_config& config, caf::execution_unit* lane, std::unique_ptr<runtime::shard> shard,
     std::shared_ptr<ensemble> mates, overseer_actor overseer);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "vp"; }

 private:
  void compute(const runtime::slice& part);
  void deliver(std::uint64_t interval, runtime::step_t boundary);
  void publish(std::uint64_t interval);
  void hand_over_image(runtime::step_t step);
  template <class Obey> void vote(Obey&& obey);
  void vote_on(const std::shared_ptr<const runtime::order>& what);
  void decide(bool keep);
  void end_wait();
  std::uint32_t number() const { return shard_->place().vp; }

  std::unique_ptr<runtime::shard> shard_;
  std::shared_ptr<ensemble> mates_;
  overseer_actor overseer_;
  runtime::slice_mark* const mark_;                               // of its lane; null: it has none
  std::shared_ptr<const runtime::order> tried_;                   // a change, until it is decided
  std::vector<runtime::batch_view> arriving_;                     // of all VPs, by number
  std::optional<runtime::stopwatch::clock::time_point> arrived_;  // at the exchange, until the next order
};

}  // namespace volley::actors
