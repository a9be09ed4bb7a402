// The stimulating devices of a kernel as every VP holds them, with the spikes that are the same for all their
// connections: the same everywhere.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/base/halves.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/delivery/spike_batch.hpp"
#include "runtime/devices/shared_train.hpp"
#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {

class generators {
 public:
  std::size_t size() const { return all_.size(); }
  table_view<stimulator_ordinal, const stimulator> all() const { return {all_}; }
  const stimulator& at(stimulator_ordinal i) const { return all_[i.index()]; }
  /// Of a device with this id; of the first with a larger one if there is none.
  stimulator_ordinal position(std::uint64_t id) const;
  /// True for one whose spikes are known everywhere and do not travel.
  bool is_generator(std::uint64_t id) const;
  /// Whether its spikes travel with those of neurons.
  bool injects(stimulator_ordinal i) const { return injects_[i.index()]; }

  // ---- changes: tried, then kept or taken back
  void begin_change();
  void take_back();
  /// Devices are as they were staged.
  void keep();
  /// One more; ids ascend. `injects`: its spikes travel with those of neurons.
  void add(stimulator s, bool injects);
  /// Stages what a device is to be. REQUIRES: there is one, else broken_contract.
  void stage(stimulator_ordinal i, stimulator s);

  /// Draws the spikes that all connections share, of updates [from, to). Those with stamps up to `delivered` are not
  /// asked for again.
  void advance(std::uint32_t seed, step_t from, step_t to, step_t delivered);
  /// The spikes of a generator with stamps in (after, upto]. REQUIRES: they are known everywhere.
  std::vector<timed_spike> emitted(stimulator_ordinal i, step_t after, step_t upto) const;
  /// Appends the spikes that are known everywhere, with this stamp.
  void append_trains(step_t stamp, std::vector<travelling_spike>& to) const;
  /// Calls send(id, spike) for each spike with this stamp of injectors that live on `place`.
  template <class Send> void for_each_injected(const layout& place, step_t stamp, Send&& send) const {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!injects_[i] || !place.holds(all_[i].id())) continue;
      for (const auto& s : all_[i].emitted(stamp - 1, stamp)) send(low_half(all_[i].id()), s);
    }
  }

  // ---- saved networks
  /// Spikes that are drawn once for all connections, by generator that draws some.
  std::vector<shared_train> drawn() const;
  /// Such generators go on with these. REQUIRES: there are as many, else broken_contract.
  void put(std::vector<shared_train> drawn);

  template <class Snapshot> void snapshot(Snapshot& s) {
    s.fixed(all_);
    for (auto& [i, train] : drawn_) s(train);
  }

 private:
  /// Its place in drawn_, or that of the next one.
  std::size_t place_of(stimulator_ordinal i) const;

  std::vector<stimulator> all_;
  std::vector<bool> injects_;
  // Of those whose spikes are drawn once for all connections, in their order: whose are, belongs to the model.
  std::vector<std::pair<stimulator_ordinal, shared_train>> drawn_;

  // Of the change at hand.
  std::size_t before_ = 0, drawn_before_ = 0;
  std::vector<std::pair<stimulator_ordinal, stimulator>> staged_;
};

}  // namespace volley::runtime
