// The VPs of one process, and what it does when its supervisor says so: the machine of a member with hands. The same in
// a worker and in the supervisor's own process.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/ensemble.hpp"
#include "actors/links.hpp"
#include "actors/messages.hpp"
#include "caf/actor_system.hpp"
#include "runtime/cluster/member.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::actors {

/// Between two news of how far a run is.
inline constexpr std::chrono::milliseconds progress_period{100};

struct site_surroundings {
  caf::actor_system& system;
  runtime::cluster::worker_number me;
  /// An empty one of this VP, with the models of these modules.
  std::function<std::unique_ptr<runtime::shard>(const runtime::layout& place,
                                                const std::vector<runtime::module_name>& modules)>
      make_shard;
  link_maker* door = nullptr;  ///< null: there are no other processes
  /// To the supervisor.
  std::function<void(runtime::cluster::report_message)> say;
  /// The supervisor and this process do not understand each other.
  std::function<void(const std::string&)> leave;
  std::size_t first_lane = 0;  ///< of the first VP
  /// Loads these modules and no others, or tells why not. Null: nobody asks for that.
  std::function<std::optional<std::string>(const std::vector<runtime::module_name>&)> have_modules = nullptr;
};

/// Thread safety: of its actor.
class site {
 public:
  explicit site(site_surroundings around) : around_(std::move(around)), member_(around_.me) {}

  /// `self` gets the votes of VPs and the ends of runs, and hands them on to the functions below.
  void take(runtime::cluster::order_message m, const overseer_actor& self);

  void count(const voted& vote);
  void take(const vp_lost& lost) { carry_out(member_.fail(lost.at, lost.vp, lost.reason)); }
  void take(const image_made& news) {
    carry_out(member_.copied(news.at, news.step, news.vp, news.content, news.computed));
  }
  void take(const image_arrived& news) {
    carry_out(member_.image_arrived(news.at, runtime::cluster::parcel(news.what)));
  }
  void take(const images_lost& news) { carry_out(member_.images_lost(news.at, news.peer)); }
  void take(const run_stopped& end);
  void take(const links_stand& news) { carry_out(member_.linked(news.at)); }
  void take(const link_broke& news) { carry_out(member_.link_lost(news.at, news.peer, news.why)); }

  bool runs() const { return runs_; }
  /// Of the run that is on, as far as this process knows.
  runtime::cluster::said::beat progress() const;
  void tell_progress() { carry_out(member_.tell_progress(progress())); }

  /// No VPs any more, nor links, whatever they are at.
  void dismiss();
  /// One of its VPs stands still there: as dismiss(). False: it is none of the run that is on.
  bool give_up(const runtime::slice_place& at);
  /// No VPs any more until the next placement: what they hold is freed. REQUIRES: no order or run is on its way.
  void clear();

 private:
  using member = runtime::cluster::member;

  void carry_out(member::effects what);
  void act(member::make&& what);
  void act(member::obey&& what) { tell_vps(obey{std::move(what.what)}); }
  void act(member::decide&& what) { tell_vps(decided{what.keep}); }
  void act(member::run&& what);
  void act(member::load&& what);
  void act(member::bring&& what);
  void act(member::ask&& what) { mates_->exchange().ask(what.what); }
  void act(member::abandon&&) { mates_->exchange().abandon(); }
  void act(member::have_modules&& what);
  void act(member::say&& what) { around_.say(std::move(what.what)); }
  void act(member::leave&& what) { around_.leave(what.why); }
  template <class Order> void tell_vps(const Order& order);
  void end_vps();
  void open_for_images(runtime::cluster::fence at, const std::string& secret);

  const site_surroundings around_;
  member member_;
  overseer_actor self_;
  std::shared_ptr<ensemble> mates_;
  std::shared_ptr<links> links_;
  std::shared_ptr<image_carrier> images_;
  runtime::update_times updates_;  // of the run that is on
  bool runs_ = false;
};

}  // namespace volley::actors
