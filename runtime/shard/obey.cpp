#include "runtime/shard/obey.hpp"

#include <memory>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/shard/connection_edits.hpp"
#include "runtime/shard/connection_query.hpp"
#include "runtime/shard/network_loader.hpp"

namespace volley::runtime {
namespace {

/// What the connections of a call end at, as far as its nodes tell.
const node_set& targets_of(const projection& p) {
  if (p.only != nullptr) return p.only->targets;
  return p.rule != nullptr ? p.rule->targets : p.pairs->distinct_targets;
}

replies::tally tally_of(const shard& s) {
  const auto& parts = s.parts();
  auto delays = parts.stores.delays();
  delays.include(parts.recording.connections().delays());
  return {parts.n_connections(), s.spikes_emitted(), delays};
}

/// What is done when an order arrives.
class obedience {
 public:
  explicit obedience(shard& s) : shard_(s), parts_(s.parts()) {}

  // ---- changes, tried

  reply operator()(const orders::add_nodes& o) const {
    const auto& neurons = shard_.catalog().neurons;
    expects(o.model < neurons.size() && o.first <= o.last, "nodes are of a model of the catalog");
    attributes prototype(neurons[o.model]);
    prototype.restore(o.prototype);
    shard_.add_cells(o.first, o.last, prototype, o.now_ms, o.where);
    if (!o.values.empty()) parts_.cells.set_values({0, {{o.first, o.last, 1}}}, o.values, o.how, o.now_ms);
    return {};
  }

  reply operator()(const orders::add_devices& o) const {
    for (const auto& one : o.stimulators) parts_.generators.add(one, o.injectors);
    for (const auto& one : o.recorders) parts_.recording.add(one, shard_.place().holds(one.id));
    return {};
  }

  reply operator()(const orders::set_nodes& o) const {
    for (const auto& [position, one] : o.stimulators) parts_.generators.stage(position, one);
    for (const auto& one : o.recorders) parts_.recording.stage(one.position, one.spec, one.clears);
    if (!o.values.empty()) parts_.cells.set_values(o.nodes, o.values, o.how, o.now_ms);
    return {};
  }

  reply operator()(const orders::connect& o) const {
    for (std::size_t i = 0; i < o.projections.size(); ++i) {
      expect_store(o.projections[i].store);
      if (o.trials[i].is_needed()) check(o.projections[i], o.trials[i]);
    }
    for (const auto& t : o.taps)
      if (t.samples) parts_.recording.check_sampled(t, parts_.cells);
    for (const auto& p : o.projections) {
      if (!p.currents) {
        parts_.cells.note_targets(targets_of(p));
        parts_.cells.make_entries(p);
      }
      parts_.stores.connect(p);
    }
    for (const auto& t : o.taps) parts_.recording.connect(t, parts_.cells, parts_.generators);
    return {};
  }

  reply operator()(const orders::edit_connections& o) const {
    expect_stores(o.list);
    return replies::tally{stage_edit(parts_, o.list, o.edit, {o.what, o.names}), 0, {}};
  }

  reply operator()(const orders::remove_pairs& o) const {
    expect_store(o.pairs.store);
    return replies::tally{stage_removal(parts_, o.pairs), 0, {}};
  }

  reply operator()(const orders::set_store& o) const {
    if (o.made_from) {
      const auto& synapses = shard_.catalog().synapses;
      expects(*o.made_from < synapses.size() && o.store.index() == parts_.stores.size(),
              "stores are made in their order");
      parts_.stores.add(synapses[*o.made_from]);
    }
    expect_store(o.store);
    expects(o.defaults.size() >= parts_.stores.synapse(o.store).n_params, "a store has its defaults");
    expects(o.recorder == recorder_ordinal::none() || o.recorder.index() < parts_.recording.size(),
            "a weight_recorder exists");
    return {};
  }

  reply operator()(const orders::decay_vacant&) const { return {}; }

  reply operator()(const orders::become_loaded&) const {
    loader().finish();
    return tally_of(loader().made());
  }

  // ---- work

  reply operator()(const orders::build& o) const {
    shard_.build(o.time);
    return tally_of(shard_);
  }

  reply operator()(const orders::prepare& o) const {
    for (const auto& [position, names] : o.files) {
      expects(shard_.place().vp < names.size(), "each VP has a file");
      parts_.recording.at(position).set_path(names[shard_.place().vp]);
    }
    shard_.prepare(o.plan, o.overwrite_files, o.room_for_records);
    return {};
  }

  reply operator()(const orders::end_run& o) const {
    const auto& time = parts_.plan.time;
    o.close_files ? parts_.recording.close(time) : parts_.recording.flush(time);
    if (o.grow_to) parts_.cells.grow(time.to_ms(*o.grow_to));
    return replies::tally{0, shard_.spikes_emitted(), {}, shard_.is_full()};
  }

  reply operator()(const orders::grow_elements& o) const {
    parts_.cells.grow(parts_.plan.time.to_ms(o.now));
    std::vector<element_counts> counts;
    for (const auto& name : o.names) counts.push_back(parts_.cells.count_elements(name));
    return counts;
  }

  reply operator()(const orders::begin_load& o) const {
    shard_.loader().reset();
    shard_.loader() = std::make_unique<network_loader>(shard_, o.saved_vps, o.now, o.blocks, o.common, o.goes_on);
    return {};
  }

  reply operator()(const orders::load_part& o) const {
    loader().take(o.what, o.by_vp);
    return {};
  }

  reply operator()(const orders::forget_loaded&) const {
    shard_.loader().reset();
    return {};
  }

  // ---- questions

  reply operator()(const orders::save_part& o) const { return part_of(shard_, o.what, o.now); }

  reply operator()(const orders::size_of_store& o) const {
    expect_store(o.store);
    return replies::tally{
        parts_.stores.rows(o.store).size() + parts_.recording.connections().n_connections(o.store), 0, {}};
  }

  reply operator()(const orders::find_connections& o) const { return find_connections(parts_, o.filter); }

  reply operator()(const orders::read_connections& o) const {
    expect_stores(o.list);
    return read_connections(parts_, o.list, o.with_parameters);
  }

  reply operator()(const orders::read_nodes& o) const {
    return parts_.cells.get_values(o.nodes, o.keys, o.now, parts_.plan.time);
  }

  reply operator()(const orders::read_events& o) const {
    replies::events events;
    for (const auto position : o.recorders) {
      const auto& r = std::as_const(parts_.recording).at(position);
      events.shares.push_back({{std::shared_ptr<const event_log>(), &r.log()},
                               r.n_events(),
                               {std::shared_ptr<const detector>(), r.detecting()}});
    }
    return events;
  }

  reply operator()(const orders::measure&) const { return replies::measures{shard_.times(), shard_.bytes()}; }

 private:
  network_loader& loader() const {
    expects(shard_.loader() != nullptr, "a network comes when it was announced");
    return *shard_.loader();
  }
  void expect_store(store_ordinal store) const {
    expects(store.index() < parts_.stores.size(), "connections have a store");
  }
  void expect_stores(const connection_columns& list) const {
    for (const auto model : list.models)
      expects(model >= 0 && std::cmp_less(model, parts_.stores.size()), "connections have a store");
  }
  /// Throws what would be illegal among the connections of `p` on this VP.
  void check(const projection& p, const connection_trial& trial) const {
    try_connections(p, shard_.place(), trial, parts_.stores.synapse(p.store),
                    [this](std::uint64_t id) { return parts_.cells.receiver_of(id); });
  }

  shard& shard_;
  shard_parts& parts_;
};

/// What is left to do of a change when it is kept.
class keeping {
 public:
  explicit keeping(shard& s) : shard_(s) {}

  void operator()(const orders::set_nodes& o) const {
    if (!o.stimulators.empty()) shard_.before_change(o.now);
    shard_.keep_values();
  }
  void operator()(const orders::connect& o) const {
    shard_.before_change(o.now);
    shard_.parts().cells.occupy(o.uses);
  }
  void operator()(const orders::edit_connections& o) const { edit(o); }
  void operator()(const orders::remove_pairs& o) const { edit(o); }
  void operator()(const orders::decay_vacant&) const { shard_.parts().cells.decay_vacant(); }
  void operator()(const orders::become_loaded&) const { shard_.become(shard_.loader()->take()); }
  void operator()(const orders::set_store& o) const {
    shard_.before_change(o.now);
    auto& stores = shard_.parts().stores;
    stores.set_common_parameters(o.store, o.defaults);
    if (o.weight) stores.rows(o.store).set_shared_weights(*o.weight);
    stores[o.store].recorder = o.recorder;
  }
  template <class Other> void operator()(const Other&) const {}

 private:
  template <class Edit> void edit(const Edit& o) const {
    shard_.before_change(o.now);
    commit_edit(shard_.parts());
    shard_.parts().cells.occupy(o.uses);
  }

  shard& shard_;
};

reply obeyed(shard& s, const order& what) {
  auto answer = std::visit(obedience(s), what);
  expects(answers(answer, what), "a shard answers what it was asked");
  return answer;
}

}  // namespace

reply obey(shard& s, const order& what) {
  expects(!s.is_changing(), "a change is kept or dropped before the next order");
  if (!is_change(what)) return obeyed(s, what);
  s.begin_change();
  try {
    return obeyed(s, what);
  } catch (...) {
    s.take_back();
    throw;
  }
}

void keep(shard& s, const order& what) {
  expects(is_change(what) && s.is_changing(), "what is kept is a change that was tried");
  std::visit(keeping(s), what);
  s.end_change();
}

void drop(shard& s, const order& what) {
  expects(is_change(what) && s.is_changing(), "what is dropped is a change that was tried");
  s.take_back();
}

}  // namespace volley::runtime
