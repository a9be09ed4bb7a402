// A kernel with all its shards in one thread: the whole network without actors, for tests. Orders and replies go
// through bytes, as between processes; batches go from hand to hand.
#pragma once
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/kernel/kernel.hpp"
#include "runtime/shard/obey.hpp"
#include "runtime/shard/order_codec.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

class solo_kernel {
 public:
  explicit solo_kernel(std::int64_t vps = 1, std::uint64_t memory_limit = no_memory_limit, bool dry_run = false,
                       const model_catalog& catalog = built_in_models())
      : solo_kernel(options(vps, memory_limit, dry_run), catalog) {}
  /// Its files are the system's.
  explicit solo_kernel(kernel_options o, const model_catalog& catalog = built_in_models())
      : kernel_(with_files(std::move(o)), catalog) {
    make_shards();
  }

  /// The result of a call; throws what the call failed with.
  api::result call(const api::request& r) { return carry(kernel_.call(r)); }
  /// The same for what is no call of the API.
  api::result carry(outcome begun) {
    if (epoch_ != kernel_.shard_epoch()) make_shards();
    auto a = finish(std::move(begun));
    log_ = std::move(a.log);
    if (auto* failed = std::get_if<api::failed_call>(&a.outcome)) std::rethrow_exception(failed->reason);
    return std::move(a.outcome);
  }

  kernel& get() { return kernel_; }
  /// What the last call was warned of.
  const std::vector<api::log_line>& last_log() const { return log_; }
  /// Called before and after (true, false) each shard's part of an order, as far as it may refuse it.
  std::function<void(bool)> around_shard_work = [](bool) {};
  /// Called before a shard obeys: what it throws is the shard's refusal.
  std::function<void(const shard&, const order&)> before_obeying = [](const shard&, const order&) {};
  /// Called where a run rests, which it does at each interval's end but the last when somebody wants it.
  std::function<void(step_t now)> at_rest;
  shard& shard_at(std::size_t vp) { return *shards_[vp]; }

  // The verbs of tests.
  node_set create(const std::string& model, std::int64_t n = 1, dictionary parameters = {}) {
    return std::get<node_set>(call(api::create_nodes{model, n, value(std::move(parameters))}));
  }
  void connect(const node_set& sources, const node_set& targets, dictionary rule = {{"rule", "all_to_all"}},
               dictionary synapse = {}) {
    call(api::connect{sources, targets, std::move(rule), {std::move(synapse)}});
  }
  void simulate(double ms) { call(api::simulate{ms}); }
  value get(const node_set& nodes, const std::string& key) {
    return *std::get<value>(call(api::get_node_values{nodes, {key}})).get_if<dictionary>()->find(key);
  }
  /// One node's dictionary `events`.
  dictionary events(const node_set& recorder) {
    return *(*get(recorder, "events").get_if<std::vector<value>>())[0].get_if<dictionary>();
  }
  std::vector<double> times(const node_set& recorder) {
    return *events(recorder).find("times")->get_if<std::vector<double>>();
  }
  std::vector<std::int64_t> senders(const node_set& recorder) {
    return *events(recorder).find("senders")->get_if<std::vector<std::int64_t>>();
  }
  void set(const node_set& nodes, dictionary values) { call(api::set_node_values{nodes, value(std::move(values))}); }
  api::connection_columns connections(const api::get_connections& filter = {}) {
    return std::get<api::connection_columns>(call(filter));
  }
  std::vector<double> weights(const api::connection_columns& c) {
    return *std::get<value>(call(api::get_connection_values{c, {"weight"}}))
                .get_if<dictionary>()
                ->find("weight")
                ->get_if<std::vector<double>>();
  }
  /// The images of all shards, and on with them.
  std::vector<shard_image> save() const {
    std::vector<shard_image> images;
    for (const auto& s : shards_) images.push_back(s->save());
    return images;
  }
  void load(const std::vector<shard_image>& images) {
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_[i]->load(images.at(i));
      batches_[i] = shards_[i]->last_batch();
    }
  }
  void set_status(dictionary values) { call(api::set_kernel_status{std::move(values)}); }
  value status(const std::string& key) {
    return *std::get<value>(call(api::get_kernel_status{{key}})).get_if<dictionary>()->find(key);
  }

 private:
  static kernel_options options(std::int64_t vps, std::uint64_t memory_limit, bool dry_run) {
    kernel_options o;
    o.default_vps = vps;
    o.memory_limit = memory_limit;
    o.dry_run = dry_run;
    return o;
  }

  kernel_options with_files(kernel_options o) {
    o.files = &files_;
    return o;
  }

  void make_shards() {
    shards_.clear();
    for (std::uint32_t vp = 0; vp < kernel_.n_vps(); ++vp) shards_.push_back(kernel_.make_shard(vp));
    epoch_ = kernel_.shard_epoch();
    batches_.assign(shards_.size(), {});
  }

  api::answer finish(outcome next) {
    for (;;) {
      if (epoch_ != kernel_.shard_epoch()) make_shards();
      if (auto* a = std::get_if<api::answer>(&next)) return std::move(*a);
      if (auto* step = std::get_if<std::unique_ptr<order_step>>(&next))
        next = on_all(**step);
      else if (auto* modules = std::get_if<std::unique_ptr<module_step>>(&next))
        next = (*modules)->then();
      else
        next = run(*std::get<std::unique_ptr<run_step>>(next));
    }
  }

  outcome on_all(const order_step& step) {
    const auto bytes = encoded(*step.what);
    const auto change = is_change(*step.what);
    std::vector<order> orders;  // each shard has its own, as in a process of its own
    std::vector<reply> replies;
    std::vector<std::optional<refusal>> refusals;
    for (auto& s : shards_) {
      orders.push_back(decoded_order(bytes));
      auto& answered = refusals.emplace_back();
      try {
        replies.push_back(decoded_reply(encoded(obeyed(*s, orders.back()))));
      } catch (...) {
        around_shard_work(false);
        answered = decoded_refusal(encoded(refusal_of(std::current_exception())));
      }
    }
    const auto* refused = first_refusal(refusals);
    for (std::size_t i = 0; change && i < shards_.size(); ++i) decide(i, orders[i], refused == nullptr, !refusals[i]);
    return refused != nullptr ? step.refused(*refused) : step.then(std::move(replies));
  }

  reply obeyed(shard& s, const order& o) {
    around_shard_work(true);
    before_obeying(s, o);
    auto answer = obey(s, o);
    around_shard_work(false);
    return answer;
  }

  void decide(std::size_t vp, const order& o, bool kept, bool tried) {
    try {
      if (kept)
        keep(*shards_[vp], o);
      else if (tried)
        drop(*shards_[vp], o);
    } catch (...) {
      kernel_.lose_shard(refusal_of(std::current_exception()));
    }
  }

  outcome run(const run_step& step) {
    const step_t interval = kernel_.interval_steps();
    step_t now = kernel_.now();
    const step_t end = now + step.steps;
    do {
      const step_t boundary = (now / interval + 1) * interval, to = std::min(end, boundary);
      // As the VPs do: batches wait until the next interval opens.
      if (now % interval == 0 && now > 0) deliver(now);
      const auto began = stopwatch::clock::now();
      try {
        for (auto& s : shards_) s->update(now, to);
      } catch (...) {
        return step.then(stop_reason::failed, now, std::current_exception());
      }
      now = to;
      if (!step.times->add(seconds_since(began)))
        return step.then(stop_reason::failed, now, std::make_exception_ptr(std::runtime_error("too slow")));
      if (to != boundary) break;
      for (std::size_t i = 0; i < shards_.size(); ++i) batches_[i] = shards_[i]->close_interval();
      if (now < end && std::ranges::any_of(shards_, [](const auto& s) { return s->is_full(); }))
        return step.then(stop_reason::full, now, nullptr);
      if (at_rest && now < step.run_end) {
        kernel_.rest({now, 0}, step.run_end - now);
        at_rest(now);
      }
    } while (now < end);
    return step.then(stop_reason::reached, now, nullptr);
  }

  void deliver(step_t boundary) {
    const std::vector<batch_view> views(batches_.begin(), batches_.end());
    for (auto& s : shards_) s->deliver(boundary, views);
  }

  system_record_files files_;
  kernel kernel_;
  std::vector<std::unique_ptr<shard>> shards_;
  std::vector<spike_batch> batches_;
  std::vector<api::log_line> log_;
  std::uint64_t epoch_ = 0;
};

}  // namespace volley::runtime
