// A supervisor that keeps what it is told of workers.
#pragma once
#include <mutex>
#include <vector>

#include "actors/messages.hpp"

namespace volley::actors {

class listening_supervisor : public supervisor_actor::base {
 public:
  struct heard {
    std::mutex mutex;  // guards the following while the supervisor lives
    std::vector<worker_joined> joined;
    std::vector<worker_closed> closed;
    std::vector<runtime::cluster::report_message> reports;
  };

  listening_supervisor(caf::actor_config& config, heard& to) : supervisor_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[](const introduce&) {},
            [](const call&) {},
            [](const cancel_job&) {},
            [](const session_left&) {},
            [](const voted&) {},
            [](const vp_lost&) {},
            [](const image_made&) {},
            [](const image_arrived&) {},
            [](const images_lost&) {},
            [](const run_stopped&) {},
            [](const links_stand&) {},
            [](const link_broke&) {},
            [](const report_progress&) {},
            [](const let_rest&) {},
            [this](const worker_joined& news) { keep(to_.joined, news); },
            [this](const worker_reported& news) { keep(to_.reports, *news.what); },
            [this](const worker_closed& news) { keep(to_.closed, news); },
            [](const count_workers&) {},
            [](const rank_news&) {},
            [](const restart&) {},
            [](const make_checkpoint&) {},
            [](const write_log&) {}};
  }

 private:
  template <class News> void keep(std::vector<News>& list, const News& news) {
    const std::lock_guard guard(to_.mutex);
    list.push_back(news);
  }
  heard& to_;
};

}  // namespace volley::actors
