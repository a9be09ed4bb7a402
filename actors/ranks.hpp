// What a process that is one of several ranks has of the others: ways for batches and for words, and news of those that
// are gone. Idle lanes look at them; nothing can ring a lane from another rank, so one lane looks again and again while
// something is awaited.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/lanes.hpp"
#include "actors/links.hpp"
#include "actors/messages.hpp"
#include "actors/rank_greeting.hpp"
#include "actors/rank_lifeline.hpp"
#include "actors/rank_post.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/cluster/rank_meeting.hpp"
#include "runtime/cluster/rank_message.hpp"

namespace volley::actors {

class rank_links;

class ranks final : public link_maker, public idle_work {
 public:
  /// Waits until all ranks have come. `says` gets lines for the user while somebody is waited for, or has died, by any
  /// thread. Throws std::runtime_error for ranks that cannot work together.
  ranks(std::shared_ptr<rank_post> post, const runtime::cluster::rank_limits& limits,
        std::function<void(const std::string&)> says);
  /// The others learn that this rank's script has ended.
  ~ranks() override;

  runtime::rank_place place() const { return {post_->rank(), post_->ranks()}; }
  std::uint64_t epoch() const { return post_->epoch(); }
  const runtime::cluster::rank_limits& limits() const { return limits_; }
  std::uint32_t neighbours() const { return post_->neighbours(); }
  /// There are more ranks on this machine than cores: who spins is in others' way.
  bool is_crowded() const { return is_crowded_; }

  // ---- words, of the supervisor's actor alone

  /// Who hears them; null: nobody any more.
  void listen(supervisor_actor listener);
  /// Whether something is awaited of other ranks.
  void expect(bool something);
  /// Who hears of a death from now on hears what is left of the network, too.
  void leave(std::string what);
  /// To the first rank.
  void say(const runtime::cluster::rank_word& what);
  /// Of the first rank.
  void tell(const std::vector<std::uint32_t>& to, const runtime::cluster::of_first_rank& what);

  // ---- batches

  std::shared_ptr<links> open(runtime::cluster::fence at, runtime::cluster::worker_number me,
                              const runtime::cluster::told::place& what,
                              std::shared_ptr<link_listener> listener) override;
  frame_counts counts() const override { return {.stale = stale_.load(std::memory_order_relaxed)}; }

  // ---- lanes

  bool look() override;
  std::optional<std::chrono::nanoseconds> about_to_sleep() override;
  void slept() override { is_watched_.store(false, std::memory_order_release); }

 private:
  friend rank_links;

  void end_of(std::uint32_t rank, bool orderly);
  bool look_for_words();
  bool look_for_batches();
  /// Something is awaited from now on.
  void wake() { naps_.store(0, std::memory_order_relaxed); }

  const std::shared_ptr<rank_post> post_;
  const runtime::cluster::rank_limits limits_;
  const std::function<void(const std::string&)> says_;
  const bool is_crowded_;

  std::mutex looking_;  // guards what follows
  supervisor_actor listener_;
  std::vector<rank_news> early_;  // ends, before somebody listened
  std::string left_ = "nothing was saved";
  std::shared_ptr<rank_links> links_;
  std::vector<rank_post::message> came_;
  std::vector<rank_card> cards_;  // of the first rank: of all

  std::atomic<bool> expects_word_{false}, expects_batch_{false};
  std::atomic<bool> sends_{false};  // words that have not gone
  std::atomic<std::uint64_t> stale_{0};
  std::atomic<bool> is_watched_{false};  // a lane sleeps for a short while only
  std::atomic<std::uint32_t> naps_{0};

  std::unique_ptr<rank_lifeline> lifeline_;
};

}  // namespace volley::actors
