#include "actors/worker.hpp"

#include <utility>

namespace volley::actors {

namespace cluster = runtime::cluster;

worker::worker(caf::actor_config& config, worker_setup setup)
    : worker_actor::base(config),
      setup_(std::move(setup)),
      site_({system(), setup_.me,
             [this](const runtime::layout& place) {
               return std::make_unique<runtime::shard>(place, runtime::built_in_models(), *setup_.files);
             },
             setup_.door, [this](const cluster::report_message& m) { setup_.say(m); },
             [this](const std::string& why) { leave(why); }, setup_.first_lane}) {}

worker::behavior_type worker::make_behavior() {
  return {
      [this](const voted& vote) { site_.count(vote); },
      [this](const vp_lost& lost) { site_.take(lost); },
      [this](const image_made& news) { site_.take(news); },
      [this](const image_arrived& news) { site_.take(news); },
      [this](const images_lost& news) { site_.take(news); },
      [this](const run_stopped& end) { site_.take(end); },
      [this](const links_stand& news) { site_.take(news); },
      [this](const link_broke& news) { site_.take(news); },
      [this](const order_arrived& order) {
        if (has_left_) return;
        try {
          site_.take(std::move(*order.what), worker_actor(this));
        } catch (const std::exception& fault) {
          return leave(fault.what());
        }
        tell_later();
      },
      [this](const kernel_ended&) {
        has_left_ = true;
        quit();
      },
      [this](const tell_progress&) {
        telling_ = false;
        if (!site_.runs()) return;
        site_.tell_progress();
        tell_later();
      },
  };
}

// An exception in a handler ends the actor, too: somebody must know, or the supervisor would wait.
void worker::on_exit() {
  site_.dismiss();
  leave("the worker failed");
}

void worker::tell_later() {
  if (!site_.runs() || std::exchange(telling_, true)) return;
  delayed_send(this, progress_period, actors::tell_progress{});
}

void worker::leave(const std::string& why) {
  if (std::exchange(has_left_, true)) return;
  setup_.done(why);
}

}  // namespace volley::actors
