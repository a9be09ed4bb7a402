// The actor that owns one kernel: its clock and its VPs, in this process and in those of workers. It serves calls one
// after another, carries the kernel's steps to all VPs and their votes back, and runs the simulation. What a call means
// is the kernel's business; who takes part, and what becomes of a call when a worker is lost, the coordinator's.
// While one session's run is on, others may look: the run rests at an interval's end, calls that only read are served,
// and it goes on. What it computes does not depend on that.
// Where it keeps its state in a folder, what it answers is on the disk, and it begins where another process has ended:
// from a checkpoint it makes again the calls that were logged since (supervisor_state.cpp).
#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "actors/fleet.hpp"
#include "actors/kernels.hpp"
#include "actors/known_sessions.hpp"
#include "actors/messages.hpp"
#include "actors/ranks.hpp"
#include "actors/site.hpp"
#include "actors/state_folder.hpp"
#include "caf/actor_clock.hpp"
#include "runtime/cluster/coordinator.hpp"
#include "runtime/cluster/rank.hpp"
#include "runtime/cluster/rank_meeting.hpp"
#include "runtime/kernel/kernel.hpp"

namespace volley::actors {

/// How a supervisor has workers beside its own process.
struct cluster_setup {
  runtime::cluster::coordinator_options options = {};
  fleet* all = nullptr;        ///< null: there are none. REQUIRES: outlives it
  link_maker* door = nullptr;  ///< of its own process to others, if there are any. REQUIRES: outlives it
  ranks* others = nullptr;     ///< its kernel is one of several, a rank each. REQUIRES: no workers; outlives it
};

/// What of a supervisor outlives its process.
struct state_setup {
  kernel_identity kernel = {};
  std::shared_ptr<state_folder> folder = nullptr;  ///< null: nothing
  /// Between two checkpoints; 0: there are none; nothing: as often as a twentieth of the time allows.
  std::optional<std::chrono::milliseconds> checkpoint_period = {};
  /// The kernel cannot go on as it was: why.
  std::function<void(const std::string&)> give_up = [](const std::string&) {};
};

class supervisor : public supervisor_actor::base {
 public:
  supervisor(caf::actor_config& config, const runtime::kernel_options& options, const cluster_setup& workers = {},
             const state_setup& state = {}, kernel_place among = {});

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "supervisor"; }

 private:
  using order_step = std::unique_ptr<runtime::order_step>;
  using run_step = std::unique_ptr<runtime::run_step>;
  using module_step = std::unique_ptr<runtime::module_step>;
  using logged_end = runtime::cluster::logged::ended;
  using time_point = caf::actor_clock::time_point;

  /// Who wants a call, or what else is done like one.
  enum class purpose : std::uint8_t { client, replay, load, checkpoint };

  /// The call that is being served.
  struct served_call {
    call what = {};
    purpose why = purpose::client;
    bool cancelled = false;
    bool is_overdue = false;  ///< it ran longer than this server lets calls run, and is cancelled for that
    std::variant<std::monostate, order_step, run_step, module_step> step{};  ///< what it waits for
    std::optional<time_point> run_began{};
    runtime::step_t stretch_end = 0;                 ///< a run may take several
    bool is_logged = false;                          ///< that its run has begun
    std::optional<logged_end> known_end = {};        ///< of the run that is made again
    std::vector<runtime::module_name> modules = {};  ///< that it has loaded, where it is made again
    std::uint64_t run_spikes = 0;                    ///< until its last rest, or the end of its last stretch
    bool is_matched = false;                         ///< all ranks make it
    std::optional<runtime::api::answer> held = {};   ///< until all ranks have one
    bool runs() const { return std::holds_alternative<run_step>(step); }
  };

  void serve_next();
  void cancel(const session_actor& of);
  void end_overdue(std::chrono::duration<double> ran);
  void forget(const session_left& gone);

  void proceed(const std::function<runtime::outcome()>& move);
  void take(runtime::outcome next);
  void begin(order_step step);
  void begin(run_step step);
  void begin(module_step step);
  void compute(runtime::step_t steps);
  void answer(runtime::api::answer content);
  void tell_client(runtime::api::answer content);

  using coordinator = runtime::cluster::coordinator;
  using worker_number = runtime::cluster::worker_number;

  void renew_vps();
  template <class Effects> void carry_out(Effects what);
  void act(coordinator::send&& what);
  void act(coordinator::put_out&& what);
  void act(coordinator::ordered&& votes);
  void act(coordinator::ran&& end);
  void act(coordinator::network_lost&& loss) { kernel_.lose_shard(loss.why); }
  void act(coordinator::recovered&& how) const;
  void act(coordinator::installed&& end);
  void act(coordinator::left_out&& who) const;

  using rank = runtime::cluster::rank;
  void begin_matched();
  void hear(const rank_news& news);
  void tell_ranks(runtime::cluster::rank_meeting::effects what);
  void act(rank::tell&& what);
  void act(rank::say&& what);
  void act(rank::admitted&& all);
  void act(rank::not_admitted&& call);
  void act(rank::settled&& end);
  void note_saved(const api::request& done);
  void act(rank::note&& news) { note(news.text); }
  void note(const std::string& text);

  void limit_memory();
  void join(const worker_joined& news);
  void report(const worker_reported& news);
  void count_workers_again();
  void drain(const call& c);
  void give_up_vps(const runtime::slice_place& at);
  runtime::value workers() const;
  runtime::value cluster_facts() const;

  void ask_vps(runtime::request what);
  runtime::run_progress progress();
  void schedule_report();
  void report();
  void show(runtime::step_t now, bool runs);

  // ---- supervisor_state.cpp
  /// A run that was on its way when the network was saved.
  struct kept_run {
    runtime::cluster::logged_request what;
    runtime::step_t begin = 0, end = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(what, begin, end); }
  };
  /// What a checkpoint holds beside the network.
  struct checkpoint_head {
    runtime::kept_kernel kernel;
    std::uint64_t changes = 0;
    std::vector<kept_answer> sessions;
    std::optional<kept_run> run;
    template <class Snapshot> void snapshot(Snapshot& s) { s(kernel, changes, sessions, run); }
  };
  struct held_answer {
    call to;
    known_sessions::answer_ref content;
  };
  void meet(const introduce& news);
  bool knows(const call& c);
  void log_begin();
  void tell(served_call job, api::answer content);
  std::vector<runtime::module_name> modules_loaded_by(const runtime::api::request& r) const;
  bool flush_log();
  void tell_held();
  void begin_restart();
  void restart_next();
  void load_checkpoint(std::unique_ptr<runtime::network_reader> from);
  bool make_next_again();
  void make_again(const runtime::cluster::logged::record& one);
  void resume(const kept_run& run);
  void stop_where_it_did(served_call& run);
  void end_replay(const served_call& job, const api::answer& content);
  void give_up(const std::string& why);
  void schedule_checkpoint();
  bool begin_checkpoint();
  void end_checkpoint(const api::answer& content);

  std::deque<call>::iterator next_look();
  bool may_rest();
  void ask_for_rest();
  void rest(const coordinator::ran& end);
  void go_on();

  const kernel_place place_;
  runtime::kernel kernel_;
  std::uint64_t shard_epoch_ = 0;
  coordinator coordinator_;
  const std::uint64_t epoch_;  // of this kernel
  fleet* const fleet_;         // null: there are no workers
  ranks* const others_;
  std::optional<rank> rank_;                               // where there are others
  std::optional<runtime::cluster::rank_meeting> meeting_;  // of the first
  site site_;                                              // this process
  std::map<worker_number, std::shared_ptr<worker_outlet>> outlets_;
  std::deque<call> waiting_;
  std::optional<served_call> current_;
  std::optional<served_call> resting_;  // the run that others look at
  time_point rest_began_{}, next_rest_{};

  state_setup state_;
  known_sessions sessions_;
  std::uint64_t changes_ = 0;  // that the kernel has seen
  std::vector<runtime::cluster::logged::record> unwritten_;
  std::vector<held_answer> held_;  // until all is written
  bool log_refused_ = false;       // by the disk: who comes waits
  bool write_scheduled_ = false;
  bool restarting_ = false, replays_ = false, kept_given_up_ = false;
  kept_state kept_;  // what is still to be made again
  std::optional<kept_run> kept_run_;
  std::vector<introduce> strangers_;  // who came meanwhile
  time_point last_join_{}, checkpoint_began_{};
  std::chrono::duration<double> checkpoint_took_{};
  bool checkpoint_scheduled_ = false, checkpoint_due_ = false;

  bool vps_move_ = false;  // between two calls
  bool report_scheduled_ = false, rest_scheduled_ = false, count_scheduled_ = false;
};

}  // namespace volley::actors
