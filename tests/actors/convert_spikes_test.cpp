#include "actors/convert_spikes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "protocol/malformed.hpp"
#include "protocol/message.hpp"
#include "protocol/spikes.capnp.h"

namespace volley::actors {
namespace {

using numbers = std::vector<std::uint32_t>;

numbers copy(std::span<const std::uint32_t> column) { return {column.begin(), column.end()}; }

TEST(convert_spikes, a_batch_is_read_where_it_was_written) {
  const runtime::spike_batch from{{2, 0, 1}, {5, 9, 4}, {1, 1, 3}, {0, 0.04, 0}};
  const auto shared = share_batch(3, 17, from);
  EXPECT_EQ(copy(shared.view.counts), from.counts);
  EXPECT_EQ(copy(shared.view.sources), from.sources);
  EXPECT_EQ(copy(shared.view.multiplicities), from.multiplicities);
  EXPECT_EQ(std::vector(shared.view.offsets_ms.begin(), shared.view.offsets_ms.end()), from.offsets_ms);
  const auto* begin = reinterpret_cast<const std::uint32_t*>(shared.words->view().data());
  EXPECT_GE(shared.view.sources.data(), begin);
  EXPECT_LT(shared.view.sources.data(), begin + 2 * shared.words->size());
}

TEST(convert_spikes, the_same_words_are_read_on_the_other_side) {
  const auto shared = share_batch(0, 1, {{1}, {7}, {}});
  const auto arrived = read_batch(shared.words);
  EXPECT_EQ(copy(arrived.view.sources), numbers{7});
  EXPECT_TRUE(arrived.view.multiplicities.empty());
}

TEST(convert_spikes, a_silent_interval_is_a_batch_too) {
  EXPECT_EQ(share_batch(0, 1, {{0, 0}, {}, {}}).view.counts.size(), 2u);
}

void expect_malformed(const std::function<void(protocol::SpikeBatch::Builder)>& fill) {
  EXPECT_THROW(read_batch(protocol::write_message<protocol::SpikeBatch>([&](auto to) { fill(to); })),
               protocol::malformed);
}

TEST(convert_spikes, columns_that_do_not_fit_are_refused) {
  expect_malformed([](auto to) { to.initSources(8); });
  expect_malformed([](auto to) { to.initCounts(4)[0] = 1; });
  expect_malformed([](auto to) { to.initCounts(6); });
  expect_malformed([](auto to) { to.initMultiplicities(4); });
  expect_malformed([](auto to) { to.initOffsets(8); });
  expect_malformed([](auto to) { to.setFirstId(4); });
  expect_malformed([](auto to) {
    const std::uint32_t one = 1;
    const double nan = std::nan("");
    to.setCounts({reinterpret_cast<const kj::byte*>(&one), 4});
    to.setSources({reinterpret_cast<const kj::byte*>(&one), 4});
    to.setOffsets({reinterpret_cast<const kj::byte*>(&nan), 8});
  });
}

}  // namespace
}  // namespace volley::actors
