// The conversation of a session with its kernel: one request after another, their replies, and what comes in between.
// Session and the collections share it, so that a collection works as long as anybody holds it.
//
// When the connection breaks, it comes back by itself: it says hello with the key of its session and asks again what
// was not answered, under the same number, by which the kernel knows what it has done already.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "client/cpp/channel.hpp"
#include "client/cpp/error.hpp"
#include "client/cpp/events.hpp"
#include "client/cpp/wire.hpp"

namespace volley::client {

/// Thread safety: calls from several threads run one after another; cancel() may be called at any time by any thread.
class conversation : public std::enable_shared_from_this<conversation> {
 public:
  /// Says hello and waits for the welcome. `kernel`: see Session. Throws what the server refuses with, or
  /// connection_lost.
  static std::shared_ptr<conversation> open(std::unique_ptr<channel> to_kernel, const std::string& token,
                                            const std::string& kernel = {});
  /// Says goodbye, if this is the process that said hello.
  ~conversation();

  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  /// How long it tries to come back. As VOLLEY_RECONNECT_SECONDS says; 30 s without.
  void come_back_within(std::chrono::milliseconds limit) { patience_ = limit; }

  /// A request that is answered with a T. Throws the error of the reply, or connection_lost.
  template <class T> T ask(protocol::body request) {
    auto outcome = call(std::move(request), call_kind::short_call);
    if (T* result = std::get_if<T>(&outcome)) return std::move(*result);
    throw error("InternalError", "the server answered with another type than asked for");
  }
  /// A request that is answered with done.
  void order(protocol::body request) { call(std::move(request), call_kind::short_call); }
  /// The same for Run and Simulate: it can be cancelled, and reports progress.
  void run_job(protocol::body request) { call(std::move(request), call_kind::job); }

  /// Ends the running job, if any, at the next interval's end, with all its data.
  void cancel();

  /// Replaces the listeners.
  void listen(listeners to);

  /// The kernel counts its resets; collections of an earlier one are stale.
  std::uint64_t generation() const { return generation_; }
  const std::string& server_version() const { return server_version_; }

 private:
  enum class call_kind { short_call, job };
  using outcome = decltype(wire::reply::outcome);
  struct waiting;

  explicit conversation(std::unique_ptr<channel> to_kernel);
  void greet();
  void come_back(const connection_lost& loss);
  bool try_to_come_back();
  outcome call(protocol::body request, call_kind kind);
  void check_callable() const;
  protocol::frame numbered(protocol::frame_kind kind, protocol::body content, std::uint64_t position = 0);
  std::uint64_t post(protocol::frame_kind kind, protocol::body content, std::uint64_t position = 0);
  protocol::frame opening(protocol::body request, call_kind kind);
  wire::reply answer_to(const protocol::frame& request, waiting& call);
  wire::reply await(std::uint64_t sequence, waiting& call);
  protocol::frame receive_answer(std::uint64_t sequence, waiting& call);
  protocol::body collect_pages(std::uint64_t words, waiting& call);
  void deliver(const protocol::frame& event, waiting& call);
  void poll_interrupt(waiting& call);
  [[noreturn]] void lose(const std::string& why);

  std::unique_ptr<channel> channel_;
  const pid_t process_;
  std::string token_, key_, kernel_;
  std::chrono::milliseconds patience_;
  std::string server_version_;
  std::atomic<std::uint64_t> generation_ = 0;

  std::mutex calls_;  // held during a call
  std::atomic<std::thread::id> caller_;
  listeners listeners_;
  std::string lost_;  // why; empty while the connection stands

  std::mutex sending_;  // orders sequence numbers on the wire; guards the following
  protocol::header head_;
  bool job_runs_ = false, job_asked_ = false, job_cancelled_ = false;
  std::optional<wire::welcome> welcome_;  // the first one
  std::uint64_t changes_ = 0;             // that this session knows of
};

}  // namespace volley::client
