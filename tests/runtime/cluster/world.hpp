// A whole cluster in one thread: coordinator, members, exchanges and the frames between them, in a world whose every
// step is drawn from a seed. Connections between workers break at any time and come back; frames of connections and
// placements that are over turn up again; messages wait as long as they please. Workers die, also between two things
// that are to be done, others join, and VPs fail.
//
// VPs are toys: what one is, is a hash of all that it was told and heard. Two worlds that told their VPs the same have
// the same hashes, however many workers and faults there were. An image holds the hash but for the orders that make
// the network, and goes into a VP that was told these alone. Each step is recorded, in pieces that images share, until
// an order clears what there is.
#pragma once
#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/snapshot.hpp"
#include "runtime/cluster/coordinator.hpp"
#include "runtime/cluster/member.hpp"
#include "runtime/cluster/peer_frames.hpp"
#include "runtime/exchange/exchange.hpp"

namespace volley::runtime::cluster {

using hash = std::uint64_t;
inline hash mixed(hash a, hash b) {
  a = (a ^ (b + 0x9e3779b97f4a7c15 + (a << 6) + (a >> 2))) * 0xff51afd7ed558ccd;
  return a ^ (a >> 33);
}

/// Throws what must never be: the seed is in the text of whoever catches it.
inline void must(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

struct toy_frame {
  fence at;
  worker_number from;
  std::uint64_t interval = 0;
  request_bits asked = 0;
  std::map<std::uint32_t, hash> batches;
};

/// One process: a member's machine and what it does with its hands.
class toy_worker final : public exchange_orders {
 public:
  toy_worker(worker_number me, std::function<bool()> vp_fails) : me(me), machine(me), vp_fails_(std::move(vp_fails)) {}

  struct toy_vp {
    hash made = 0, state = 0;  // by orders that images take for granted, and by all others
    std::vector<hash> recorded;
    std::vector<shared_bytes> pieces;  // of what was recorded, as the last image has them
    std::size_t in_pieces = 0;
    double computed = 0;
    std::shared_ptr<const order> tried;
    std::deque<std::variant<std::shared_ptr<const order>, bool, slice, image>> told;
  };
  struct peer {
    explicit peer(fence at) : frames(at) {}
    peer_frames<toy_frame> frames;
    std::deque<toy_frame> coming;  // on the connection to us
  };

  void carry_out(member::effects what) {
    for (auto& one : what) std::visit([this](auto&& e) { act(std::move(e)); }, std::move(one));
  }

  /// The first thing that this VP was told. False: there is none.
  bool work(std::uint32_t number) {
    auto& v = vps.at(number);
    if (v.told.empty()) return false;
    const auto what = std::move(v.told.front());
    v.told.pop_front();
    if (const auto* o = std::get_if<std::shared_ptr<const order>>(&what)) {
      vote(number, v, **o);
    } else if (const auto* keep = std::get_if<bool>(&what)) {
      const auto tried = std::exchange(v.tried, nullptr);
      if (*keep && vp_fails_())
        failed.emplace_back(machine.here(), number);
      else if (*keep)
        keep_change(v, *tried);
    } else if (const auto* part = std::get_if<slice>(&what)) {
      compute(number, v, *part);
    } else {
      const auto& from = *std::get<image>(what);
      const auto [made, state] = object_of<std::pair<hash, hash>>(*from.state);
      must(made == v.made, "an image goes into the network that it is of");
      v.state = state;
      v.pieces = from.events;
      v.recorded.clear();
      for (const auto& piece : v.pieces)
        std::ranges::copy(object_of<std::vector<hash>>(*piece), std::back_inserter(v.recorded));
      v.in_pieces = v.recorded.size();
      carry_out(machine.vote({number, reply(std::monostate()), std::nullopt}));
    }
    return true;
  }

  void take(toy_frame f) {
    auto& p = peers.at(f.from);
    switch (p.frames.arrive(f.at, f.interval)) {
      case frame_fate::taken: break;
      case frame_fate::ahead: must(false, "a frame is missing"); break;
      default: return;
    }
    for (const auto& [vp, batch] : f.batches) batches[f.interval & 1][vp] = batch;
    meeting->frame(f.interval, f.asked);
  }

  void release(const slice& next) override {
    for (auto& [number, v] : vps) v.told.emplace_back(next);
  }
  void stop(stop_reason why, step_t now) override { stopped_ = {why, now}; }
  void publish(std::uint64_t interval, request_bits asked) override {
    toy_frame f{machine.here(), me, interval, asked, {}};
    if (!(asked & bit(request::failed)))
      for (const auto& [number, v] : vps) f.batches[number] = batches[interval & 1].at(number);
    for (auto& [number, p] : peers)
      if (p.frames.put_out(interval, f)) sent.emplace_back(number, f);
  }
  /// The run is over here: told once, later than it was.
  bool rest() {
    if (!stopped_) return false;
    const auto [why, now] = *std::exchange(stopped_, std::nullopt);
    runs = false;
    ends.emplace_back(why, now);
    carry_out(machine.rest(why, now, 0, std::exchange(failure, std::nullopt)));
    return true;
  }

  /// A VP that failed is told of, perhaps when its placement is over.
  bool tell_failure() {
    if (failed.empty()) return false;
    const auto [at, vp] = failed.front();
    failed.pop_front();
    carry_out(machine.fail(at, vp, {error_kind::InternalError, "a toy failed"}));
    return true;
  }

  const worker_number me;
  member machine;
  std::map<std::uint32_t, toy_vp> vps;
  std::map<worker_number, peer> peers;
  std::optional<exchange> meeting;
  std::map<std::uint32_t, hash> batches[2];
  std::optional<said::vp_failed> failure;  // of this run
  bool runs = false, has_left = false;
  bool drains = false;  // it is to be drained
  bool lacks_modules = false;
  std::vector<module_name> loaded;
  std::function<bool()> lacks_room;                      // for an image
  bool unequal = false;                                  // every third VP computes nine times as long as the others
  std::deque<report_message> news;                       // for the supervisor
  std::deque<std::pair<worker_number, toy_frame>> sent;  // to peers, on their way into the network
  std::deque<member::bring> brings;                      // images, on their way
  std::vector<std::pair<stop_reason, step_t>> ends;      // of runs of this placement
  std::deque<std::pair<fence, std::uint32_t>> failed;    // VPs, whoever's news of them is on its way

 private:
  void act(member::make&& m) {
    vps.clear();
    peers.clear();
    meeting.reset();
    sent.clear();
    brings.clear();
    stopped_.reset();
    failure.reset();
    runs = false;
    ends.clear();
    must(me == own_process || m.vps.empty() || m.what.modules == loaded, "modules are loaded before shards have them");
    for (const auto vp : m.vps) vps[vp];
    if (!m.vps.empty())
      for (const auto& p : m.what.peers)
        if (p.number != me) peers.try_emplace(p.number, m.at);
    if (peers.empty()) carry_out(machine.linked(m.at));
  }
  void act(member::obey&& o) {
    for (auto& [number, v] : vps) v.told.emplace_back(o.what);
  }
  void act(member::decide&& d) {
    for (auto& [number, v] : vps) v.told.emplace_back(d.keep);
  }
  void act(member::run&& r) {
    if (!meeting) {
      const auto n = static_cast<std::uint32_t>(peers.size());
      meeting.emplace(static_cast<std::uint32_t>(vps.size()), n, r.what.interval_steps, *this, position{0, r.what.now});
    }
    runs = true;
    meeting->start(r.what.steps, r.what.cuts);
  }
  void act(member::load&& l) {
    must(l.images.size() == vps.size(), "there is an image for each VP");
    auto next = l.images.begin();
    for (auto& [number, v] : vps) v.told.emplace_back(*next++);
  }
  void act(member::bring&& b) { brings.push_back(std::move(b)); }
  void act(member::ask&& a) { meeting->ask(a.what); }
  void act(member::abandon&&) { meeting->abandon(); }
  void act(member::have_modules&& wanted) {
    std::optional<std::string> why_not;
    if (lacks_modules && !wanted.what.all.empty())
      why_not = "a toy has no modules";
    else
      loaded = wanted.what.all;
    if (wanted.is_over) vps.clear();
    news.push_back({wanted.at, said::modules{wanted.what.number, why_not}});
  }
  void act(member::say&& s) { news.push_back(decoded_report_message(encoded(s.what))); }
  void act(member::leave&&) { has_left = true; }

  // A question tells the state. What is refused depends on the order and the VP alone.
  void vote(std::uint32_t number, toy_vp& v, const order& o) {
    said::votes::vote one{number, std::nullopt, std::nullopt};
    if (is_question(o))
      one.answer = reply(
          replies::tally{std::accumulate(v.recorded.begin(), v.recorded.end(), mixed(v.made, v.state), mixed), 0, {}});
    else if (mixed(what_is(o), number) % 16 == 0)
      one.reason = refusal{error_kind::BadParameter, "a toy refuses"};
    else
      one.answer = reply(std::monostate());
    if (is_change(o)) v.tried = std::make_shared<const order>(o);
    carry_out(machine.vote(std::move(one)));
  }
  static hash what_is(const order& o) {
    const auto* const store = std::get_if<orders::set_store>(&o);
    return static_cast<hash>(store ? store->now : std::get<orders::set_nodes>(o).now);
  }
  static void keep_change(toy_vp& v, const order& o) {
    auto& part = std::holds_alternative<orders::set_store>(o) ? v.made : v.state;
    part = mixed(part, what_is(o));
    if (part % 4 != 0) return;
    v.recorded.clear();
    v.pieces.clear();
    v.in_pieces = 0;
  }
  static shard_image image_of(toy_vp& v) {
    const auto shared = [](const auto& what) { return std::make_shared<const std::vector<std::byte>>(bytes_of(what)); };
    const std::vector more(v.recorded.begin() + static_cast<std::ptrdiff_t>(v.in_pieces), v.recorded.end());
    if (!more.empty()) v.pieces.push_back(shared(more));
    v.in_pieces = v.recorded.size();
    return {shared(std::pair(v.made, v.state)), v.pieces};
  }

  void compute(std::uint32_t number, toy_vp& v, const slice& part) {
    if (part.opens && part.interval > 0)
      for (const auto& [vp, batch] : batches[(part.interval - 1) & 1]) v.state = mixed(v.state, batch);
    if (part.cuts) {
      image made;
      if (!lacks_room()) made = std::make_shared<const shard_image>(image_of(v));
      carry_out(machine.copied(machine.here(), part.from, number, std::move(made), v.computed));
    }
    for (auto step = part.from; step < part.to; ++step) {
      v.state = mixed(v.state, mixed(v.made, static_cast<hash>(step)));
      v.recorded.push_back(v.state);
    }
    v.computed += static_cast<double>(part.to - part.from) * (unequal && number % 3 == 0 ? 9 : 1);
    const bool ok = !vp_fails_();
    if (!ok) failure = said::vp_failed{number, {error_kind::InternalError, "a toy failed"}};
    if (part.closes && ok) batches[part.interval & 1][number] = mixed(v.state, number);
    meeting->arrive(0, ok);
  }

  std::optional<std::pair<stop_reason, step_t>> stopped_;
  const std::function<bool()> vp_fails_;
};

struct faults {
  bool links_break = false;    ///< and come back; old frames turn up again
  double kills_per_step = 0;   ///< of workers other than 0
  double joins_per_step = 0;   ///< while there are less than six
  bool spares_images = false;  ///< nobody dies with the last image of a VP, or as the last
  bool cuts = true;
  bool hosts = true;             ///< there is a worker 0
  bool unequal = false;          ///< VPs compute for different times
  double drains_per_step = 0;    ///< by command, or because the worker is to end
  double failures_per_deed = 0;  ///< of VPs that carry out what was decided, or compute
  double lacks_per_image = 0;    ///< of room for it
  bool modules = false;          ///< kernels have one each, which every third worker lacks
};

class world {
 public:
  /// Workers 0 to workers - 1; 0 is the supervisor's process.
  world(std::uint64_t seed, std::uint32_t workers, faults trouble = {})
      : random_(seed), trouble_(trouble), coordinator_(options(trouble)) {
    if (!trouble.hosts) ++next_;
    for (std::uint32_t i = 0; i < workers; ++i) join();
  }

  /// Some of what is on its way arrives before the next call.
  void renew(std::uint32_t vps) {
    until([&] { return !coordinator_.is_moving(); });
    std::vector<module_name> modules;
    if (trouble_.modules) {
      carry_out(coordinator_.renew(1));  // those before are gone
      modules = {{"a toy", std::to_string(random_())}};
      is_installed_ = false;
      carry_out(coordinator_.install(modules, false));
      until([&] { return is_installed_; });
    }
    carry_out(coordinator_.renew(vps, modules));
    is_placed_ = false;
    for (auto moves = random_() % 16; moves > 0 && step(); --moves) {
    }
  }

  /// All VPs try this and keep it, or refuse. Returns the refusal that is told.
  std::optional<refusal> order(step_t toy) {
    runtime::order what = orders::set_store();
    if (toy % 2) what = orders::set_nodes();
    std::visit(
        [&](auto& o) {
          if constexpr (requires { o.now = toy; }) o.now = toy;
        },
        what);
    return obey(std::move(what));
  }
  /// Pauses are gone through; a run that is cancelled ends early.
  coordinator::ran run(step_t now, step_t steps, step_t interval, bool cancel = false) {
    const auto end = now + steps;
    for (;;) {
      until([&] { return !coordinator_.is_moving(); });
      ran_.reset();
      carry_out(coordinator_.run(now, end - now, interval));
      auto when = random_() % 60;
      until([&] {
        if (when-- == 0 && !ran_) carry_out(coordinator_.ask(cancel ? request::cancel : request::pause));
        return ran_.has_value();
      });
      if (ran_->why != stop_reason::paused) return *ran_;
      now = ran_->now;
    }
  }

  /// Of all VPs, as they tell themselves, and then nothing moves any more; none where one cannot.
  std::vector<hash> states() {
    std::vector<hash> all;
    if (obey(orders::size_of_store())) return all;
    for (const auto& told : done_->replies) all.push_back(std::get<replies::tally>(told).connections);
    while (step()) {
    }
    return all;
  }

  void join() {
    const worker_number who(next_++);
    workers_.emplace(who, std::make_unique<toy_worker>(who, [this] { return happens(trouble_.failures_per_deed); }));
    workers_.at(who)->unequal = trouble_.unequal;
    workers_.at(who)->lacks_modules = trouble_.modules && who.index() % 3 == 2;
    workers_.at(who)->lacks_room = [this] { return happens(trouble_.lacks_per_image); };
    if (who != own_process) carry_out(coordinator_.join(who, card(), now_));
  }

  /// False where there is none that can be.
  bool drain_somebody() {
    if (workers_.empty()) return false;
    auto& [who, w] = *std::next(workers_.begin(), static_cast<std::ptrdiff_t>(random_() % workers_.size()));
    if (coordinator_.why_not_drain(who) || !is_spare(who)) return false;
    w->drains = true;
    if (random_() % 2)
      w->news.push_back({w->machine.here(), said::leaving()});
    else
      carry_out(coordinator_.drain(who));
    return true;
  }

  void kill(worker_number who) {
    workers_.erase(who);
    down_.erase(who);
    // Those that had a link see it break, sooner or later than the supervisor hears of it.
    for (auto& [other, w] : workers_)
      if (const auto p = w->peers.find(who); p != w->peers.end()) {
        p->second.frames.disconnect();
        broken_.emplace_back(other, w->machine.here(), who);
      }
    closed_.push_back(who);
  }
  /// Nobody calls for a while.
  void idle() {
    for (int ticks = 0; ticks < 20; ++ticks) {
      tick();
      while (step()) check();
    }
    until([&] { return !coordinator_.is_moving(); });
  }
  std::vector<worker_number> workers() const {
    std::vector<worker_number> all;
    for (const auto& [who, w] : workers_) all.push_back(who);
    return all;
  }
  std::size_t size() const { return workers_.size(); }
  const coordinator& head() const { return coordinator_; }
  bool lost() const { return lost_; }
  std::uint64_t left_out() const { return left_out_; }
  void forget_loss() { lost_ = false; }
  std::uint64_t dropped() const {
    std::uint64_t all = 0;
    for (const auto& [who, w] : workers_)
      for (const auto& [number, p] : w->peers) all += p.frames.stale() + p.frames.repeated();
    return all;
  }

 private:
  // Returns the first refusal.
  std::optional<refusal> obey(runtime::order what) {
    until([&] { return !coordinator_.is_moving(); });
    done_.reset();
    carry_out(coordinator_.order(std::make_shared<const runtime::order>(std::move(what))));
    until([&] { return done_.has_value(); });
    for (const auto& r : done_->refusals)
      if (r) return r;
    return std::nullopt;
  }

  static worker_card card() {
    worker_card c;
    c.memory = 1;
    return c;
  }
  static coordinator_options options(const faults& trouble) {
    coordinator_options o;
    o.own = card();
    o.hosts_vps = trouble.hosts;
    o.may_grow = true;
    o.cut_period = std::chrono::milliseconds(trouble.cuts ? 200 : 0);
    return o;
  }

  // ---- what the coordinator wants

  void carry_out(coordinator::effects what) {
    for (auto& one : what) {
      if (happens(trouble_.kills_per_step)) kill_somebody();
      std::visit([this](auto&& e) { act(std::move(e)); }, std::move(one));
    }
  }
  void act(coordinator::send&& s) {
    must(s.what.at >= last_, "fences grow");
    last_ = s.what.at;
    is_placed_ = is_placed_ || std::holds_alternative<told::place>(s.what.what);
    if (const auto* safe = std::get_if<told::commit>(&s.what.what)) {
      must(!last_cut_ || *last_cut_ < safe->cut, "committed cuts grow");
      last_cut_ = safe->cut;
    }
    for (const auto who : s.to)
      if (workers_.contains(who)) down_[who].push_back(encoded(s.what));
  }
  // Whoever is drained leaves nothing behind that is needed.
  void act(coordinator::put_out&& p) {
    const auto& safe = coordinator_.committed();
    if (p.why == told::drained && safe && !coordinator_.waits_for_workers())
      must(std::ranges::none_of(safe->holders(), &std::vector<worker_number>::empty), "its images are elsewhere, too");
    if (workers_.contains(p.who)) kill(p.who);
  }
  void act(coordinator::ordered&& o) {
    must(!done_, "an order is done once");
    done_ = std::move(o);
  }
  void act(coordinator::ran&& r) {
    must(!ran_, "a run ends once");
    ran_ = std::move(r);
    check_end();
  }
  void act(coordinator::network_lost&&) {
    must(is_placed_ && (!is_whole() || failed_in_ == last_), "a network is not lost by what happened to another");
    lost_ = true;
  }
  void act(coordinator::installed&& end) {
    must(!end.why_not && !std::exchange(is_installed_, true), "modules are loaded once, by whoever can");
  }
  void act(coordinator::left_out&&) { ++left_out_; }
  void act(coordinator::recovered&& how) { must(how.from <= how.was_at, "a network goes back"); }

  // ---- what may happen next

  template <class Done> void until(Done&& done) {
    for (int moves = 0; !done(); ++moves) {
      must(moves < 100000, "the cluster stands still or runs for ever");
      if (!step()) must(done(), "nothing can happen, and the call is not answered");
      check();
    }
  }

  bool happens(double share) { return share > 0 && std::uniform_real_distribution<>()(random_) < share; }

  // Those that are there say so.
  void tick() {
    now_ += std::chrono::milliseconds(200);
    for (const auto& [who, w] : workers_) coordinator_.hear(who, now_);
    carry_out(coordinator_.tick(now_));
  }

  bool kill_somebody() {
    if (workers_.empty()) return false;
    const auto victim = std::next(workers_.begin(), static_cast<std::ptrdiff_t>(random_() % workers_.size()))->first;
    if (victim == own_process || (trouble_.spares_images && !is_spare(victim))) return false;
    kill(victim);
    return true;
  }
  // Others that stay have all images. Those of a cut that is about to be committed may be at somebody who has died.
  bool is_spare(worker_number who) const {
    if (!closed_.empty()) return false;
    const auto stays = [&](worker_number one) {
      const auto w = workers_.find(one);
      return one != who && w != workers_.end() && !w->second->drains && !w->second->lacks_modules;
    };
    const auto all = workers();
    if (std::ranges::none_of(all, stays)) return false;
    const auto& safe = coordinator_.committed();
    return !safe ||
           std::ranges::all_of(safe->holders(), [&](const auto& some) { return std::ranges::any_of(some, stays); });
  }

  bool step() {
    if (happens(trouble_.kills_per_step) && kill_somebody()) return true;
    if (workers_.size() < 6 && happens(trouble_.joins_per_step)) return join(), true;
    if (happens(trouble_.drains_per_step) && drain_somebody()) return true;
    if (random_() % 64 == 0) tick();
    if (trouble_.links_break && random_() % 16 == 0 && disturb()) return true;
    const auto first = random_() % 7;
    for (std::uint64_t i = 0; i < 7; ++i)
      if (move((first + i) % 7)) return true;
    if (!coordinator_.waits_for_workers()) return false;
    return tick(), true;
  }

  bool move(std::uint64_t kind) {
    const auto skip = static_cast<std::ptrdiff_t>(random_() % std::max<std::size_t>(workers_.size(), 1));
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      auto& w = *std::next(workers_.begin(), (skip + static_cast<std::ptrdiff_t>(i)) % std::ssize(workers_))->second;
      if (kind == 0   ? hear(w)
          : kind == 1 ? speak(w)
          : kind == 2 ? work(w)
          : kind == 3 ? frame(w)
          : kind == 4 ? link(w)
          : kind == 5 ? bring(w)
                      : rest(w))
        return true;
    }
    return kind == 1 && break_news();
  }

  bool rest(toy_worker& w) {
    if (!w.failed.empty() && w.failed.front().first == last_) failed_in_ = last_;
    return random_() % 2 ? w.rest() || w.tell_failure() : w.tell_failure() || w.rest();
  }
  bool hear(toy_worker& w) {
    auto& orders = down_[w.me];
    if (orders.empty()) return false;
    const auto bytes = std::move(orders.front());
    orders.pop_front();
    w.carry_out(w.machine.take(decoded_order_message(bytes)));
    must(!w.has_left, "supervisor and worker understand each other");
    return true;
  }
  bool speak(toy_worker& w) {
    if (w.news.empty()) return false;
    auto one = std::move(w.news.front());
    w.news.pop_front();
    carry_out(coordinator_.report(w.me, std::move(one)));
    return true;
  }
  bool work(toy_worker& w) {
    if (w.vps.empty()) return false;
    const auto skip = random_() % w.vps.size();
    for (std::size_t i = 0; i < w.vps.size(); ++i)
      if (w.work(std::next(w.vps.begin(), static_cast<std::ptrdiff_t>((skip + i) % w.vps.size()))->first)) return true;
    return false;
  }
  // It waits until the other knows of the placement.
  bool bring(toy_worker& w) {
    if (w.brings.empty()) return false;
    const auto other = workers_.find(w.brings.front().to.number);
    const bool breaks = trouble_.links_break && random_() % 16 == 0;
    if (!breaks && other != workers_.end() && other->second->machine.here() < w.machine.here()) return false;
    auto one = std::move(w.brings.front());
    w.brings.pop_front();
    if (other == workers_.end() || breaks) {
      std::erase_if(w.brings, [&](const auto& b) { return b.to.number == one.to.number; });
      w.carry_out(w.machine.images_lost(w.machine.here(), one.to.number));
    } else {
      auto& there = other->second->machine;
      other->second->carry_out(there.image_arrived(w.machine.here(), parcel(one.what)));
    }
    return true;
  }
  // Frames out of the worker into the network, or out of it to their receiver, who looks while a run is on.
  bool frame(toy_worker& w) {
    if (!w.sent.empty()) {
      auto [to, f] = std::move(w.sent.front());
      w.sent.pop_front();
      const auto other = workers_.find(to);
      if (other == workers_.end() || !w.peers.at(to).frames.is_up()) return true;
      old_.emplace_back(to, f);
      if (const auto p = other->second->peers.find(w.me); p != other->second->peers.end())
        p->second.coming.push_back(std::move(f));
      return true;
    }
    if (!w.runs) return false;
    for (auto& [number, p] : w.peers) {
      if (p.coming.empty()) continue;
      must(p.coming.size() <= 4, "little is on its way between two workers");
      auto f = std::move(p.coming.front());
      p.coming.pop_front();
      w.take(std::move(f));
      return true;
    }
    return false;
  }
  // Two workers of one placement whose connection is down say what they lack, and send it again.
  bool link(toy_worker& w) {
    for (auto& [number, p] : w.peers) {
      const auto other = workers_.find(number);
      if (p.frames.is_up() || other == workers_.end() || other->second->machine.here() != w.machine.here()) continue;
      auto& mine = other->second->peers.at(w.me);
      mine.frames.disconnect();
      const auto to_other = p.frames.connect(mine.frames.next()), to_me = mine.frames.connect(p.frames.next());
      must(to_other && to_me, "what a peer lacks is kept");
      p.coming.assign(to_me->begin(), to_me->end());
      mine.coming.assign(to_other->begin(), to_other->end());
      for (auto* one : {&w, other->second.get()})
        if (std::ranges::all_of(one->peers, [](const auto& x) { return x.second.frames.is_up(); }))
          one->carry_out(one->machine.linked(one->machine.here()));
      return true;
    }
    return false;
  }
  bool break_news() {
    if (!closed_.empty() && (broken_.empty() || random_() % 2)) {
      const auto who = closed_.front();
      closed_.pop_front();
      carry_out(coordinator_.close(who, "it was killed"));
      return true;
    }
    if (broken_.empty()) return false;
    const auto [who, at, peer] = broken_.front();
    broken_.pop_front();
    if (const auto w = workers_.find(who); w != workers_.end())
      w->second->carry_out(w->second->machine.link_lost(at, peer, "it was killed"));
    return true;
  }

  // A connection breaks, or a frame of one that is over turns up again.
  bool disturb() {
    if (workers_.empty()) return false;
    auto& w = *std::next(workers_.begin(), static_cast<std::ptrdiff_t>(random_() % workers_.size()))->second;
    if (w.peers.empty()) return false;
    if (random_() % 2 && !old_.empty()) {
      auto [to, f] = old_[random_() % old_.size()];
      const auto other = workers_.find(to);
      if (other == workers_.end() || !other->second->runs || !other->second->peers.contains(f.from)) return false;
      if (f.at == other->second->machine.here() && f.interval >= other->second->peers.at(f.from).frames.next())
        return false;  // it is still on its way
      other->second->take(std::move(f));
      return true;
    }
    auto& [number, p] = *std::next(w.peers.begin(), static_cast<std::ptrdiff_t>(random_() % w.peers.size()));
    const auto other = workers_.find(number);
    if (other == workers_.end() || !p.frames.is_up()) return false;
    p.frames.disconnect();
    p.coming.clear();
    if (const auto mine = other->second->peers.find(w.me); mine != other->second->peers.end()) {
      mine->second.frames.disconnect();
      mine->second.coming.clear();
      std::erase_if(other->second->sent, [&](const auto& s) { return s.first == w.me; });
    }
    std::erase_if(w.sent, [&](const auto& s) { return s.first == number; });
    return true;
  }

  // ---- what holds at any time

  // All that were given VPs are alive.
  bool is_whole() const {
    return std::ranges::all_of(coordinator_.where(), [&](worker_number who) { return workers_.contains(who); });
  }
  // Those that know the placement of now.
  template <class Visit> void for_placed(Visit&& visit) const {
    for (const auto& [who, w] : workers_)
      if (w->machine.here() == last_) visit(*w);
  }

  // Who has all frames of an interval is in the next. Whoever abandons a run ends the interval that it is in without
  // the frames of the others, and goes no further.
  void check() const {
    std::optional<step_t> low, high;
    step_t interval = 1;
    for_placed([&](const toy_worker& w) {
      must(!w.runs || over_ != last_, "nobody goes on with a network that is lost");
      if (!w.meeting) return;
      const auto now = w.meeting->progress().now;
      interval = w.meeting->interval_steps();
      low = std::min(low.value_or(now), now);
      high = std::max(high.value_or(now), now);
    });
    if (low) must(*high - *low < (is_whole() ? 2 : 3) * interval, "nobody is further ahead than frames let it");
    check_images();
  }

  // Who is said to have an image has it, and VPs are placed where theirs are.
  void check_images() const {
    const auto& safe = coordinator_.committed();
    if (!safe) return;
    for (std::uint32_t vp = 0; vp < safe->holders().size(); ++vp)
      for (const auto who : safe->holders()[vp])
        if (const auto w = workers_.find(who); w != workers_.end())
          must(w->second->machine.has_image(safe->name(), vp), "images are kept while they may be needed");
  }

  // A run that is told to be over is so everywhere: at one step, or where its end found the workers, at most an
  // interval apart.
  void check_end() {
    if (ran_->failure) over_ = last_;
    if (lost_) return;
    std::set<std::pair<stop_reason, step_t>> ends;
    step_t interval = 1;
    for_placed([&](const toy_worker& w) {
      must(!w.runs, "all rest when a run is over");
      if (w.ends.empty()) return;
      ends.insert(w.ends.back());
      interval = w.meeting->interval_steps();
    });
    step_t low = ran_->now;
    for (const auto& [why, now] : ends) {
      must(now <= ran_->now, "a run has come as far as the furthest");
      low = std::min(low, now);
    }
    if (!ran_->failure) must(ends.size() <= 1 && low == ran_->now, "all stop at one step for one reason");
    must(ran_->now - low < 2 * interval, "all stop with the interval that they are in");
  }

  std::mt19937_64 random_;
  const faults trouble_;
  coordinator coordinator_;
  std::map<worker_number, std::unique_ptr<toy_worker>> workers_;
  std::map<worker_number, std::deque<std::vector<std::byte>>> down_;  // orders on their way
  std::deque<worker_number> closed_;
  std::deque<std::tuple<worker_number, fence, worker_number>> broken_;  // whose link, of which placement, to whom
  std::vector<std::pair<worker_number, toy_frame>> old_;
  std::optional<coordinator::ordered> done_;
  std::optional<coordinator::ran> ran_;
  std::uint32_t next_ = 0;  // worker
  coordinator::time_point now_{};
  std::optional<cut_name> last_cut_;
  fence last_;                      // of what was sent last
  std::optional<fence> over_;       // the placement of which a run has failed
  std::optional<fence> failed_in_;  // the last one in which a VP has failed
  bool is_placed_ = false;          // since it was renewed
  bool lost_ = false, is_installed_ = true;
  std::uint64_t left_out_ = 0;  // workers, of networks
};

}  // namespace volley::runtime::cluster
