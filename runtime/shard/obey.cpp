#include "runtime/shard/obey.hpp"

#include "runtime/base/contract.hpp"
#include "runtime/shard/connection_query.hpp"

namespace volley::runtime {
namespace {

replies::tally tally_of(const shard& s) { return {s.n_connections(), s.spikes_emitted(), s.delays()}; }

/// What is done when an order arrives.
class obedience {
 public:
  explicit obedience(shard& s) : shard_(s) {}

  // ---- changes, tried

  reply operator()(const orders::add_nodes& o) const {
    const auto& neurons = shard_.catalog().neurons;
    expects(o.model < neurons.size() && o.first <= o.last, "nodes are of a model of the catalog");
    attributes prototype(neurons[o.model]);
    prototype.restore(o.prototype);
    shard_.add_population(o.first, o.last, prototype);
    if (!o.values.empty()) shard_.set_values({0, {{o.first, o.last, 1}}}, o.values, o.how, o.now_ms);
    return {};
  }

  reply operator()(const orders::add_devices& o) const {
    for (const auto& one : o.stimulators) shard_.add_stimulator(one, o.injectors);
    for (const auto& one : o.recorders) shard_.add_recorder(one);
    return {};
  }

  reply operator()(const orders::set_nodes& o) const {
    for (const auto& [position, one] : o.stimulators) shard_.stage_stimulator(position, one);
    for (const auto& one : o.recorders) shard_.stage_recorder(one.position, one.spec, one.clears);
    if (!o.values.empty()) shard_.set_values(o.nodes, o.values, o.how, o.now_ms);
    return {};
  }

  reply operator()(const orders::connect& o) const {
    for (std::size_t i = 0; i < o.projections.size(); ++i) {
      expects(o.projections[i].store < shard_.n_stores(), "connections have a store");
      if (o.trials[i].is_needed()) shard_.check(o.projections[i], o.trials[i]);
    }
    for (const auto& t : o.taps) expects(t.recorder < shard_.recorders().size(), "a recorder that is connected exists");
    for (const auto& p : o.projections) shard_.connect(p);
    for (const auto& t : o.taps) shard_.connect(t);
    return {};
  }

  reply operator()(const orders::edit_connections& o) const {
    expect_stores(o.list);
    return replies::tally{stage_edit(shard_, o.list, o.edit, {o.what, o.names}), 0, {}};
  }

  reply operator()(const orders::remove_pairs& o) const {
    expects(o.pairs.store < shard_.n_stores(), "connections have a store");
    return replies::tally{stage_removal(shard_, o.pairs), 0, {}};
  }

  reply operator()(const orders::set_store& o) const {
    if (o.made_from) {
      const auto& synapses = shard_.catalog().synapses;
      expects(*o.made_from < synapses.size() && o.store == shard_.n_stores(), "stores are made in their order");
      shard_.add_store(synapses[*o.made_from]);
    }
    expects(o.store < shard_.n_stores() && o.defaults.size() >= shard_.synapse(o.store).n_params,
            "a store has its defaults");
    expects(o.recorder < 0 || static_cast<std::size_t>(o.recorder) < shard_.recorders().size(),
            "a weight_recorder exists");
    return {};
  }

  // ---- work

  reply operator()(const orders::build& o) const {
    shard_.build(o.time);
    return tally_of(shard_);
  }

  reply operator()(const orders::prepare& o) const {
    for (const auto& [position, names] : o.files) {
      expects(shard_.place().vp < names.size(), "each VP has a file");
      shard_.recorder_at(position).set_path(names[shard_.place().vp]);
    }
    shard_.prepare(o.plan, o.overwrite_files);
    return {};
  }

  reply operator()(const orders::end_run& o) const {
    o.close_files ? shard_.close_recorders() : shard_.flush_recorders();
    return replies::tally{0, shard_.spikes_emitted(), {}};
  }

  // ---- questions

  reply operator()(const orders::size_of_store& o) const {
    expects(o.store < shard_.n_stores(), "connections have a store");
    return replies::tally{shard_.store(o.store).size() + shard_.recorded().n_connections(o.store), 0, {}};
  }

  reply operator()(const orders::find_connections& o) const { return find_connections(shard_, o.filter); }

  reply operator()(const orders::read_connections& o) const {
    expect_stores(o.list);
    return read_connections(shard_, o.list, o.with_parameters);
  }

  reply operator()(const orders::read_nodes& o) const { return shard_.get_values(o.nodes, o.keys, o.now); }

  reply operator()(const orders::read_events& o) const {
    replies::events events;
    for (const auto position : o.recorders) {
      const auto& r = std::as_const(shard_).recorder_at(position);
      events.shares.push_back({{std::shared_ptr<const event_log>(), &r.log()}, r.n_events()});
    }
    return events;
  }

  reply operator()(const orders::measure&) const { return replies::measures{shard_.times(), shard_.bytes()}; }

 private:
  void expect_stores(const connection_columns& list) const {
    for (const auto store : list.models)
      expects(0 <= store && static_cast<std::size_t>(store) < shard_.n_stores(), "connections have a store");
  }

  shard& shard_;
};

/// What is left to do of a change when it is kept.
class keeping {
 public:
  explicit keeping(shard& s) : shard_(s) {}

  void operator()(const orders::set_nodes& o) const {
    if (!o.stimulators.empty()) shard_.before_change(o.now);
    shard_.keep_values();
  }
  void operator()(const orders::connect& o) const { shard_.before_change(o.now); }
  void operator()(const orders::edit_connections& o) const { edit(o.now); }
  void operator()(const orders::remove_pairs& o) const { edit(o.now); }
  void operator()(const orders::set_store& o) const {
    shard_.before_change(o.now);
    shard_.set_common_parameters(o.store, o.defaults);
    if (o.weight) shard_.store(o.store).set_shared_weights(*o.weight);
    shard_.set_weight_recorder(o.store, o.recorder);
  }
  template <class Other> void operator()(const Other&) const {}

 private:
  void edit(step_t now) const {
    shard_.before_change(now);
    commit_edit(shard_);
  }

  shard& shard_;
};

}  // namespace

reply obey(shard& s, const order& what) {
  if (!is_change(what)) return std::visit(obedience(s), what);
  s.begin_change();
  try {
    return std::visit(obedience(s), what);
  } catch (...) {
    s.take_back();
    throw;
  }
}

void keep(shard& s, const order& what) {
  expects(is_change(what), "only changes are kept");
  std::visit(keeping(s), what);
  s.begin_change();
}

void drop(shard& s, const order& what) {
  expects(is_change(what), "only changes are dropped");
  s.take_back();
}

}  // namespace volley::runtime
