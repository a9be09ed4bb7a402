// Ranks within one process: their messages go through queues, and each runs its script in a thread.
#pragma once
#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/host.hpp"
#include "actors/inbox.hpp"
#include "actors/rank_post.hpp"
#include "actors/ranks.hpp"
#include "caf/send.hpp"
#include "client/cpp/channel.hpp"
#include "client/cpp/session.hpp"
#include "runtime/devices/record_file.hpp"

namespace volley::actors {

/// The queues of all ranks.
class mail_room {
 public:
  explicit mail_room(std::uint32_t ranks) : boxes_(ranks) {}
  std::uint32_t ranks() const { return static_cast<std::uint32_t>(boxes_.size()); }
  void put(rank_post::kind which, std::uint32_t to, rank_post::message m) {
    const std::lock_guard guard(mutex_);
    boxes_.at(to)[static_cast<std::size_t>(which)].push_back(std::move(m));
  }
  bool take(rank_post::kind which, std::uint32_t of, std::vector<rank_post::message>& to) {
    const std::lock_guard guard(mutex_);
    auto& box = boxes_.at(of)[static_cast<std::size_t>(which)];
    const bool any = !box.empty();
    for (auto& m : box) to.push_back(std::move(m));
    box.clear();
    return any;
  }

 private:
  std::mutex mutex_;
  std::vector<std::array<std::deque<rank_post::message>, rank_post::kinds>> boxes_;
};

class queue_post final : public rank_post {
 public:
  queue_post(std::shared_ptr<mail_room> room, std::uint32_t rank) : room_(std::move(room)), rank_(rank) {}
  std::uint32_t rank() const override { return rank_; }
  std::uint32_t ranks() const override { return room_->ranks(); }
  std::uint32_t neighbours() const override { return room_->ranks(); }
  std::uint64_t epoch() const override { return 1; }
  std::string carrier() const override { return "queues"; }
  void send(kind which, std::uint32_t to, const label& what, protocol::body content) override {
    room_->put(which, to, {rank_, what, std::move(content)});
  }
  bool take(kind which, std::vector<message>& to) override { return room_->take(which, rank_, to); }
  bool is_sent() override { return true; }
  void give_up() override { gave_up = true; }
  std::atomic<bool> gave_up{false};

 private:
  const std::shared_ptr<mail_room> room_;
  const std::uint32_t rank_;
};

/// What a rank has in its process: the kernel, and a client's way to it.
class rank_in_thread {
 public:
  rank_in_thread(std::shared_ptr<queue_post> by, std::int64_t vps, runtime::cluster::rank_limits limits,
                 std::function<void(const std::string&)> says)
      : others_(std::move(by), limits, std::move(says)),
        answers_(std::make_shared<inbox>(std::chrono::nanoseconds(0))) {
    host_options o;
    o.vps = vps * others_.place().count;
    o.lanes = 1;
    o.files = &files_;
    o.workers.others = &others_;
    o.beside = &others_;
    kernel_ = std::make_unique<host>(o);
    session_ = kernel_->open(answers_, role::admin, when_client_leaves::job_ends);
  }
  std::unique_ptr<client::channel> open() { return std::make_unique<way>(*this); }

 private:
  class way final : public client::channel {
   public:
    explicit way(rank_in_thread& of) : of_(of) {}
    void send(protocol::frame f) override { caf::anon_send(of_.session_, frame_arrived{std::move(f)}); }
    std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout) override {
      return of_.answers_->receive(timeout);
    }

   private:
    rank_in_thread& of_;
  };

  runtime::system_record_files files_;
  ranks others_;
  std::shared_ptr<inbox> answers_;
  std::unique_ptr<host> kernel_;
  session_actor session_;
};

using rank_script = std::function<void(client::Session&, std::uint32_t rank)>;

/// Runs the script on all ranks; what they have said on the way.
inline std::vector<std::string> run_on_ranks(std::uint32_t ranks, std::int64_t vps, const rank_script& script,
                                             runtime::cluster::rank_limits limits = {}) {
  const auto room = std::make_shared<mail_room>(ranks);
  std::vector<std::string> said;
  std::mutex saying;
  const auto say = [&](const std::string& text) {
    const std::lock_guard guard(saying);
    said.push_back(text);
  };
  std::vector<std::thread> all;
  for (std::uint32_t rank = 0; rank < ranks; ++rank)
    all.emplace_back([&, rank] {
      rank_in_thread here(std::make_shared<queue_post>(room, rank), vps, limits, say);
      client::Session kernel(here.open());
      script(kernel, rank);
    });
  for (auto& one : all) one.join();
  return said;
}

}  // namespace volley::actors
