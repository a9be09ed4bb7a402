#include "actors/worker.hpp"

#include <gtest/gtest.h>

#include <functional>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "actors/byte_body.hpp"
#include "actors/crew.hpp"
#include "actors/supervisor.hpp"
#include "caf/send.hpp"
#include "tests/actors/listening_session.hpp"
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
    void bring(const cluster::told::place::peer& to, const cluster::parcel& what) override {
      if (const auto peer = net->posts.find({epoch, to.number}); peer != net->posts.end() && peer->second->hears)
        peer->second->hears->arrived(what);
    }
    void close() override { hears.reset(); }
    memory_network* net = nullptr;
    std::uint64_t epoch = 0;
    std::optional<image_listener> hears;
  };
  std::shared_ptr<image_carrier> open_for_images(cluster::fence at, worker_number me, const std::string&,
                                                 image_listener listener) override {
    const auto mine = posts[{at.epoch, me}] = std::make_shared<images>();
    mine->net = this;
    mine->epoch = at.epoch;
    mine->hears = std::move(listener);
    return mine;
  }
  std::shared_ptr<links> open(cluster::fence at, worker_number me, const cluster::told::place& what,
                              std::shared_ptr<link_listener> listener) override {
    auto& of_kernel = all[at.epoch];
    of_kernel[me] = std::make_shared<memory_links>(*this, at, me, what, std::move(listener));
    const auto mates = what.peers;
    const auto is_here = [&](const auto& p) { return of_kernel.contains(p.number) && of_kernel[p.number]->at() == at; };
    if (std::ranges::all_of(mates, is_here))
      for (const auto& p : mates)
        if (auto* l = of_kernel[p.number]->listener()) l->links_stand();
    return of_kernel[me];
  }
  frame_counts counts() const override { return {}; }
  std::map<std::uint64_t, std::map<worker_number, std::shared_ptr<memory_links>>> all;  // by epoch
  std::map<std::pair<std::uint64_t, worker_number>, std::shared_ptr<images>> posts;     // the same
};

void memory_links::put_out(std::uint64_t interval, runtime::request_bits asked,
                           std::span<const protocol::body> batches) {
  std::size_t size = 0;
  for (const auto& b : batches) size += b->size();
  auto words = protocol::words::of_size(size);
  auto* to = words.view().data();
  for (const auto& b : batches) to = std::ranges::copy(b->view(), to).out;
  const auto body = std::make_shared<const protocol::words>(std::move(words));
  for (const auto peer : peers) net_.all.at(at_.epoch).at(peer)->arrive({me_, interval, asked, body});
}

// ---- a cluster on stage

/// A process of a worker, until it is put out or killed.
class process_on_stage final : public worker_outlet {
 public:
  process_on_stage(caf::actor_system& system, worker_setup setup) { actors_.emplace(system, std::move(setup)); }
  void send(cluster::fence, const protocol::body& message) override {
    if (actors_) actors_->take(cluster::decoded_order_message(bytes_in(message)));
  }
  void put_out(const std::string& why) override {
    goodbye = why;
    kill();
  }
  void kill() { actors_.reset(); }
  std::chrono::steady_clock::time_point last_heard() const override {
    return std::chrono::steady_clock::time_point::max();
  }
  std::string goodbye;

 private:
  std::optional<crew> actors_;
};

class cluster_on_stage {
 public:
  cluster_on_stage(std::int64_t vps, std::size_t workers, std::uint64_t seed, std::size_t count = 1) : stage(seed) {
    runtime::kernel_options options;
    options.default_vps = vps;
    options.files = &files;
    cluster_setup setup;
    setup.options.own = card();
    setup.all = &all_workers;
    setup.door = &net;
    for (; kernels.size() < count; ++setup.options.epoch)
      kernels.push_back(stage.system.spawn<supervisor>(options, setup));
    session = stage.system.spawn<listening_session>(std::ref(heard));
    for (std::size_t i = 1; i <= workers; ++i) join(worker_number(i));
  }
  ~cluster_on_stage() {
    for (const auto& one : kernels) caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
    stage.settle();
    all_workers.end();
    stage.settle();
  }
  static cluster::worker_card card() {
    cluster::worker_card c;
    c.memory = runtime::no_memory_limit;
    return c;
  }
  void join(worker_number who) {
    const auto said = [this, who](const cluster::report_message& m) {
      all_workers.report(who, cluster::decoded_report_message(cluster::encoded(m)));
    };
    workers.push_back(std::make_shared<process_on_stage>(
        stage.system, worker_setup{who, &files, &net, said, [this](const std::string& why) { left.push_back(why); }}));
    all_workers.join(who, std::make_shared<const cluster::worker_card>(card()), workers.back());
    stage.settle();
  }
  void lose(std::size_t at) {
    workers[at]->kill();
    all_workers.close(worker_number(at + 1), "its connection ended");
    stage.settle();
  }

  void begin(std::size_t kernel, api::request r) {
    caf::anon_send(kernels[kernel], call{session, ++sequence, std::make_shared<const api::request>(std::move(r))});
  }
  api::result ask(api::request r) {
    begin(asked, std::move(r));
    stage.settle();
    const auto answer = std::ranges::find(heard.answers, sequence, [](const auto& one) { return one.first; });
    if (answer == heard.answers.end()) throw std::logic_error("a call is not answered");
    return answer->second->outcome;
  }
  node_set create(const std::string& model, std::int64_t n, dictionary parameters = {}) {
    return std::get<node_set>(ask(api::create_nodes{model, n, value(std::move(parameters))}));
  }
  value get(const node_set& nodes, const std::string& key) {
    return *std::get<value>(ask(api::get_node_values{nodes, {key}})).get_if<dictionary>()->find(key);
  }

  runtime::system_record_files files;
  memory_network net;
  staged_system stage;
  listening_session::heard heard;
  std::vector<std::string> left;
  fleet all_workers;
  std::vector<supervisor_actor> kernels;
  std::size_t asked = 0;  // of them
  session_actor session;
  std::vector<std::shared_ptr<process_on_stage>> workers;
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
    EXPECT_TRUE(k.left.empty());
    for (const auto& one : k.workers) EXPECT_EQ(one->goodbye, "");
  }
}

// Of the cells that run_network has made.
value voltages(cluster_on_stage& k) {
  node_set cells;
  cells.ranges = {{1, 30, 1}};
  return k.get(cells, "V_m");
}

// The second kernel has a network already, and runs whenever the first one does.
TEST(worker, computes_several_kernels_each_with_its_bits) {
  cluster_on_stage alone(1, 0, 1);
  const auto expected = run_network(alone);
  for (int run = 0; run < 3; ++run) alone.ask(api::simulate{7.3});
  const auto later = voltages(alone);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    cluster_on_stage k(3, 2, seed, 2);
    k.asked = 1;
    EXPECT_EQ(run_network(k), expected);
    k.asked = 0;
    std::size_t lost = 0;
    const auto disturb = [&] {
      k.begin(1, api::simulate{7.3});
      if (seed % 2 == 1 && lost < 2) k.lose(lost++);
      if (seed % 2 == 1 && lost == 1) k.join(worker_number(3));
    };
    EXPECT_EQ(run_network(k, disturb), expected) << "seed " << seed;
    k.asked = 1;
    EXPECT_EQ(voltages(k), later) << "seed " << seed;
    EXPECT_TRUE(k.left.empty());
  }
}

TEST(worker, ends_what_it_has_of_a_kernel_that_ends) {
  cluster_on_stage alone(1, 0, 1);
  const auto expected = run_network(alone);
  cluster_on_stage k(4, 2, 3, 2);
  const auto idle = k.stage.system.registry().running();
  k.asked = 1;
  run_network(k);
  EXPECT_EQ(k.stage.system.registry().running(), idle + 6) << "two workers, four VPs";
  k.begin(1, api::simulate{1000.0});
  for (int step = 0; step < 200; ++step) k.stage.step();
  caf::anon_send_exit(k.kernels[1], caf::exit_reason::user_shutdown);
  k.stage.settle();
  EXPECT_EQ(k.stage.system.registry().running(), idle - 1);
  k.asked = 0;
  EXPECT_EQ(run_network(k), expected) << "one that was made earlier, and begins only now";
  EXPECT_TRUE(k.left.empty());
}

TEST(worker, that_is_drained_goes_from_all_kernels) {
  cluster_on_stage alone(1, 0, 1);
  run_network(alone);
  alone.ask(api::simulate{9.0});
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    cluster_on_stage k(4, 3, seed, 2);
    for (k.asked = 0; k.asked < 2; ++k.asked) run_network(k);
    k.asked = 1;
    EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::drain{2})));
    for (int tick = 0; tick < 20; ++tick) {
      k.stage.scheduler().advance_time(cluster::heartbeat_limits().period);
      k.stage.settle();
    }
    EXPECT_EQ(k.workers[1]->goodbye, cluster::told::drained);
    EXPECT_NE(failure(k.ask(api::drain{2})).find("there is no worker 2"), std::string::npos);
    for (k.asked = 0; k.asked < 2; ++k.asked) {
      k.ask(api::simulate{9.0});
      EXPECT_EQ(voltages(k), voltages(alone)) << "seed " << seed;
    }
    for (const std::size_t other : {0, 2}) EXPECT_EQ(k.workers[other]->goodbye, "");
    EXPECT_TRUE(k.left.empty());
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
