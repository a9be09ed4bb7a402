// The supervisor's side of a cluster: who takes part, where VPs are, which order or run is on its way, who is lost.
// A machine: what happens comes in, what is to be done comes out; it has no clock, socket or thread. The process it
// lives in is a worker like the others, with the number 0, unless it leaves the work to them.
//
// Placement: VPs are placed when the first order after a reset comes, over the workers that are there then. Until
// something but a question was ordered, VPs are placed anew, since nothing is lost by that.
// Loss: where other processes hold VPs, all that they are told is logged (order_log.hpp), and cuts are made while they
// run: each VP's image stays with its worker, who brings a copy to another. When a worker is lost, everybody rests; VPs
// are placed anew where their images are, made again, told again what is logged since the last cut, and the call that
// was on its way goes on. The next call after a loss does that, or the one that is on. The same when that is disturbed.
// The network is lost where images have gone with all that had them, and where nobody is left for long.
// Whoever stands still (slice_watch.hpp) is lost; where the same VP does so in the same slice again and again, the
// network is.
// Moves: a worker that joins gets VPs, one that is drained hands its own over and is let go, and one that computes
// longer than the others gives some away. That is a loss that was planned: images of a cut are brought to where their
// VPs are to go, everybody rests, and the network goes back to that cut. Whatever fails meanwhile is a loss as any.
// Modules: all workers are asked to load them before the kernel has their models. Those that join later are asked, too;
// who lacks some gets no VPs and keeps no images, as if it were not there.
#pragma once
#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "runtime/cluster/admission.hpp"
#include "runtime/cluster/balance.hpp"
#include "runtime/cluster/calls.hpp"
#include "runtime/cluster/cut.hpp"
#include "runtime/cluster/membership.hpp"
#include "runtime/cluster/message.hpp"
#include "runtime/cluster/order_log.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime::cluster {

struct coordinator_options {
  std::uint64_t epoch = 1;
  worker_card own = {};          ///< of the supervisor's process
  bool hosts_vps = true;         ///< the supervisor's process is a worker
  bool may_grow = false;         ///< workers may join a network that is in this process alone
  heartbeat_limits limits = {};  ///< of other workers
  std::chrono::milliseconds linked_within{10'000};
  /// Between two cuts; 0: there are none; nothing: as often as a twentieth of the time allows.
  std::optional<std::chrono::milliseconds> cut_period = {};
  std::chrono::milliseconds give_up_after{30'000};                          ///< a network of which no worker is left
  std::function<std::string()> make_secret = [] { return std::string(); };  ///< a new one each time
};

class coordinator {
 public:
  using time_point = membership::time_point;

  // ---- what is to be done, in this order

  /// One message for all of these.
  struct send {
    std::vector<worker_number> to;
    order_message what;
  };
  /// End this worker's connection. It is no member any more.
  struct put_out {
    worker_number who;
    std::string why;
  };
  /// The order is done: a reply a VP, unless somebody refused.
  struct ordered {
    std::vector<std::optional<refusal>> refusals;
    std::vector<reply> replies;
  };
  using ran = finish::result;
  /// The network is lost.
  struct network_lost {
    refusal why;
  };
  /// What a worker's loss has cost: VPs have gone on, so long after it, or after the call that has missed it, at a step
  /// before the one that they are known to have come to.
  struct recovered {
    worker_number lost;  ///< why: coordinator::lost
    step_t from = 0, was_at = 0;
    std::chrono::duration<double> after{};
  };
  /// All that must have the modules have them, or why not: then they are as they were.
  struct installed {
    std::optional<refusal> why_not;
  };
  /// A worker gets no VPs of this kernel, and why.
  struct left_out {
    std::string text;
  };
  using effect = std::variant<send, put_out, ordered, ran, network_lost, recovered, installed, left_out>;
  using effects = std::vector<effect>;

  explicit coordinator(coordinator_options options);

  // ---- what happens

  /// REQUIRES: a number nobody has had.
  effects join(worker_number who, const worker_card& card, time_point now);
  /// Its connection ended.
  effects close(worker_number who, const std::string& why);
  /// It is so late: before any of these, or what a cut costs is taken for more.
  void look_at(time_point now) { now_ = std::max(now_, now); }
  /// Any bytes of it.
  void hear(worker_number who, time_point now) { members_.hear(who, now); }
  effects report(worker_number who, report_message&& m);
  /// Once a heartbeat's period.
  effects tick(time_point now);
  /// Why this worker cannot be drained, where the network takes so many `bytes`; nothing: it can.
  std::optional<std::string> why_not_drain(worker_number who, std::uint64_t bytes = 0) const;
  /// Its VPs go to others; then it is put out, with told::drained. REQUIRES: nothing speaks against it.
  effects drain(worker_number who);

  /// Workers load these modules of the kernel; then the next shards may have them. `all_must`: one that cannot is a
  /// refusal, else it is left out. REQUIRES: no order or run is on its way; this process has loaded them.
  effects install(std::vector<module_name> all, bool all_must);
  /// From now on the kernel has so many empty shards with these modules; what workers still say of those before is
  /// dropped. REQUIRES: no order or run is on its way; modules were installed, or there are none.
  effects renew(std::uint32_t vps, const std::vector<module_name>& modules = {});
  /// REQUIRES: no order or run is on its way.
  effects order(std::shared_ptr<const runtime::order> what);
  /// REQUIRES: as order().
  /// An update that takes longer than the limit fails it.
  effects run(step_t now, step_t steps, step_t interval_steps, double update_limit_s = update_times::infinity);
  /// The run that is on stops at the end of an interval.
  effects ask(request what);
  /// A call waits for workers: ticks are wanted even where there are none.
  bool waits_for_workers() const { return must_recover_ && call_ != waiting::nothing; }
  /// VPs move while nothing is asked: nothing can be ordered until they have.
  bool is_moving() const { return call_ == waiting::nothing && (ballot_ || finish_ || !steps_.empty()); }

  // ---- how things stand

  struct member {
    worker_card card;
    said::beat last;
    std::uint32_t vps = 0;
    std::optional<std::string> lacks = {};  ///< why it has not loaded the modules of the kernel
  };
  /// By number; the supervisor's process among them where it is a worker.
  std::map<worker_number, member> status() const;
  /// "holding" VPs, "draining", "joining" (it will get some) or "waiting".
  const char* state_of(worker_number who) const;
  /// Those that were drained.
  const std::set<worker_number>& drained() const { return drained_; }
  /// Of the workers that are lost, with VPs or without, why.
  const std::map<worker_number, std::string>& lost() const { return lost_; }
  /// Of the run that is on. It never goes back.
  run_progress progress();
  const placement& where() const { return where_; }
  /// The next order deals the VPs anew.
  bool places_next() const { return is_fresh_ && is_dated_; }
  /// Bytes of the largest network that fits the workers of now; without workers all fits, and nothing is computed.
  std::uint64_t room_for(std::uint32_t vps) const;
  std::uint64_t stale_reports() const { return stale_; }
  /// What would have to be told again.
  const order_log& log() const { return log_; }
  /// Where the network would go back to; nothing: to empty shards.
  const std::optional<cut>& committed() const { return committed_; }
  /// How often a network has gone back since a worker was lost, and since VPs were to move.
  std::uint64_t recoveries() const { return recoveries_; }
  /// See balance::evenness.
  std::optional<double> evenness() const { return balance_.evenness(); }
  std::uint64_t moves() const { return moves_; }
  const std::optional<recovered>& last_recovery() const { return last_recovery_; }

 private:
  enum class waiting : std::uint8_t { nothing, order, run };

  std::vector<candidate> candidates() const;
  std::vector<candidate> staying() const;
  std::vector<worker_number> participants() const;
  bool is_whole() const;
  bool is_logged() const;
  void spread_vps(effects& out);
  void place(placement where, effects& out);
  void go_on(effects& out);
  bool recover(effects& out);
  void await(waiting what);
  bool is_call() const { return steps_.empty() && call_ != waiting::nothing; }
  void begin(order_log::order_ref what, effects& out);
  void begin(const order_log::load&, effects& out);
  void begin(const order_log::stretch& what, effects& out);
  void decide(effects& out);
  void begin_run(effects& out);
  void end_run(effects& out);
  void lose(worker_number who, const std::string& why, effects& out);
  void lose_network(const refusal& why, effects& out);
  void fail_call(const refusal& why, effects& out);
  void went_on(step_t from, effects& out);
  void plan();
  bool may_move() const;
  void move(effects& out);
  bool move_back();
  bool has_copies(std::uint32_t vp) const;
  void spread_images(effects& out);
  void let_go(effects& out);
  std::vector<worker_number> others() const;
  refusal nobody() const;
  void note_modules(worker_number who, const std::optional<std::string>& why_not, effects& out);
  void tell_modules(std::vector<worker_number> to, effects& out);
  void forget_asked(worker_number who, effects& out);
  void end_install(effects& out);
  worker_number keeper(std::uint32_t vp, worker_number own) const;
  std::string lost_by() const;
  bool begin_cut();
  void commit_cut(effects& out);
  void give(worker_number from, const cut_name& cut, std::uint32_t vp, worker_number to, effects& out) const;
  time_point::duration cut_period() const;
  void tell(std::vector<worker_number> to, told::content what, effects& out) const;
  std::string name_of(worker_number who) const;

  void take(worker_number who, said::ready&&, effects& out);
  void take(worker_number who, said::votes&& votes, effects& out);
  void take(worker_number who, said::vp_failed&& failure, effects& out);
  void take(worker_number who, said::rested&& end, effects& out);
  void take(worker_number who, said::link_lost&& link, effects& out);
  void take(worker_number who, said::copy&& copy, effects& out);
  void take(worker_number who, said::kept&& copy, effects& out);
  void take(worker_number who, said::images_lost&& of, effects& out);
  void take(worker_number who, said::beat&& news, effects& out);
  void take(worker_number who, said::leaving&&, effects& out);
  void take(worker_number who, said::stuck&& where, effects& out);
  void take(worker_number who, said::modules&& news, effects& out);

  const coordinator_options options_;
  membership members_;
  std::map<worker_number, member> workers_;
  std::map<worker_number, std::string> lost_;
  std::set<worker_number> draining_, drained_;
  std::map<slice_place, int> stuck_;  // how often a VP of this network has stood still there

  // Modules of the kernel, or those that it is about to have.
  struct installing {
    std::vector<module_name> before;
    bool all_must = true;
    std::set<worker_number> missing = {};
    std::map<worker_number, std::optional<std::string>> said = {};  // why not
  };
  std::vector<module_name> modules_;
  std::uint64_t modules_number_ = 0;  // of what workers were told of them last
  std::optional<installing> installing_;

  std::uint32_t vps_ = 0;
  fence here_;
  placement where_;                    // of the VPs; empty: of nobody yet
  std::vector<worker_number> placed_;  // those that hold some, by number
  std::string secret_;                 // of this placement
  bool is_fresh_ = true;               // nothing but questions was ordered
  bool is_dated_ = true;               // there are other workers, or other shards, than when VPs were placed
  std::optional<refusal> loss_;        // of a worker with VPs, the last one
  std::optional<refusal> network_lost_;
  std::set<worker_number> unlinked_;
  std::optional<time_point> linked_until_;

  // What is to be told, and the call of the kernel, which the last of these steps is.
  waiting call_ = waiting::nothing;
  order_log::order_ref called_;
  std::optional<request> asked_;  // of the run
  run_progress furthest_;         // it was
  std::deque<order_log::step> steps_;
  bool must_recover_ = false;
  std::optional<time_point> nobody_since_;
  std::optional<std::pair<worker_number, time_point>> lost_since_;  // of the first, until VPs go on
  std::uint64_t recoveries_ = 0;
  std::optional<recovered> last_recovery_;

  // What is on its way.
  std::uint64_t number_ = 0;  // of the last order or run of this placement
  order_log::order_ref ordered_;
  std::optional<ballot> ballot_;
  std::optional<finish> finish_;
  std::optional<told::run> waiting_run_;            // until all are linked
  double update_limit_s_ = update_times::infinity;  // of the call

  order_log log_;
  bool is_spoilt_ = false;  // a run has failed: what is logged does not lead to where VPs are
  std::optional<cut> cut_, committed_;
  std::vector<double> computed_;          // until then, in sum, by VP
  time_point now_{}, last_cut_{};         // when a cut began
  time_point::duration last_cut_took_{};  // until it was committed
  bool cut_due_ = false;
  std::uint64_t stale_ = 0;

  // Where VPs are to go, and how far that is.
  balance balance_;
  bool is_uneven_ = false;                         // somebody has joined
  std::optional<placement> wanted_;                // as soon as their images are there and everybody rests
  bool has_fresh_cut_ = false;                     // since that is wanted
  std::map<std::uint32_t, worker_number> giving_;  // who gets the image of a VP of the committed cut
  bool rests_to_move_ = false;                     // the run was asked to
  std::optional<placement> moved_from_;            // until the network is where it was
  bool moves_fail_ = false;  // no more of them in this network, as long as its workers are the same
  std::uint64_t moves_ = 0;
};

}  // namespace volley::runtime::cluster
