#include "client/cpp/conversation.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>

#include "protocol/limits.hpp"
#include "protocol/malformed.hpp"

namespace volley::client {
namespace {

constexpr std::chrono::milliseconds poll_period{50}, shortest_pause{20}, longest_pause{1'000};
constexpr std::chrono::seconds welcome_within{10};
// Where nobody listens and the kernel dies with its server, there is not much to wait for.
constexpr std::chrono::milliseconds patience_with_mortals{1'000};
constexpr std::int32_t warning = 20;  // of nest.VerbosityLevel

std::string new_key() {
  std::string key(32, 0);
  if (::getentropy(key.data(), key.size()) != 0) key.clear();  // this session cannot come back
  return key;
}

std::chrono::milliseconds patience_of_environment() {
  const char* const text = std::getenv("VOLLEY_RECONNECT_SECONDS");
  char* end = nullptr;
  const double seconds = text == nullptr ? 30 : std::strtod(text, &end);
  if (text != nullptr && (end == text || *end != 0 || !(seconds >= 0 && seconds <= 1e6)))
    throw error("builtins.ValueError",
                "VOLLEY_RECONNECT_SECONDS is \"" + std::string(text) + "\": expected a number of seconds");
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

/// The kernel that this session knows is not there any more, its server may be: there is no use in trying again.
struct kernel_gone : connection_lost {
  using connection_lost::connection_lost;
};

}  // namespace

/// What happened while a call waits for its reply.
struct conversation::waiting {
  std::exception_ptr failure;  // of a listener
  int interrupts = 0;

  /// Keeps the first exception of a listener, so that the reply is still received. True when it threw.
  bool guarded(const std::function<void()>& listener) {
    try {
      listener();
      return false;
    } catch (...) {
      if (!failure) failure = std::current_exception();
      return true;
    }
  }
};

conversation::conversation(std::unique_ptr<channel> to_kernel)
    : channel_(std::move(to_kernel)), process_(::getpid()), key_(new_key()), patience_(patience_of_environment()) {}

std::shared_ptr<conversation> conversation::open(std::unique_ptr<channel> to_kernel, const std::string& token,
                                                 const std::string& kernel) {
  std::shared_ptr<conversation> opened(new conversation(std::move(to_kernel)));
  opened->token_ = token;
  opened->kernel_ = kernel;
  opened->lost_ = "no welcome came";  // until one has
  opened->head_.sequence = 1;
  opened->greet();
  opened->lost_.clear();
  return opened;
}

conversation::~conversation() {
  if (!lost_.empty() || ::getpid() != process_) return;
  try {
    post(protocol::frame_kind::goodbye, nullptr);
  } catch (const std::exception&) {
    // The server is gone already: nobody is left to take leave of.
  }
}

// REQUIRES: nobody else sends. Who comes back does not count its hello: what it asks again has a later number.
void conversation::greet() try {
  channel_->send(protocol::frame({.kind = protocol::frame_kind::hello, .sequence = welcome_ ? 0u : 1u},
                                 wire::hello(token_, key_, kernel_, welcome_ ? welcome_->identity : 0)));
  // A server that has just been started again may have much to do before.
  const auto answer = channel_->receive(welcome_ ? std::max<std::chrono::milliseconds>(patience_, welcome_within)
                                                 : std::chrono::milliseconds(welcome_within));
  if (!answer) throw connection_lost("the server did not answer in time");
  if (answer->head().kind == protocol::frame_kind::refused) throw wire::read_error(answer->body());
  if (answer->head().kind != protocol::frame_kind::welcome)
    throw connection_lost("the server answered without a welcome");
  const auto welcome = wire::read_welcome(answer->body());
  if (welcome_ && welcome.identity != welcome_->identity)
    throw kernel_gone(
        "the server was started again, or the kernel dropped, and another is there: the network of this session is "
        "gone");
  if (welcome.changes < changes_)
    throw kernel_gone("the server was started again and has lost the last " +
                      std::to_string(changes_ - welcome.changes) +
                      " changes that this session knows of: its network is not what was built");
  head_.cluster = answer->head().cluster;
  head_.epoch = answer->head().epoch;
  head_.session = welcome.session;
  head_.kernel = welcome.kernel;
  server_version_ = welcome.version;
  generation_ = welcome.generation;
  changes_ = welcome.changes;
  if (!welcome_) welcome_ = welcome;
} catch (const protocol::malformed& fault) {
  throw kernel_gone(std::string("what answers is no server of this protocol: ") + fault.what());
}

/// Throws what ends the conversation: the loss, with what is known then.
void conversation::come_back(const connection_lost& loss) {
  using clock = std::chrono::steady_clock;
  if (patience_ == patience_.zero() || key_.empty()) throw connection_lost(loss);
  const auto limit = welcome_->lasting ? patience_ : std::min(patience_, patience_with_mortals);
  const auto until = clock::now() + limit;
  const std::string unknown = "; whether the call that was on its way is done is not known, all before it are";
  if (welcome_->lasting && listeners_.on_log)
    listeners_.on_log({warning, std::string(loss.what()) + "; trying for " + std::to_string(limit.count() / 1000) +
                                    " s to come back (VOLLEY_RECONNECT_SECONDS)"});
  for (auto pause = shortest_pause;; pause = std::min(2 * pause, longest_pause)) {
    try {
      if (!try_to_come_back()) throw connection_lost(loss);
      return;
    } catch (const kernel_gone&) {
      throw;
    } catch (const connection_lost& again) {
      if (clock::now() + pause > until) throw connection_lost(std::string(loss.what()) + unknown);
    } catch (const error& refused) {
      throw connection_lost(std::string(loss.what()) + "; then " + refused.what() + unknown);
    }
    std::this_thread::sleep_for(pause);
    if (listeners_.interrupted && listeners_.interrupted())
      throw connection_lost(std::string(loss.what()) + "; given up" + unknown);
  }
}

/// False where the channel cannot be had again.
bool conversation::try_to_come_back() {
  const std::lock_guard guard(sending_);
  job_asked_ = false;
  if (!channel_->reopen()) return false;
  greet();
  return true;
}

void conversation::listen(listeners to) {
  check_callable();
  const std::lock_guard guard(calls_);
  listeners_ = std::move(to);
}

void conversation::check_callable() const {
  if (::getpid() != process_)
    throw error("KernelException",
                "this process was forked from the one that opened the session; open a session of its own");
  if (caller_ == std::this_thread::get_id())
    throw error("KernelException", "a listener of a running call must not call the kernel, but for cancel");
}

conversation::outcome conversation::call(protocol::body request, call_kind kind) {
  check_callable();
  const std::lock_guard guard(calls_);
  if (!lost_.empty()) throw connection_lost(lost_);
  struct caller_mark {
    std::atomic<std::thread::id>& caller;
    ~caller_mark() { caller = std::thread::id(); }
  } mark{caller_};
  caller_ = std::this_thread::get_id();
  try {
    waiting call;
    auto reply = answer_to(opening(std::move(request), kind), call);
    if (auto* fault = std::get_if<error>(&reply.outcome)) throw *fault;
    return std::move(reply.outcome);
  } catch (const protocol::malformed& fault) {
    lose(std::string("the server's answer is damaged: ") + fault.what());
  } catch (const connection_lost& loss) {
    lost_ = loss.what();
    throw;
  }
}

/// The frame of a request, which is asked as often as it takes.
protocol::frame conversation::opening(protocol::body request, call_kind kind) {
  const std::lock_guard guard(sending_);
  job_runs_ = kind == call_kind::job;
  job_asked_ = job_cancelled_ = false;
  return numbered(protocol::frame_kind::request, std::move(request));
}

wire::reply conversation::answer_to(const protocol::frame& request, waiting& call) {
  struct job_end {
    conversation& self;
    ~job_end() {
      const std::lock_guard guard(self.sending_);
      self.job_runs_ = false;
    }
  } end{*this};
  for (;;) {
    try {
      {
        const std::lock_guard guard(sending_);
        channel_->send(request);
        job_asked_ = job_runs_;
        if (job_cancelled_) channel_->send(numbered(protocol::frame_kind::request, wire::cancel()));
      }
      return await(request.head().sequence, call);
    } catch (const kernel_gone&) {
      throw;
    } catch (const connection_lost& loss) {
      come_back(loss);
    }
  }
}

std::uint64_t conversation::post(protocol::frame_kind kind, protocol::body content, std::uint64_t position) {
  const std::lock_guard guard(sending_);
  channel_->send(numbered(kind, std::move(content), position));
  return head_.sequence;
}

// REQUIRES: sending_ is held.
protocol::frame conversation::numbered(protocol::frame_kind kind, protocol::body content, std::uint64_t position) {
  head_.kind = kind;
  head_.position = position;
  ++head_.sequence;
  return protocol::frame(head_, std::move(content));
}

void conversation::cancel() {
  if (::getpid() != process_) return;
  const std::lock_guard guard(sending_);
  if (!job_runs_) return;
  job_cancelled_ = true;
  try {
    if (job_asked_) channel_->send(numbered(protocol::frame_kind::request, wire::cancel()));
  } catch (const connection_lost&) {
    // Who waits for the job learns of it, and says it again.
  }
}

wire::reply conversation::await(std::uint64_t sequence, waiting& call) {
  for (;;) {
    const auto f = receive_answer(sequence, call);
    if (f.head().kind == protocol::frame_kind::event) {
      deliver(f, call);
      poll_interrupt(call);
      continue;
    }
    if (f.head().kind != protocol::frame_kind::reply) lose("the server sent a frame that is no reply");
    auto reply = wire::read_reply(f.body(), shared_from_this());
    if (reply.paged_words > 0) reply = wire::read_reply(collect_pages(reply.paged_words, call), shared_from_this());
    generation_ = reply.generation;
    changes_ = std::max(changes_, reply.changes);
    for (const auto& entry : reply.log)
      if (listeners_.on_log) call.guarded([&] { listeners_.on_log(entry); });
    if (call.failure) std::rethrow_exception(call.failure);
    return reply;
  }
}

/// The next frame of this number. Others are answers to a cancel, or to a call that was given up.
protocol::frame conversation::receive_answer(std::uint64_t sequence, waiting& call) {
  for (;;) {
    auto f = channel_->receive(poll_period);
    if (!f) {
      poll_interrupt(call);
      continue;
    }
    if (f->head().kind == protocol::frame_kind::goodbye && f->body_bytes().size() > 0)
      throw kernel_gone(std::string("the connection to the kernel is lost: ") + wire::read_error(f->body()).what());
    if (f->head().kind == protocol::frame_kind::goodbye)
      throw connection_lost("the connection to the kernel is lost: the server shut down");
    if (f->head().sequence == sequence) return *std::move(f);
  }
}

/// A long reply: a few pages are asked for ahead, so that the server has the next when one has come.
protocol::body conversation::collect_pages(std::uint64_t words, waiting& call) {
  constexpr std::size_t pages_ahead = 3;
  if (words > protocol::reply_limit_words) throw protocol::malformed("a reply of " + std::to_string(words) + " words");
  auto whole = protocol::words::of_size(words);
  std::deque<std::uint64_t> asked;  // their numbers, in the order of the pages
  std::uint64_t asked_words = 0;
  for (std::uint64_t have = 0; have < words;) {
    for (; asked_words < words && asked.size() < pages_ahead; asked_words += protocol::page_limit_words)
      asked.push_back(post(protocol::frame_kind::page_request, nullptr, asked_words));
    const auto f = receive_answer(asked.front(), call);
    asked.pop_front();
    const auto page = f.body_bytes();
    const auto wanted = std::min<std::uint64_t>(protocol::page_limit_words, words - have) * sizeof(protocol::word);
    if (f.head().kind != protocol::frame_kind::page || f.head().position != have || page.size() != wanted)
      throw protocol::malformed("a page that does not fit its reply");
    std::memcpy(whole.view().data() + have, page.data(), page.size());
    have += page.size() / sizeof(protocol::word);
  }
  return std::make_shared<const protocol::words>(std::move(whole));
}

void conversation::deliver(const protocol::frame& f, waiting& call) {
  const auto event = wire::read_event(f.body());
  if (call.failure) return;  // the job is being cancelled
  const bool failed = call.guarded([&] {
    if (const auto* now = std::get_if<progress>(&event); now && listeners_.on_progress) listeners_.on_progress(*now);
    if (const auto* entry = std::get_if<log_entry>(&event); entry && listeners_.on_log) listeners_.on_log(*entry);
  });
  if (failed) cancel();
}

void conversation::poll_interrupt(waiting& call) {
  if (!listeners_.interrupted) return;
  bool wants_out = false;
  if (call.failure) return;  // the job is being cancelled
  const bool failed = call.guarded([&] { wants_out = listeners_.interrupted(); });
  if (!wants_out && !failed) return;
  if (++call.interrupts > 1) {
    if (call.failure) std::rethrow_exception(call.failure);
    throw error("KernelException", "the call was given up; the kernel may still be busy with it");
  }
  cancel();
}

void conversation::lose(const std::string& why) {
  lost_ = "the connection to the kernel is lost: " + why;
  throw connection_lost(lost_);
}

}  // namespace volley::client
