// A supervisor that keeps what it is told of calls and workers, and introduces itself; a test answers.
#pragma once
#include <mutex>
#include <vector>

#include "actors/messages.hpp"

namespace volley::actors {

class listening_supervisor : public supervisor_actor::base {
 public:
  struct heard {
    std::mutex mutex;  // guards the following while the supervisor lives
    std::vector<call> calls;
    int cancels = 0;
    std::vector<session_left> left;
    std::vector<worker_joined> joined;
    std::vector<worker_closed> closed;
    std::vector<runtime::cluster::report_message> reports;
  };

  listening_supervisor(caf::actor_config& config, heard& to) : supervisor_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[this](const introduce& i) { send(i.to, kernel_introduced{4}); },
            [this](const call& c) { keep(to_.calls, c); },
            [this](const cancel_job&) {
              const std::lock_guard guard(to_.mutex);
              ++to_.cancels;
            },
            [this](const session_left& gone) { keep(to_.left, gone); },
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
            [](const write_log&) {},
            [](const vp_stuck&) {}};
  }

 private:
  template <class News> void keep(std::vector<News>& list, const News& news) {
    const std::lock_guard guard(to_.mutex);
    list.push_back(news);
  }
  heard& to_;
};

}  // namespace volley::actors
