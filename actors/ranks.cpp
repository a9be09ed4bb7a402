#include "actors/ranks.hpp"

#include <sched.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "actors/byte_body.hpp"
#include "caf/send.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

using namespace std::chrono_literals;

// A lane that waits for others looks that often, at first and then.
constexpr std::chrono::nanoseconds nap = 50us, long_nap = 500us;
constexpr std::uint32_t short_naps = 400;
constexpr auto sent_within = 1s;
// What a rank has said before its goodbye comes by another way.
constexpr auto words_arrive_within = 200ms;

}  // namespace

/// The ways to all other ranks, of one placement.
class rank_links final : public links {
 public:
  rank_links(ranks& all, cluster::fence at, std::shared_ptr<link_listener> listener)
      : all_(all), at_(at), listener_(std::move(listener)) {}

  void put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) override {
    const auto content = back_to_back(batches);
    const auto me = all_.post_->rank();
    for (std::uint32_t to = 0; to < all_.post_->ranks(); ++to)
      if (to != me) all_.post_->send(rank_post::kind::batch, to, {at_.epoch, interval, at_.placement, asked}, content);
  }
  void resume() override {
    all_.wake();
    all_.expects_batch_.store(true, std::memory_order_release);
  }
  void rest() override {
    const std::lock_guard guard(all_.looking_);
    all_.expects_batch_.store(false, std::memory_order_release);
  }
  void close() override {
    const std::lock_guard guard(all_.looking_);
    if (all_.links_.get() == this) {
      all_.expects_batch_.store(false, std::memory_order_release);
      all_.links_.reset();
    }
    listener_.reset();
  }

  /// False: it is of another placement.
  bool take(const rank_post::message& m) {
    if (!listener_ || m.what.epoch != at_.epoch || m.what.placement != at_.placement) return false;
    const cluster::worker_number from(m.from);
    try {
      listener_->take_frame(from, m.what.interval, static_cast<runtime::request_bits>(m.what.flags), m.content);
    } catch (const std::exception& fault) {
      listener_->link_broke(from, fault.what());
    }
    return true;
  }

 private:
  ranks& all_;
  const cluster::fence at_;
  std::shared_ptr<link_listener> listener_;  // guarded by all_.looking_
};

ranks::ranks(std::shared_ptr<rank_post> post, const cluster::rank_limits& limits,
             std::function<void(const std::string&)> says)
    : post_(std::move(post)),
      limits_(limits),
      says_(std::move(says)),
      is_crowded_(post_->neighbours() > static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_ONLN))) {
  const auto told = [this](std::uint32_t rank, bool orderly) { end_of(rank, orderly); };
  const auto open_door = [&] {
    try {
      const bool on_this_machine = post_->neighbours() == post_->ranks();
      lifeline_ = std::make_unique<rank_lifeline>(post_->ranks(), on_this_machine, told);
      return lifeline_->door();
    } catch (const std::exception& failure) {
      says_(std::string("ranks cannot be told when one dies: ") + failure.what());
      return rank_door();
    }
  };
  auto greeting = greet(*post_, own_rank_card(), open_door, limits.told_after, limits.given_up_after, says_);
  if (const std::lock_guard guard(looking_); post_->rank() == 0) cards_ = std::move(greeting.ranks);
  if (post_->rank() == 0 || greeting.door.addresses.empty()) return;
  try {
    lifeline_ = std::make_unique<rank_lifeline>(post_->rank(), greeting.door, told);
  } catch (const std::exception& failure) {
    says_("rank " + std::to_string(post_->rank()) + " cannot be told when another dies: " + failure.what());
  }
}

// What is on its way goes first: others may wait for it.
ranks::~ranks() {
  const auto end = std::chrono::steady_clock::now() + sent_within;
  while (!post_->is_sent() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(nap);
  lifeline_.reset();
}

// One rank tells at once, whatever its script is at.
void ranks::end_of(std::uint32_t rank, bool orderly) {
  if (!orderly) post_->give_up();
  const std::lock_guard guard(looking_);
  const auto how = rank < cards_.size() ? "(" + cards_[rank].name() + ") has died" : std::string("has died");
  if (!orderly && post_->rank() == (rank == 0 ? 1u : 0u))
    says_("rank " + std::to_string(rank) + " " + how + "; " + left_);
  const rank_news news{rank, std::make_shared<rank_news::content>(rank_end{orderly, how, left_})};
  if (!listener_)
    early_.push_back(news);
  else if (orderly)
    caf::delayed_anon_send(listener_, words_arrive_within, news);
  else
    caf::anon_send(listener_, news);
}

// ---- words

void ranks::listen(supervisor_actor listener) {
  const std::lock_guard guard(looking_);
  listener_ = std::move(listener);
  if (!listener_) return;
  for (const auto& news : std::exchange(early_, {})) caf::anon_send(listener_, news);
}

void ranks::expect(bool something) {
  if (something && !expects_word_.exchange(true, std::memory_order_acq_rel)) wake();
  if (!something) expects_word_.store(false, std::memory_order_release);
}

void ranks::leave(std::string what) {
  const std::lock_guard guard(looking_);
  left_ = std::move(what);
}

void ranks::say(const cluster::rank_word& what) {
  post_->send(rank_post::kind::word, 0, {post_->epoch()}, byte_body(cluster::encoded(what)));
}

void ranks::tell(const std::vector<std::uint32_t>& to, const cluster::of_first_rank& what) {
  if (to.empty()) return;
  const auto content = byte_body(cluster::encoded(what));
  for (const auto rank : to) post_->send(rank_post::kind::word, rank, {post_->epoch()}, content);
  wake();
  sends_.store(true, std::memory_order_release);  // somebody looks until they have gone, though nothing is awaited
}

bool ranks::look_for_words() {
  came_.clear();
  if (!listener_ || !post_->take(rank_post::kind::word, came_)) return false;
  for (const auto& m : came_) {
    if (m.what.epoch != post_->epoch()) continue;
    auto content = post_->rank() == 0 ? rank_news::content(cluster::decoded_rank_word(bytes_in(m.content)))
                                      : rank_news::content(cluster::decoded_of_first_rank(bytes_in(m.content)));
    caf::anon_send(listener_, rank_news{m.from, std::make_shared<rank_news::content>(std::move(content))});
  }
  return true;
}

// ---- batches

std::shared_ptr<links> ranks::open(cluster::fence at, cluster::worker_number, const cluster::told::place&,
                                   std::shared_ptr<link_listener> listener) {
  auto opened = std::make_shared<rank_links>(*this, at, listener);
  {
    const std::lock_guard guard(looking_);
    links_ = opened;
  }
  listener->links_stand();
  return opened;
}

bool ranks::look_for_batches() {
  came_.clear();
  if (!links_ || !post_->take(rank_post::kind::batch, came_)) return false;
  for (const auto& m : came_)
    if (!links_->take(m)) stale_.fetch_add(1, std::memory_order_relaxed);
  came_.clear();
  return true;
}

// ---- lanes

// A run may end with what has come: it expects no more batches then.
bool ranks::look() {
  const bool words = expects_word_.load(std::memory_order_acquire),
             batches = expects_batch_.load(std::memory_order_acquire), sends = sends_.load(std::memory_order_acquire);
  if (!words && !batches && !sends) return false;
  bool any = false;
  if (const std::unique_lock guard(looking_, std::try_to_lock); guard) {
    if (batches && expects_batch_.load(std::memory_order_acquire)) any = look_for_batches();
    if (words) any = look_for_words() || any;
    if (sends && post_->is_sent()) sends_.store(false, std::memory_order_release);
  }
  if (any)
    wake();
  else if (is_crowded_)
    ::sched_yield();  // others wait for this core, and this rank for them
  return any;
}

std::optional<std::chrono::nanoseconds> ranks::about_to_sleep() {
  const bool looks = expects_word_.load(std::memory_order_acquire) || expects_batch_.load(std::memory_order_acquire) ||
                     sends_.load(std::memory_order_acquire);
  if (!looks) return {};
  // One is enough. When it finds a job, it is the next to look again.
  if (is_watched_.exchange(true, std::memory_order_acq_rel)) return {};
  return naps_.fetch_add(1, std::memory_order_relaxed) < short_naps ? nap : long_nap;
}

}  // namespace volley::actors
