#include "actors/worker.hpp"

#include <cstdio>
#include <utility>

#include "runtime/base/error.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

worker::worker(caf::actor_config& config, worker_setup setup)
    : worker_actor::base(config),
      setup_(std::move(setup)),
      modules_(setup_.modules),
      site_({system(), setup_.me, [this](const auto& place, const auto& modules) { return make_shard(place, modules); },
             setup_.door, [this](const cluster::report_message& m) { setup_.say(m); },
             [this](const std::string& why) { leave(why); }, setup_.first_lane,
             [this](const auto& modules) { return load(modules); }}) {}

std::unique_ptr<runtime::shard> worker::make_shard(const runtime::layout& place,
                                                   const std::vector<runtime::module_name>& modules) const {
  const auto& catalog = modules_.catalog_of(modules);
  auto made = std::make_unique<runtime::shard>(place, *catalog, *setup_.files);
  made->hold(catalog);
  return made;
}

std::optional<std::string> worker::load(const std::vector<runtime::module_name>& modules) {
  try {
    modules_.load(modules);
    return std::nullopt;
  } catch (const runtime::api_error& why) {
    std::fprintf(stderr, "volley-server: this worker gets no virtual processes of a kernel: %s\n", why.what());
    return why.what();
  }
}

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
