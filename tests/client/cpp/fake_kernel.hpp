// A kernel of a few lines behind a channel, for tests of the client: welcomes, keeps the requests, answers as it is
// told.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "client/cpp/channel.hpp"
#include "client/cpp/error.hpp"
#include "protocol/api.capnp.h"
#include "protocol/message.hpp"

namespace volley::client {

/// What a test sees of the kernel. Thread safety: all members.
class fake_kernel {
 public:
  using answer = std::function<void(protocol::Request::Reader, protocol::Reply::Builder)>;

  /// Fills the replies from now on; without it, everything is done.
  void answers(answer how) {
    set([&] { answer_ = std::move(how); });
  }
  /// Keeps requests unanswered: the test pushes what is to come.
  void holds() {
    set([&] { holding_ = true; });
  }
  /// Refuses the hello.
  void refuses() {
    set([&] { refusing_ = true; });
  }
  /// Sends and receives fail until the client comes back, to a kernel of this number that knows of so many changes.
  void breaks(std::uint64_t identity, std::uint64_t changes) {
    set([&] {
      broken_ = true;
      to_client_.clear();
      identity_ = identity;
      changes_ = changes;
    });
  }
  bool reopen() {
    set([&] { broken_ = false; });
    return true;
  }
  /// Every later send and receive fails.
  void dies() {
    set([&] { dead_ = true; });
  }

  std::vector<protocol::frame> sent() {
    const std::lock_guard guard(mutex_);
    return sent_;
  }
  std::size_t count_of(protocol::Request::Which kind) {
    std::size_t count = 0;
    for (const auto& f : sent())
      if (f.head().kind == protocol::frame_kind::request)
        protocol::read_message<protocol::Request>(f.body(), [&](auto request) { count += request.which() == kind; });
    return count;
  }

  /// Sends a frame to the client, as an answer to the frame `like`.
  void push(protocol::frame_kind kind, const protocol::header& like, protocol::body content) {
    protocol::header head = like;
    head.kind = kind;
    set([&] { to_client_.emplace_back(head, std::move(content)); });
  }
  void push_reply(const protocol::header& like) {
    push(protocol::frame_kind::reply, like,
         protocol::write_message<protocol::Reply>([](auto reply) { reply.setDone(); }));
  }

  void take(protocol::frame f) {
    const auto head = f.head();
    answer how;
    bool holding = false, refusing = false;
    set([&] {
      if (dead_ || broken_) throw connection_lost("the fake is dead");
      sent_.push_back(f);
      how = answer_, holding = holding_, refusing = refusing_;
    });
    if (head.kind == protocol::frame_kind::hello) refusing ? refuse(head) : welcome(head);
    if (head.kind == protocol::frame_kind::request && !holding) reply(f, how);
  }

  std::optional<protocol::frame> give(std::chrono::nanoseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return dead_ || broken_ || !to_client_.empty(); });
    if (dead_ || broken_) throw connection_lost("the fake is dead");
    if (to_client_.empty()) return std::nullopt;
    auto f = std::move(to_client_.front());
    to_client_.pop_front();
    return f;
  }

  static constexpr std::uint64_t session = 17, kernel = 5, generation = 3;

 private:
  template <class Change> void set(Change change) {
    const std::lock_guard guard(mutex_);
    change();
    changed_.notify_all();
  }
  void welcome(const protocol::header& hello) {
    push(protocol::frame_kind::welcome, hello, protocol::write_message<protocol::Welcome>([&](auto out) {
           out.setSession(session);
           out.setKernel(kernel);
           out.setGeneration(generation);
           out.setVersion("fake");
           out.setIdentity(identity_);
           out.setChanges(changes_);
           out.setLasting(true);
         }));
  }
  void refuse(const protocol::header& hello) {
    push(protocol::frame_kind::refused, hello, protocol::write_message<protocol::Error>([](auto out) {
           out.setKind("KernelException");
           out.setMessage("not admitted");
         }));
  }
  void reply(const protocol::frame& f, const answer& how) {
    push(protocol::frame_kind::reply, f.head(), protocol::write_message<protocol::Reply>([&](auto out) {
           out.setGeneration(generation);
           out.setChanges(changes_);
           out.setDone();
           if (how) protocol::read_message<protocol::Request>(f.body(), [&](auto request) { how(request, out); });
         }));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  answer answer_;
  bool holding_ = false, refusing_ = false, dead_ = false, broken_ = false;
  std::uint64_t identity_ = 1, changes_ = 5;
  std::vector<protocol::frame> sent_;
  std::deque<protocol::frame> to_client_;
};

class fake_channel final : public channel {
 public:
  explicit fake_channel(std::shared_ptr<fake_kernel> kernel) : kernel_(std::move(kernel)) {}
  void send(protocol::frame f) override { kernel_->take(std::move(f)); }
  std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout) override { return kernel_->give(timeout); }
  bool reopen() override { return kernel_->reopen(); }

 private:
  std::shared_ptr<fake_kernel> kernel_;
};

/// The kind of the client error that `call` throws; "" when it throws none.
inline std::string kind_of_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const error& thrown) {
    return thrown.kind();
  }
  return "";
}

}  // namespace volley::client
