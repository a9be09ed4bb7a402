// An overseer and VPs that keep what they are told, for tests of those who tell them.
#pragma once
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "caf/send.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {

class listening_overseer : public overseer_actor::base {
 public:
  struct heard {
    std::vector<voted> votes;
    std::vector<vp_lost> lost;
    std::vector<image_made> images;
    std::vector<image_arrived> brought;
    std::vector<images_lost> missing;
    std::vector<run_stopped> stops;
    std::vector<links_stand> linked;
    std::vector<link_broke> broken;
  };
  listening_overseer(caf::actor_config& config, heard& to) : overseer_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[this](const voted& v) { to_.votes.push_back(v); },
            [this](const vp_lost& l) { to_.lost.push_back(l); },
            [this](const image_made& i) { to_.images.push_back(i); },
            [this](const image_arrived& i) { to_.brought.push_back(i); },
            [this](const images_lost& i) { to_.missing.push_back(i); },
            [this](const run_stopped& s) { to_.stops.push_back(s); },
            [this](const links_stand& l) { to_.linked.push_back(l); },
            [this](const link_broke& l) { to_.broken.push_back(l); }};
  }

 private:
  heard& to_;
};

class listening_vp : public vp_actor::base {
 public:
  listening_vp(caf::actor_config& config, std::vector<runtime::slice>& to) : vp_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[](const obey&) {}, [](const decided&) {}, [](const load_image&) {},
            [this](const advance& a) { to_.push_back(a.part); }};
  }

 private:
  std::vector<runtime::slice>& to_;
};

}  // namespace volley::actors
