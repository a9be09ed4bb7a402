#include "actors/convert_spikes.hpp"

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

capnp::Data::Reader bytes_of(const std::vector<std::uint32_t>& numbers) {
  return {reinterpret_cast<const kj::byte*>(numbers.data()), numbers.size() * sizeof(std::uint32_t)};
}

runtime::batch_view view_of(protocol::SpikeBatch::Reader batch) {
  const runtime::batch_view view{protocol::column<std::uint32_t>(batch.getCounts()),
                                 protocol::column<std::uint32_t>(batch.getSources()),
                                 protocol::column<std::uint32_t>(batch.getMultiplicities())};
  std::uint64_t spikes = 0;
  for (const auto count : view.counts) spikes += count;
  if (spikes != view.sources.size()) throw malformed("a batch with another number of spikes than its steps have");
  if (!view.multiplicities.empty() && view.multiplicities.size() != view.sources.size())
    throw malformed("a batch whose multiplicities do not fit its spikes");
  if (batch.getFirstId() != 0 || batch.hasOffsets()) throw malformed("a batch of a kind this release does not know");
  return view;
}

}  // namespace

shared_batch share_batch(std::uint32_t vp, std::uint64_t interval, const runtime::spike_batch& from) {
  const std::size_t numbers = from.counts.size() + from.sources.size() + from.multiplicities.size();
  const auto fill = [&](protocol::SpikeBatch::Builder batch) {
    batch.setVp(vp);
    batch.setInterval(interval);
    batch.setCounts(bytes_of(from.counts));
    batch.setSources(bytes_of(from.sources));
    if (!from.multiplicities.empty()) batch.setMultiplicities(bytes_of(from.multiplicities));
  };
  return read_batch(protocol::write_message<protocol::SpikeBatch>(fill, numbers / 2 + words_around_columns));
}

shared_batch read_batch(protocol::body words) {
  const auto view = protocol::read_message<protocol::SpikeBatch>(words, view_of);
  return {std::move(words), view};
}

}  // namespace volley::actors
