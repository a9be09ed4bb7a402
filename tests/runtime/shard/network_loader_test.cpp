// Shards that are made of the parts of others, on another layout, with parts that do not fit. Whole networks:
// tests/runtime/kernel/saving_test.cpp.
#include "runtime/shard/network_loader.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "runtime/base/snapshot.hpp"
#include "tests/runtime/shard/shards_of_a_kernel.hpp"

namespace volley::runtime::tests {
namespace {

using kind = saved_part::kind;

class network_loader_test : public testing::Test {
 protected:
  network_loader_test() { made.k.simulate(3.5); }

  std::vector<std::vector<std::byte>> parts(const saved_part& what) {
    std::vector<std::vector<std::byte>> by_vp;
    for (std::size_t vp = 0; vp < 2; ++vp) by_vp.push_back(part_of(made.k.shard_at(vp), what, now).bytes);
    return by_vp;
  }
  saved_part rows() const { return {kind::rows, store_ordinal(made.model), 0, 99, {}}; }
  saved_part state() const { return {kind::state, {}, 0, 0, {}}; }
  network_loader loader(std::uint32_t saved_vps = 2) {
    return {beside.shard_at(1), saved_vps, now, blocks, parts({})[0]};
  }

  shards_of_a_kernel made{2};
  const step_t now = 35;
  const std::vector<saved_block> blocks{{1, 9, built_in_models().number_of(prototype_model()), nullptr}};
  solo_kernel beside{3};  // whose second VP is to have nodes 1, 4 and 7

 private:
  static const models::neuron_model& prototype_model() {
    return *std::ranges::find(built_in_models().neurons, "iaf_psc_alpha", &models::neuron_model::name);
  }
};

TEST_F(network_loader_test, takes_what_lives_on_its_virtual_process) {
  auto l = loader();
  l.take(state(), parts(state()));
  l.take(rows(), parts(rows()));
  l.finish();
  const auto s = l.take();
  EXPECT_EQ(s->parts().cells.block(block_ordinal()).size(), 3u);
  EXPECT_EQ(s->parts().n_connections(), 4u) << "onto node 4, one of them a recorder's";
  EXPECT_TRUE(s->is_prepared());
  EXPECT_EQ(s->clock().begin, made.k.shard_at(0).clock().begin);
}

TEST_F(network_loader_test, puts_counts_over_all_nodes_on_the_first) {
  auto first = network_loader(beside.shard_at(0), 2, now, blocks, parts({})[0]);
  first.take(state(), parts(state()));
  first.finish();
  auto second = loader();
  second.take(state(), parts(state()));
  second.finish();
  EXPECT_EQ(first.take()->spikes_emitted(), made.k.shard_at(0).spikes_emitted() + made.k.shard_at(1).spikes_emitted());
  EXPECT_EQ(second.take()->spikes_emitted(), 0u);
}

TEST_F(network_loader_test, refuses_parts_that_do_not_fit) {
  const auto refused = [this](const std::function<void(network_loader&)>& take) {
    auto l = loader();
    EXPECT_THROW(take(l), std::invalid_argument);
  };
  refused([this](auto& l) { l.take(rows(), parts(rows())); });  // before the state
  refused([](auto& l) { l.finish(); });
  refused([this](auto& l) { l.take(state(), {}); });  // from nobody
  refused([this](auto& l) {
    auto swapped = parts(state());
    std::swap(swapped[0], swapped[1]);
    l.take(state(), swapped);
  });
  refused([this](auto& l) {
    l.take(state(), parts(state()));
    l.take(state(), parts(state()));
  });
  refused([this](auto& l) {
    auto longer = parts(state());
    longer[1].push_back(std::byte{0});
    l.take(state(), longer);
  });
  refused([this](auto& l) {
    l.take(state(), parts(state()));
    l.take({kind::rows, store_ordinal(1000), 0, 99, {}}, parts(rows()));
  });
  EXPECT_THROW(loader(0), std::invalid_argument);
  EXPECT_THROW(network_loader(beside.shard_at(0), 2, now,
                              std::vector<saved_block>{{5, 9, 0, nullptr}, {1, 4, 0, nullptr}}, parts({})[0]),
               std::invalid_argument);
}

TEST_F(network_loader_test, never_reads_beyond_a_part) {
  const auto whole = parts(state());
  for (std::size_t n = 0; n < whole[0].size(); n += 1 + whole[0].size() / 100) {
    auto l = loader();
    auto cut = whole;
    cut[0].resize(n);
    EXPECT_THROW(l.take(state(), cut), std::invalid_argument) << n;
  }
}

}  // namespace
}  // namespace volley::runtime::tests
