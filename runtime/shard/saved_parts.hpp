// A network as a saved file holds it: parts of its shards, by ids and names, which the VPs of any layout can take what
// is theirs of (runtime/shard/network_loader.hpp). The parts of one kind come from all VPs; where all say the same,
// that of the first counts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/devices/shared_train.hpp"
#include "runtime/devices/stimulator.hpp"
#include "runtime/shard/interval_clock.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/space/layer.hpp"

namespace volley::runtime {

class shard;

/// Which part.
struct saved_part {
  enum class kind : std::uint8_t {
    common,  ///< what all VPs have: devices, stores, the clock
    state,   ///< values of nodes, what is in flight, connections of recorders
    rows,    ///< connections of a store, from some sources
    events   ///< of a recorder, and what a detector has made
  };
  kind what = kind::common;
  store_ordinal store;                ///< rows
  std::uint64_t first = 0, last = 0;  ///< rows: sources, both included
  recorder_ordinal recorder;          ///< events
  bool operator==(const saved_part&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(what, kind::events);
    s(store, first, last, recorder);
  }
};

/// The neurons of one Create call. That of devices is among what all VPs have.
struct saved_block {
  std::uint64_t first = 0, last = 0;
  std::uint32_t model = 0;  ///< position in the catalog
  layer_ref where = nullptr;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(first, last, model, where);
    if constexpr (Snapshot::loads)
      if (first < 1 || first > last) s.refuse();
  }
};

/// The part that all VPs have.
struct saved_common {
  struct store {
    std::uint32_t made_from = 0;  ///< position in the catalog
    recorder_ordinal recorder = recorder_ordinal::none();
    template <class Snapshot> void snapshot(Snapshot& s) { s(made_from, recorder); }
  };
  run_plan plan;
  bool prepared = false;  ///< there may be something in flight
  interval_clock clock;
  std::vector<stimulator> stimulators;
  std::vector<std::uint8_t> injects;  ///< by stimulator
  std::vector<shared_train> drawn;    ///< by stimulator that draws spikes once for all connections
  std::vector<recorder_spec> recorders;
  std::vector<store> stores;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(plan, prepared, clock, stimulators, injects, drawn, recorders, stores);
    if constexpr (Snapshot::loads)
      if (injects.size() != stimulators.size()) s.refuse();
  }
};

/// A part of a shard as bytes.
struct saved_bytes {
  std::vector<std::byte> bytes;  ///< none: there is nothing
  bool more = false;             ///< rows: there are some behind the last source
  template <class Snapshot> void snapshot(Snapshot& s) { s(bytes, more); }
};

/// REQUIRES: store and recorder exist, else broken_contract. `now`: the biological time in steps.
saved_bytes part_of(const shard& s, const saved_part& what, step_t now);

}  // namespace volley::runtime
