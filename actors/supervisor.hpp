// The actor that owns one kernel: its clock and its VPs. It serves calls one after another, carries the kernel's steps
// to all VPs and their votes back, and runs the simulation. What a call means is the kernel's business.
// While one session's run is on, others may look: the run rests at an interval's end, calls that only read are served,
// and it goes on. What it computes does not depend on that.
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "actors/ensemble.hpp"
#include "actors/messages.hpp"
#include "caf/actor_clock.hpp"
#include "runtime/kernel/kernel.hpp"

namespace volley::actors {

class supervisor : public supervisor_actor::base {
 public:
  supervisor(caf::actor_config& config, const runtime::kernel_options& options);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "supervisor"; }

 private:
  using order_step = std::unique_ptr<runtime::order_step>;
  using run_step = std::unique_ptr<runtime::run_step>;
  using time_point = caf::actor_clock::time_point;

  /// The call that is being served.
  struct served_call {
    call what;
    bool cancelled = false;
    std::variant<std::monostate, order_step, run_step> step{};  ///< what it waits for
    std::optional<time_point> run_began{};
    runtime::step_t stretch_end = 0;  ///< a run may take several
    std::uint64_t run_spikes = 0;     ///< until its last rest, or the end of its last stretch
    bool runs() const { return std::holds_alternative<run_step>(step); }
  };

  void serve_next();
  void cancel(const session_actor& of);
  void forget(const session_left& gone);

  template <class Move> void proceed(Move&& move);
  void take(runtime::outcome next);
  void begin(order_step step);
  void begin(run_step step);
  void answer(runtime::api::answer content);

  void renew_vps();
  void dismiss_vps();
  template <class Order> void tell_vps(const Order& order);

  void count(const voted& vote);
  void all_voted();
  void run_has_stopped(const run_stopped& end);
  void schedule_report();
  void report();

  std::deque<call>::iterator next_look();
  bool may_rest();
  void ask_for_rest();
  void rest(runtime::step_t now);
  void go_on();

  runtime::kernel kernel_;
  std::uint64_t shard_epoch_ = 0;
  std::shared_ptr<ensemble> ensemble_;
  std::deque<call> waiting_;
  std::optional<served_call> current_;
  std::optional<served_call> resting_;  // the run that others look at
  time_point rest_began_{}, next_rest_{};
  std::vector<voted> votes_;  // by VP
  std::size_t votes_missing_ = 0;
  bool report_scheduled_ = false, rest_scheduled_ = false;
};

}  // namespace volley::actors
