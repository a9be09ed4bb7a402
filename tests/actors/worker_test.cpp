#include "actors/worker.hpp"

#include <gtest/gtest.h>

#include <functional>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <tuple>

#include "actors/byte_body.hpp"
#include "actors/supervisor.hpp"
#include "caf/send.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;
using cluster::worker_number;
using runtime::dictionary;
using runtime::node_set;
using runtime::value;

// ---- links in memory

class memory_network;

class memory_links final : public links {
 public:
  memory_links(memory_network& net, cluster::fence at, worker_number me, const cluster::told::place& what,
               std::shared_ptr<link_listener> listener)
      : net_(net), at_(at), me_(me), listener_(std::move(listener)) {
    for (const auto& p : what.peers)
      if (p.number != me) peers.push_back(p.number);
  }
  void put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) override;
  void resume() override {
    active_ = true;
    for (; active_ && !waiting_.empty(); waiting_.pop_front()) take(waiting_.front());
  }
  void rest() override { active_ = false; }
  void close() override { listener_.reset(); }

  using frame = std::tuple<worker_number, std::uint64_t, runtime::request_bits, protocol::body>;
  void arrive(frame f) { active_ ? take(f) : waiting_.push_back(std::move(f)); }
  link_listener* listener() { return listener_.get(); }
  const cluster::fence& at() const { return at_; }

  std::vector<worker_number> peers;

 private:
  void take(const frame& f) {
    const auto& [from, interval, asked, batches] = f;
    if (listener_) listener_->take_frame(from, interval, asked, batches);
  }

  memory_network& net_;
  const cluster::fence at_;
  const worker_number me_;
  std::shared_ptr<link_listener> listener_;
  bool active_ = false;
  std::deque<frame> waiting_;
};

class memory_network final : public link_maker {
 public:
  struct images final : image_carrier {
    void bring(const cluster::told::place::peer& to, const cluster::cut_name& cut, std::uint32_t vp,
               const cluster::image& content) override {
      if (const auto peer = net->posts.find(to.number); peer != net->posts.end() && peer->second->hears)
        peer->second->hears->arrived(cut, vp, content);
    }
    void close() override { hears.reset(); }
    memory_network* net = nullptr;
    std::optional<image_listener> hears;
  };
  std::shared_ptr<image_carrier> open_for_images(cluster::fence, worker_number me, const std::string&,
                                                 image_listener listener) override {
    const auto mine = posts[me] = std::make_shared<images>();
    mine->net = this;
    mine->hears = std::move(listener);
    return mine;
  }
  std::shared_ptr<links> open(cluster::fence at, worker_number me, const cluster::told::place& what,
                              std::shared_ptr<link_listener> listener) override {
    all[me] = std::make_shared<memory_links>(*this, at, me, what, std::move(listener));
    const auto mates = what.peers;
    const auto is_here = [&](const auto& p) { return all.contains(p.number) && all[p.number]->at() == at; };
    if (std::ranges::all_of(mates, is_here))
      for (const auto& p : mates)
        if (auto* l = all[p.number]->listener()) l->links_stand();
    return all[me];
  }
  frame_counts counts() const override { return {}; }
  std::map<worker_number, std::shared_ptr<memory_links>> all;
  std::map<worker_number, std::shared_ptr<images>> posts;
};

void memory_links::put_out(std::uint64_t interval, runtime::request_bits asked,
                           std::span<const protocol::body> batches) {
  std::size_t size = 0;
  for (const auto& b : batches) size += b->size();
  auto words = protocol::words::of_size(size);
  auto* to = words.view().data();
  for (const auto& b : batches) to = std::ranges::copy(b->view(), to).out;
  const auto body = std::make_shared<const protocol::words>(std::move(words));
  for (const auto peer : peers) net_.all.at(peer)->arrive({me_, interval, asked, body});
}

// ---- a cluster on stage

class straight_outlet final : public worker_outlet {
 public:
  explicit straight_outlet(worker_actor to) : to_(std::move(to)) {}
  void send(cluster::fence, const protocol::body& message) override {
    caf::anon_send(
        to_,
        order_arrived{std::make_shared<cluster::order_message>(cluster::decoded_order_message(bytes_in(message)))});
  }
  void put_out(const std::string&) override { caf::anon_send_exit(to_, caf::exit_reason::user_shutdown); }
  std::chrono::steady_clock::time_point last_heard() const override {
    return std::chrono::steady_clock::time_point::max();
  }

 private:
  worker_actor to_;
};

class answers_kept : public session_actor::base {
 public:
  answers_kept(caf::actor_config& config, std::vector<std::shared_ptr<const api::answer>>& to)
      : session_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[](const frame_arrived&) {},
            [](const connection_closed&) {},
            [this](const call_answered& a) { to_.push_back(a.content); },
            [](const job_advanced&) {},
            [](const call_noted&) {},
            [](const kernel_introduced&) {}};
  }

 private:
  std::vector<std::shared_ptr<const api::answer>>& to_;
};

class cluster_on_stage {
 public:
  cluster_on_stage(std::int64_t vps, std::size_t workers, std::uint64_t seed) : stage(seed) {
    runtime::kernel_options options;
    options.default_vps = vps;
    options.files = &files;
    cluster_setup setup;
    setup.options.own = card();
    setup.door = &net;
    kernel = stage.system.spawn<supervisor>(options, setup);
    session = stage.system.spawn<answers_kept>(std::ref(answers));
    for (std::size_t i = 1; i <= workers; ++i) join(worker_number(i));
  }
  ~cluster_on_stage() {
    caf::anon_send_exit(kernel, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
    stage.settle();
  }
  static cluster::worker_card card() {
    cluster::worker_card c;
    c.memory = runtime::no_memory_limit;
    return c;
  }
  void join(worker_number who) {
    const auto said = [this, who](const cluster::report_message& m) {
      caf::anon_send(kernel, worker_reported{who, std::make_shared<cluster::report_message>(
                                                      cluster::decoded_report_message(cluster::encoded(m)))});
    };
    workers.push_back(stage.system.spawn<worker>(
        worker_setup{who, &files, &net, said, [this](const std::string& why) { left.push_back(why); }}));
    caf::anon_send(kernel, worker_joined{who, std::make_shared<const cluster::worker_card>(card()),
                                         std::make_shared<straight_outlet>(workers.back())});
    stage.settle();
  }
  void lose(std::size_t at) {
    const worker_number who(at + 1);
    caf::anon_send_exit(workers[at], caf::exit_reason::kill);
    caf::anon_send(kernel, worker_closed{who, "its connection ended"});
    stage.settle();
  }

  api::result ask(api::request r) {
    caf::anon_send(kernel, call{session, ++sequence, std::make_shared<const api::request>(std::move(r))});
    stage.settle();
    if (answers.size() != sequence) throw std::logic_error("a call is not answered");
    return answers.back()->outcome;
  }
  node_set create(const std::string& model, std::int64_t n, dictionary parameters = {}) {
    return std::get<node_set>(ask(api::create_nodes{model, n, value(std::move(parameters))}));
  }
  value get(const node_set& nodes, const std::string& key) {
    return *std::get<value>(ask(api::get_node_values{nodes, {key}})).get_if<dictionary>()->find(key);
  }
  std::string failure(const api::result& r) {
    try {
      std::rethrow_exception(std::get<api::failed_call>(r).reason);
    } catch (const std::exception& e) {
      return e.what();
    }
  }

  runtime::system_record_files files;
  memory_network net;
  staged_system stage;
  std::vector<std::shared_ptr<const api::answer>> answers;
  std::vector<std::string> left;
  supervisor_actor kernel;
  session_actor session;
  std::vector<worker_actor> workers;
  std::uint64_t sequence = 0;
};

// Spikes that cross processes, drawn and plastic weights, a refused call in between; what can be read of it.
value run_network(
    cluster_on_stage& k, const std::function<void()>& between_runs = [] {}) {
  const auto cells = k.create("iaf_psc_delta", 30, {{"I_e", 400.0}, {"t_ref", 1.0}});
  const auto noise = k.create("poisson_generator", 1, {{"rate", 8000.0}});
  const auto recorder = k.create("spike_recorder", 1);
  const dictionary plastic{{"synapse_model", "stdp_synapse"}, {"weight", 0.5}, {"delay", 1.5}};
  k.ask(api::connect{noise, cells, {{"rule", "all_to_all"}}, {{{"weight", 1.0}, {"delay", 1.0}}}});
  k.ask(api::connect{cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 5}}, {plastic}});
  k.ask(api::connect{cells, recorder, {{"rule", "all_to_all"}}, {dictionary{}}});
  for (const double ms : {10.5, 0.2, 9.3}) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::simulate{ms})));
    between_runs();
  }
  EXPECT_TRUE(std::holds_alternative<api::failed_call>(k.ask(api::set_node_values{cells, dictionary{{"C_m", -1.0}}})));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::simulate{20.0})));
  const auto found = std::get<runtime::connection_columns>(k.ask(api::get_connections{cells, cells, "", {}}));
  return std::vector<value>{k.get(recorder, "events"), k.get(cells, "V_m"),
                            std::get<value>(k.ask(api::get_connection_values{found, {"weight"}}))};
}

TEST(worker, computes_the_bits_of_one_process) {
  cluster_on_stage alone(1, 0, 1);
  const auto expected = run_network(alone);
  for (const std::int64_t vps : {1, 3, 8})
    for (const std::size_t workers : {1, 2, 3})
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        cluster_on_stage many(vps, workers, seed);
        EXPECT_EQ(run_network(many), expected) << vps << " VPs, " << workers << " workers, seed " << seed;
        EXPECT_TRUE(many.left.empty());
      }
}

// The first loss is made up for from the beginning; then there are cuts.
TEST(worker, that_is_lost_costs_no_bit) {
  cluster_on_stage alone(1, 0, 1);
  const auto expected = run_network(alone);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    cluster_on_stage k(8, 3, seed);
    std::size_t lost = 0;
    EXPECT_EQ(run_network(k, [&] { k.lose(lost++); }), expected) << "seed " << seed;
    EXPECT_EQ(k.left, std::vector<std::string>(lost, "the worker failed")) << "nobody else is put out";
  }
}

TEST(worker, tells_what_it_does_in_the_status) {
  cluster_on_stage k(4, 1, 5);
  k.create("iaf_psc_alpha", 8);
  const auto status = std::get<value>(k.ask(api::get_kernel_status{{"workers"}}));
  const auto& all = *status.get_if<dictionary>()->find("workers")->get_if<std::vector<value>>();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& one : all) EXPECT_EQ(*one.get_if<dictionary>()->find("vps"), value(2));
}

}  // namespace
}  // namespace volley::actors
