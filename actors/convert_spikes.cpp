#include "actors/convert_spikes.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "protocol/message.hpp"
#include "protocol/spikes.capnp.h"

namespace volley::actors {

namespace {

using protocol::malformed;

constexpr std::size_t words_around_columns = 32;

template <class T> capnp::Data::Reader bytes_of(const std::vector<T>& numbers) {
  return {reinterpret_cast<const kj::byte*>(numbers.data()), numbers.size() * sizeof(T)};
}

shared_batch columns_of(protocol::SpikeBatch::Reader batch) {
  const runtime::batch_view view{
      protocol::column<std::uint32_t>(batch.getCounts()), protocol::column<std::uint32_t>(batch.getSources()),
      protocol::column<std::uint32_t>(batch.getMultiplicities()), protocol::column<double>(batch.getOffsets())};
  std::uint64_t spikes = 0;
  for (const auto count : view.counts) spikes += count;
  if (spikes != view.sources.size()) throw malformed("a batch with another number of spikes than its steps have");
  if (!view.multiplicities.empty() && view.multiplicities.size() != view.sources.size())
    throw malformed("a batch whose multiplicities do not fit its spikes");
  if (!view.offsets_ms.empty() && view.offsets_ms.size() != view.sources.size())
    throw malformed("a batch whose offsets do not fit its spikes");
  if (!std::ranges::all_of(view.offsets_ms, [](double ms) { return std::isfinite(ms); }))
    throw malformed("a batch with an offset that is no number");
  if (batch.getFirstId() != 0) throw malformed("a batch of a kind this release does not know");
  return {nullptr, view, batch.getVp(), batch.getInterval()};
}

}  // namespace

shared_batch share_batch(std::uint32_t vp, std::uint64_t interval, const runtime::spike_batch& from) {
  const std::size_t numbers =
      from.counts.size() + from.sources.size() + from.multiplicities.size() + 2 * from.offsets_ms.size();
  const auto fill = [&](protocol::SpikeBatch::Builder batch) {
    batch.setVp(vp);
    batch.setInterval(interval);
    batch.setCounts(bytes_of(from.counts));
    batch.setSources(bytes_of(from.sources));
    if (!from.multiplicities.empty()) batch.setMultiplicities(bytes_of(from.multiplicities));
    if (!from.offsets_ms.empty()) batch.setOffsets(bytes_of(from.offsets_ms));
  };
  return read_batch(protocol::write_message<protocol::SpikeBatch>(fill, numbers / 2 + words_around_columns));
}

shared_batch read_batch(protocol::body words) {
  auto batch = protocol::read_message<protocol::SpikeBatch>(words, columns_of);
  batch.words = std::move(words);
  return batch;
}

// Our writer makes one segment: the first word says so, and how long it is.
std::vector<shared_batch> read_batches(const protocol::body& all) {
  std::vector<shared_batch> batches;
  for (std::size_t at = 0; all && at < all->size();) {
    const auto table = all->view()[at];
    const auto size = 1 + static_cast<std::size_t>(table >> 32);
    if ((table & 0xffffffff) != 0 || size > all->size() - at) throw malformed("a batch that does not fit its frame");
    batches.push_back(read_batch(protocol::part_of(all, at, size)));
    at += size;
  }
  return batches;
}

}  // namespace volley::actors
