#include "runtime/shard/saved_parts.hpp"

#include <optional>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/connections/saved_rows.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {
namespace {

saved_common common_part(const shard& s) {
  const auto& [plan, cells, generators, stores, recording, delivery, emission] = s.parts();
  saved_common part;
  part.plan = plan;
  part.prepared = s.is_prepared();
  part.clock = s.clock();
  for (stimulator_ordinal i; i.index() < generators.size(); ++i) {
    part.stimulators.push_back(generators.at(i));
    part.injects.push_back(generators.injects(i));
  }
  part.drawn = generators.drawn();
  for (recorder_ordinal i; i.index() < recording.size(); ++i)
    part.recorders.push_back(recording.at(i).spec().without_results());
  for (store_ordinal i; i.index() < stores.size(); ++i)
    part.stores.push_back({s.catalog().number_of(stores.synapse(i)), stores[i].recorder});
  return part;
}

// Block by block, then what is of no node alone; network_loader reads it in this order.
std::vector<std::byte> state_part(const shard& s, step_t now) {
  const auto& [plan, cells, generators, stores, recording, delivery, emission] = s.parts();
  snapshot_writer w;
  w(std::uint64_t{cells.n_blocks()});
  for (block_ordinal b; b.index() < cells.n_blocks(); ++b) {
    const auto& block = cells.block(b);
    w(block.ids().first, block.values());
    for (std::uint32_t cell = 0; cell < block.size(); ++cell)
      w(cells.histories().saved(cells.targets().blocks()[b].first_line + cell));
  }
  w(cells.histories().base());
  for (store_ordinal i; i.index() < stores.size(); ++i) w(stores.rows(i).caught_up());
  w(s.is_prepared() ? delivery.sums(now, s.clock()) : std::vector<saved_sums>());
  w(s.is_prepared() ? delivery.amounts(now) : std::vector<saved_amounts>());
  w(delivery.saved_progress());
  std::vector<tap> taps;
  for (std::size_t i = 0; i < recording.connections().size(); ++i) taps.push_back(recording.connections().at(i));
  w(taps);
  for (recorder_ordinal i; i.index() < recording.size(); ++i) w(recording.at(i).n_events(), recording.at(i).files());
  w(emission.batch(), emission.spikes());
  return w.take();
}

saved_bytes rows_part(const shard& s, const saved_part& what) {
  const auto& parts = s.parts();
  expects(what.store.index() < parts.stores.size(), "rows that are saved are of a store");
  const auto& rows = parts.stores.rows(what.store);
  const auto saved = rows_of(rows, parts.cells.targets(), what.first, what.last);
  const bool more = what.last + 1 < rows.source_limit();
  if (saved.empty()) return {{}, more};
  return {bytes_of(saved), more};
}

saved_bytes events_part(const shard& s, recorder_ordinal of) {
  const auto& recorder = s.parts().recording.at(of);
  const auto* const made = recorder.detecting();
  if (made == nullptr && recorder.log().size() + recorder.hidden().size() == 0) return {};
  snapshot_writer w;
  w(recorder.log(), recorder.hidden(), made == nullptr ? std::optional<detector>() : *made);
  return {w.take(), false};
}

}  // namespace

saved_bytes part_of(const shard& s, const saved_part& what, step_t now) {
  switch (what.what) {
    case saved_part::kind::common: return {bytes_of(common_part(s)), false};
    case saved_part::kind::state: return {state_part(s, now), false};
    case saved_part::kind::rows: return rows_part(s, what);
    case saved_part::kind::events: return events_part(s, what.recorder);
  }
  __builtin_unreachable();
}

}  // namespace volley::runtime
