// Memory that is refused while shards make nodes or connections: the call fails with MemoryError, nothing has changed
// on any VP, and the same call works when there is memory again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace {

// Which allocation is refused: the large ones of a shard's work are counted while `armed`.
constexpr std::size_t large = 64;
bool armed = false;
long until_refused = -1;  // negative: never
long counted = 0;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (armed && bytes >= large && counted++ == until_refused) throw std::bad_alloc();
  void* p = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

// Both halves are replaced below; g++ judges one of them at a time.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t bytes) { return allocate(bytes == 0 ? 1 : bytes, 16); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes == 0 ? 1 : bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept try {
  return ::operator new(bytes);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace volley::runtime {
namespace {

value drawn(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

const node_set cells{0, {{1, 300, 1}}};

/// Connections between cells; memory for finding them is not refused.
api::connection_columns between(solo_kernel& k, const std::string& model = "static_synapse",
                                std::uint64_t last_target = 300) {
  const auto watch = std::exchange(k.around_shard_work, [](bool) {});
  auto found = k.connections({cells, node_set{0, {{1, last_target, 1}}}, model, {}});
  k.around_shard_work = watch;
  return found;
}

/// Sets one number for each connection.
void set_each(solo_kernel& k, const std::string& key, double low, double high,
              const std::string& model = "static_synapse") {
  const auto connections = between(k, model);
  std::vector<double> numbers(connections.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = low + (high - low) * double(i % 7) / 6;
  k.call(api::set_connection_values{connections, dictionary{{key, numbers}}});
}

struct refused_call {
  const char* name;
  std::function<void(solo_kernel&)> call;
  std::function<void(solo_kernel&)> then = [](solo_kernel&) {};  ///< shows what came of it
};

const refused_call calls[] = {
    {"create",
     [](auto& k) {
       k.create("iaf_psc_alpha", 130, {{"V_m", drawn(-70, -60)}, {"I_e", drawn(0, 1)}});
     }},
    {"create_in_space",
     [](auto& k) {
       k.call(api::create_nodes{
           "iaf_psc_alpha", 130, {}, dictionary{{"positions", std::vector<value>{drawn(0, 1), drawn(0, 1)}}}});
     },
     [](auto& k) {
       const node_set layer{0, {{303, 432, 1}}};
       k.connect(layer, layer,
                 {{"rule", "pairwise_bernoulli"}, {"mask", dictionary{{"circular", dictionary{{"radius", 0.1}}}}}});
     }},
    {"create_generators",
     [](auto& k) {
       k.create("poisson_generator", 20, {{"rate", 9000.0}});
     },
     [](auto& k) {
       k.connect(node_set{0, {{303, 322, 1}}}, cells, {{"rule", "all_to_all"}}, {{"weight", 5.0}, {"delay", 1.0}});
     }},
    {"create_recorders", [](auto& k) { k.create("spike_recorder", 20); },
     [](auto& k) {
       k.connect(cells, node_set{0, {{303, 304, 1}}});
     }},
    {"connect",
     [](auto& k) {
       k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 10}}, {{"weight", drawn(1, 2)}});
     }},
    {"record",
     [](auto& k) {
       k.connect(cells, node_set{0, {{302, 302, 1}}});
     }},
    {"set_weights", [](auto& k) { set_each(k, "weight", 1, 2); }},
    {"set_delays", [](auto& k) { set_each(k, "delay", 0.5, 1.5); }},
    {"set_parameters", [](auto& k) { set_each(k, "Wmax", 150, 200, "stdp_synapse"); }},
    {"disconnect", [](auto& k) { k.call(api::disconnect_connections{between(k, "static_synapse", 90)}); }},
    {"disconnect_nodes",
     [](auto& k) {
       k.call(api::disconnect{cells, cells, {{"rule", "one_to_one"}}, {{"synapse_model", "stdp_synapse"}}});
     }},
};

class memory_refused_to : public testing::TestWithParam<refused_call> {};
INSTANTIATE_TEST_SUITE_P(calls, memory_refused_to, testing::ValuesIn(calls),
                         [](const auto& info) { return info.param.name; });

std::unique_ptr<solo_kernel> fresh_kernel(int vps) {
  auto k = std::make_unique<solo_kernel>(vps);
  k->create("iaf_psc_alpha", 300, {{"I_e", 600.0}});
  const auto noise = k->create("poisson_generator", 1, {{"rate", 5000.0}});
  const auto recorder = k->create("spike_recorder");
  k->connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 5}}, {{"delay", 1.0}});
  k->connect(noise, cells, {{"rule", "all_to_all"}}, {{"delay", 1.0}, {"weight", 5.0}});
  k->connect(cells, cells, {{"rule", "one_to_one"}}, {{"synapse_model", "stdp_synapse"}, {"delay", 1.0}});
  k->connect(cells, recorder);
  k->status("num_connections");
  return k;
}

/// All that users can see of nodes and connections.
std::pair<value, value> visible(solo_kernel& k) {
  const auto last = static_cast<std::uint64_t>(*k.status("network_size").get_if<std::int64_t>());
  auto nodes = std::get<value>(k.call(api::get_node_values{{0, {{1, last, 1}}}, {}}));
  return {std::move(nodes), std::get<value>(k.call(api::get_connection_values{k.connections(), {}}))};
}

enum class what_came { no_such_allocation, went_on_without, failed };

/// Makes the call with allocation number `n` refused. (A sort without its buffer goes on.)
what_came refuse(solo_kernel& k, const refused_call& c, long n) {
  k.around_shard_work = [](bool begins) { armed = begins; };
  until_refused = n;
  counted = 0;
  bool refused = false;
  try {
    c.call(k);
  } catch (const api_error& e) {
    EXPECT_STREQ(to_string(e.kind()), "builtins.MemoryError") << e.what();
    EXPECT_NE(std::string(e.what()).find("memory"), std::string::npos);
    refused = true;
  } catch (const std::bad_alloc&) {
    ADD_FAILURE() << "a bare bad_alloc";
    refused = true;
  }
  k.around_shard_work = [](bool) {};
  until_refused = -1;
  armed = false;
  return refused ? what_came::failed : counted > n ? what_came::went_on_without : what_came::no_such_allocation;
}

TEST_P(memory_refused_to, leaves_the_kernel_as_it_was) {
  for (const int vps : {1, 3}) {
    const auto before = visible(*fresh_kernel(vps));
    auto never_refused = fresh_kernel(vps);
    GetParam().call(*never_refused);
    GetParam().then(*never_refused);
    never_refused->simulate(3.0);
    const auto after = visible(*never_refused);
    long n = 0;
    for (;; n += 1 + n / 20) {  // all of the first, then fewer and fewer
      auto k = fresh_kernel(vps);
      const auto came = refuse(*k, GetParam(), n);
      if (came == what_came::no_such_allocation) break;
      if (came == what_came::went_on_without) continue;
      EXPECT_TRUE(visible(*k) == before) << "refusal " << n << " on " << vps << " VPs";
      GetParam().call(*k);
      GetParam().then(*k);
      k->simulate(3.0);
      EXPECT_TRUE(visible(*k) == after) << "refusal " << n << " on " << vps << " VPs";
    }
    EXPECT_GT(n, 0) << "nothing was allocated";
  }
}

TEST(memory_refused, to_the_building_of_connections_leaves_them_asked_for_and_images_that_fit) {
  const refused_call build{"", [](auto& k) { k.status("num_connections"); }};
  const auto network = [](int vps) {
    auto k = fresh_kernel(vps);
    k->connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 20}}, {{"delay", 1.5}, {"weight", drawn(1, 2)}});
    for (const auto weight : {2.0, 3.0})
      k->connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 9}},
                 {{"synapse_model", "stdp_synapse"}, {"delay", 1.0}, {"weight", weight}});
    k->connect(cells, cells, {{"rule", "one_to_one"}}, {{"delay", 2.0}, {"synapse_model", "static_synapse_hom_w"}});
    return k;
  };
  for (const int vps : {1, 3}) {
    const auto expected = visible(*network(vps));
    long n = 0;
    for (;; n += 1 + n / 8) {  // all of the first, then fewer and fewer
      auto k = network(vps);
      if (refuse(*k, build, n) == what_came::no_such_allocation) break;
      EXPECT_TRUE(visible(*k) == expected) << "refusal " << n << " on " << vps << " VPs";
      k->simulate(1.0);
      // Places depend on the refusal, so the image has the rows: it fits where nothing was refused.
      auto other = network(vps);
      other->simulate(1.0);
      other->load(k->save());
      for (auto* each : {k.get(), other.get()}) each->simulate(2.0);
      EXPECT_TRUE(visible(*k) == visible(*other)) << "refusal " << n << " on " << vps << " VPs";
    }
    EXPECT_GT(n, 5);
  }
}

}  // namespace
}  // namespace volley::runtime
