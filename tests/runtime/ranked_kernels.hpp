// The kernels of several ranks in one thread, each with the shards of its own VPs, and the machines by which they
// agree. What ranks tell each other goes through bytes; who makes a call first is drawn from a seed. Spikes go from
// hand to hand.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/cluster/rank.hpp"
#include "runtime/cluster/rank_meeting.hpp"
#include "runtime/kernel/kernel.hpp"
#include "runtime/kernel/matching.hpp"
#include "runtime/shard/obey.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

class ranked_kernels {
 public:
  ranked_kernels(std::uint32_t ranks, std::int64_t vps_of_each, std::uint64_t seed = 0)
      : random_(seed), meeting_(ranks, limits()) {
    for (std::uint32_t number = 0; number < ranks; ++number) all_.emplace_back(options(number, ranks, vps_of_each));
    for (auto& one : all_) renew(one);
  }

  /// All make the call; what each gets.
  std::vector<api::result> call(const api::request& r) { return call(std::vector<api::request>(all_.size(), r)); }
  /// Each makes its own.
  std::vector<api::result> call(const std::vector<api::request>& by_rank) {
    std::vector<std::uint32_t> order(all_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::shuffle(order, random_);
    for (const auto rank : order) start(rank, by_rank.at(rank));
    settle();
    std::vector<api::result> results;
    for (auto& one : all_) {
      if (!one.answer) throw std::logic_error("a call hangs");
      results.push_back(std::exchange(one.answer, std::nullopt)->outcome);
    }
    return results;
  }
  /// One rank makes a call; nothing while it waits for others.
  std::optional<api::result> call_at(std::uint32_t rank, const api::request& r) {
    start(rank, r);
    settle();
    return answer_of(rank);
  }
  std::optional<api::result> answer_of(std::uint32_t rank) {
    auto answered = std::exchange(all_.at(rank).answer, std::nullopt);
    if (!answered) return std::nullopt;
    return std::move(answered->outcome);
  }

  // Verbs of tests. All ranks make them, and all must agree.
  node_set create(const std::string& model, std::int64_t n = 1, dictionary parameters = {}) {
    return std::get<node_set>(same(call(api::create_nodes{model, n, value(std::move(parameters))})));
  }
  void connect(const node_set& sources, const node_set& targets, dictionary rule = {{"rule", "all_to_all"}},
               dictionary synapse = {}) {
    same(call(api::connect{sources, targets, std::move(rule), {std::move(synapse)}}));
  }
  void simulate(double ms) { same(call(api::simulate{ms})); }
  void set_status(dictionary values) { same(call(api::set_kernel_status{std::move(values)})); }
  // Questions of one rank.
  value get(std::uint32_t rank, const node_set& nodes, const std::string& key) {
    return entry(rank, api::get_node_values{nodes, {key}}, key);
  }
  value status(std::uint32_t rank, const std::string& key) { return entry(rank, api::get_kernel_status{{key}}, key); }
  /// One node's dictionary `events`.
  dictionary events(std::uint32_t rank, const node_set& recorder) {
    return *(*get(rank, recorder, "events").get_if<std::vector<value>>())[0].get_if<dictionary>();
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
  kernel& at(std::uint32_t rank) { return all_.at(rank).kernel_of_rank; }
  /// A rank dies, or its script ends.
  void lose(std::uint32_t rank, const std::string& why) {
    post(meeting_.lose(rank, why, "nothing was saved"));
    settle();
  }
  void end(std::uint32_t rank) {
    post(meeting_.end(rank));
    settle();
  }
  void tick(std::chrono::milliseconds later) {
    now_ += later;
    post(meeting_.tick(now_));
    for (auto& one : all_) carry_out(one, one.machine.tick(now_));
    settle();
  }
  /// What those who wait were told.
  const std::vector<std::string>& notes() const { return notes_; }
  /// Called before a shard obeys: what it throws is the shard's refusal.
  std::function<void(const shard&, const order&)> before_obeying = [](const shard&, const order&) {};

  static const api::failed_call* failure_of(const api::result& r) { return std::get_if<api::failed_call>(&r); }
  static std::string text_of_failure(const api::result& r) {
    const auto* failed = failure_of(r);
    if (failed == nullptr) return {};
    try {
      std::rethrow_exception(failed->reason);
    } catch (const std::exception& e) {
      return e.what();
    }
  }

 private:
  struct one_rank {
    explicit one_rank(kernel_options o) : machine(o.rank, 1, limits()), kernel_of_rank(std::move(o)) {}
    cluster::rank machine;
    kernel kernel_of_rank;
    std::uint64_t epoch = 0;
    std::vector<std::unique_ptr<shard>> shards;  // by their place among those of the rank
    std::shared_ptr<const order> tried;
    std::optional<api::request> request;
    std::unique_ptr<order_step> ordered;
    std::unique_ptr<run_step> runs;
    std::optional<cluster::told::run> computes;
    bool is_matched = false;
    std::optional<api::answer> content, answer;
  };

  static cluster::rank_limits limits() { return {std::chrono::seconds(60), std::chrono::seconds(600)}; }
  kernel_options options(std::uint32_t number, std::uint32_t ranks, std::int64_t vps_of_each) {
    kernel_options o;
    o.default_vps = vps_of_each * ranks;
    o.files = &files_;
    o.rank = {number, ranks};
    return o;
  }
  api::result same(std::vector<api::result> all) {
    for (const auto& r : all)
      if (const auto* failed = failure_of(r)) std::rethrow_exception(failed->reason);
    for (const auto& r : all)
      if (const auto* nodes = std::get_if<node_set>(&r); nodes != nullptr && !(*nodes == std::get<node_set>(all[0])))
        throw std::logic_error("ranks have different nodes");
    return all[0];
  }
  value entry(std::uint32_t rank, const api::request& question, const std::string& key) {
    auto told = call_at(rank, question);
    if (!told) throw std::logic_error("a question waits for others");
    if (const auto* failed = failure_of(*told)) std::rethrow_exception(failed->reason);
    return *std::get<value>(*told).get_if<dictionary>()->find(key);
  }

  void renew(one_rank& one) {
    one.epoch = one.kernel_of_rank.shard_epoch();
    one.shards.clear();
    one.machine.renew(one.kernel_of_rank.n_vps());
  }
  void start(std::uint32_t rank, const api::request& r) {
    auto& one = all_.at(rank);
    one.request = r;
    one.is_matched = one.kernel_of_rank.is_matched(r);
    if (!one.is_matched) return proceed(one, [&] { return one.kernel_of_rank.call(*one.request); });
    const cluster::call_card card{text_of(r),
                                  digest_of_call(r),
                                  one.kernel_of_rank.digest(),
                                  one.kernel_of_rank.draws(),
                                  std::holds_alternative<api::reset_kernel>(r),
                                  fails_alone(r)};
    carry_out(one, one.machine.begin(card, one.kernel_of_rank.facts(r)));
  }
  // Clients send the same bytes for the same call; here the numbers will do that a test varies.
  static std::uint64_t digest_of_call(const api::request& r) {
    if (const auto common = common_digest(r)) return *common;
    if (const auto* c = std::get_if<api::create_nodes>(&r)) return static_cast<std::uint64_t>(c->count);
    if (const auto* c = std::get_if<api::simulate>(&r)) return static_cast<std::uint64_t>(c->time_ms * 1000);
    return r.index();
  }

  template <class Move> void proceed(one_rank& one, Move&& move) {
    outcome next = api::answer{};
    try {
      next = move();
    } catch (...) {
      next = api::answer{0, api::failed_call{std::current_exception()}, {}};
    }
    if (one.epoch != one.kernel_of_rank.shard_epoch()) renew(one);
    if (auto* a = std::get_if<api::answer>(&next)) return finish(one, std::move(*a));
    if (auto* step = std::get_if<std::unique_ptr<order_step>>(&next)) {
      one.ordered = std::move(*step);
      return carry_out(one, one.machine.order(one.ordered->what, one.ordered->heard_by));
    }
    one.runs = std::move(std::get<std::unique_ptr<run_step>>(next));
    carry_out(one, one.machine.run(one.kernel_of_rank.now(), one.runs->steps, one.kernel_of_rank.interval_steps()));
  }
  void finish(one_rank& one, api::answer a) {
    if (!one.is_matched) return void(one.answer = std::move(a));
    std::optional<refusal> failed;
    if (const auto* f = std::get_if<api::failed_call>(&a.outcome)) failed = refusal_of(f->reason);
    one.content = std::move(a);
    carry_out(one, one.machine.answer(failed));
  }

  void carry_out(one_rank& one, cluster::rank::effects what) {
    for (auto& effect : what) std::visit([&](auto&& e) { act(one, std::move(e)); }, std::move(effect));
  }
  void act(one_rank& one, cluster::rank::tell&& t) {
    std::visit([&](auto&& what) { take(one, t.what.at, std::move(what)); }, std::move(t.what.what));
  }
  void act(one_rank& one, cluster::rank::say&& s) {
    const auto bytes = cluster::encoded(s.what);
    const auto rank = one.machine.me().number;
    coming_.push_back([=, this] { post(meeting_.take(rank, cluster::decoded_rank_word(bytes), now_)); });
  }
  void act(one_rank& one, cluster::rank::admitted&& a) {
    one.kernel_of_rank.agree(a.facts);
    proceed(one, [&] { return one.kernel_of_rank.call(*one.request); });
  }
  void act(one_rank& one, cluster::rank::not_admitted&& n) {
    one.answer = api::answer{0, api::failed_call{exception_of(n.why)}, {}};
  }
  void act(one_rank& one, cluster::rank::ordered&& votes) {
    const auto step = std::move(one.ordered);
    const auto* refused = first_refusal(votes.refusals);
    proceed(one, [&] { return refused != nullptr ? step->refused(*refused) : step->then(std::move(votes.replies)); });
  }
  void act(one_rank& one, cluster::rank::ran&& end) {
    const auto step = std::move(one.runs);
    proceed(one, [&] { return step->then(end.why, end.now, end.failure ? exception_of(*end.failure) : nullptr); });
  }
  void act(one_rank& one, cluster::rank::network_lost&& loss) { one.kernel_of_rank.lose_shard(loss.why); }
  void act(one_rank& one, cluster::rank::settled&& s) {
    auto a = *std::exchange(one.content, std::nullopt);
    if (s.failed && failure_of(a.outcome) == nullptr) a.outcome = api::failed_call{exception_of(*s.failed)};
    one.answer = std::move(a);
  }
  void act(one_rank&, cluster::rank::note&& n) { notes_.push_back(n.text); }

  // ---- the VPs of a rank

  void report(one_rank& one, cluster::fence at, cluster::said::content what) {
    carry_out(one, one.machine.report({at, std::move(what)}));
  }
  void take(one_rank& one, cluster::fence at, cluster::told::place&& p) {
    const auto mine = cluster::vps_of(p.where, cluster::worker_number(one.machine.me().number));
    for (const auto vp : mine) one.shards.push_back(one.kernel_of_rank.make_shard(vp));
    batches_.resize(std::max<std::size_t>(batches_.size(), p.where.size()));
    for (const auto vp : mine) batches_[vp] = {};
    report(one, at, cluster::said::ready{});
  }
  void take(one_rank& one, cluster::fence at, cluster::told::obey&& o) {
    cluster::said::votes votes{o.number, {}};
    for (const auto& s : one.shards) {
      cluster::said::votes::vote vote{s->place().vp, {}, {}};
      try {
        before_obeying(*s, *o.what);
        vote.answer = obey(*s, *o.what);
      } catch (...) {
        vote.reason = refusal_of(std::current_exception());
      }
      votes.all.push_back(std::move(vote));
    }
    one.tried = o.what;
    report(one, at, std::move(votes));
  }
  void take(one_rank& one, cluster::fence, cluster::told::decide&& d) {
    for (const auto& s : one.shards)
      if (s->is_changing()) d.keep ? keep(*s, *one.tried) : drop(*s, *one.tried);
  }
  void take(one_rank& one, cluster::fence, cluster::told::run&& r) {
    one.computes = r;
    if (std::ranges::all_of(all_, [](const auto& other) { return other.computes.has_value(); }))
      coming_.push_back([this] { compute(); });
  }
  void take(one_rank&, cluster::fence, cluster::told::ask&&) {}
  void take(one_rank& one, cluster::fence at, cluster::told::abandon&&) {
    if (!one.computes) return;
    const auto r = *std::exchange(one.computes, std::nullopt);
    report(one, at, cluster::said::rested{r.number, stop_reason::failed, r.now, 0, {}});
  }
  // Ranks make no cuts, and none of them goes.
  template <class Other> void take(one_rank&, cluster::fence, Other&&) {}

  // All ranks compute at once, as VPs of one process do.
  void compute() {
    const auto r = *all_.front().computes;
    const auto end = r.now + r.steps;
    auto now = r.now;
    const auto each = [this](auto&& visit) {
      for (auto& one : all_)
        for (auto& s : one.shards) visit(*s);
    };
    do {
      const auto boundary = (now / r.interval_steps + 1) * r.interval_steps, to = std::min(end, boundary);
      const std::vector<batch_view> views(batches_.begin(), batches_.end());
      if (now % r.interval_steps == 0 && now > 0) each([&](shard& s) { s.deliver(now, views); });
      each([&](shard& s) { s.update(now, to); });
      now = to;
      if (to != boundary) break;
      each([&](shard& s) { batches_[s.place().vp] = s.close_interval(); });
    } while (now < end);
    for (auto& one : all_) {
      const auto number = std::exchange(one.computes, std::nullopt)->number;
      report(one, one.machine.here(), cluster::said::rested{number, stop_reason::reached, now, 0, {}});
    }
  }

  void post(const cluster::rank_meeting::effects& what) {
    for (const auto& [to, message] : what) {
      const auto bytes = cluster::encoded(message);
      for (const auto rank : to)
        coming_.push_back(
            [=, this] { carry_out(all_[rank], all_[rank].machine.hear(cluster::decoded_of_first_rank(bytes))); });
    }
  }
  // A rank hears of the first one in the order in which it tells; ranks do not wait for each other.
  void settle() {
    while (!coming_.empty()) {
      const auto next = std::move(coming_.front());
      coming_.pop_front();
      next();
    }
  }

  system_record_files files_;
  std::mt19937_64 random_;
  cluster::rank_meeting meeting_;
  std::deque<one_rank> all_;
  std::vector<spike_batch> batches_;
  std::deque<std::function<void()>> coming_;
  std::vector<std::string> notes_;
  cluster::rank_meeting::time_point now_{std::chrono::hours(1)};
};

}  // namespace volley::runtime
