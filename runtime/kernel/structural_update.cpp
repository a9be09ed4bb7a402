#include "runtime/kernel/structural_update.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/growth/pairing.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/element_uses.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/pairs.hpp"
#include "runtime/kernel/projections.hpp"
#include "runtime/kernel/steps.hpp"

namespace volley::runtime {
namespace {

using choice = structural_draws::choice;

node_set set_of_ids(const std::vector<std::uint64_t>& ascending) { return {0, ranges_of(ascending)}; }

/// One update: synapse by synapse, each in three parts, of which every one may ask or tell the shards something.
class structural_update : public std::enable_shared_from_this<structural_update> {
 public:
  structural_update(network& net, std::function<outcome()> then) : net_(net), then_(std::move(then)) {
    for (const auto& synapse : net.structural) {
      elements_[synapse.elements.pre];
      elements_[synapse.elements.post];
    }
  }

  outcome begin() {
    orders::grow_elements order{net_.now, {}};
    for (const auto& [name, counts] : elements_) order.names.push_back(name);
    return tell_shards(net_, std::move(order), [self = shared_from_this()](std::vector<reply> replies) {
      return self->guarded([&] {
        self->take(replies);
        return self->next_synapse();
      });
    });
  }

 private:
  const structural_synapse& synapse() const { return net_.structural[at_]; }
  element_table& pre() { return elements_.at(synapse().elements.pre); }
  element_table& post() { return elements_.at(synapse().elements.post); }
  structural_draws draws(choice of) const {
    return structural_draws(net_.settings.rng_seed, net_.now, static_cast<std::uint32_t>(at_), of);
  }

  void take(const std::vector<reply>& replies) {
    std::size_t i = 0;
    for (auto& [name, table] : elements_) {
      std::vector<const element_counts*> by_vp;
      for (const auto& r : replies) by_vp.push_back(&std::get<std::vector<element_counts>>(r).at(i));
      table = element_table(by_vp);
      ++i;
    }
  }

  outcome next_synapse() {
    if (at_ == net_.structural.size())
      return tell_shards(net_, orders::decay_vacant{},
                         [self = shared_from_this()](std::vector<reply>) { return self->then_(); });
    gone_ = {};
    return lose_by_source();
  }
  outcome finish_synapse() {
    ++at_;
    return next_synapse();
  }

  // ---- connections go

  outcome lose_by_source() {
    const auto sources = pre().overfull();
    if (sources.empty()) return lose_by_target();
    return ask({set_of_ids(sources), std::nullopt, synapse().store}, [this](auto found) {
      std::erase_if(found, [this](const found_connection& c) { return !post().has(c.target); });
      choose(found, &found_connection::source, pre(), choice::of_pre);
      return lose_by_target();
    });
  }

  outcome lose_by_target() {
    const auto targets = post().overfull();
    if (targets.empty()) return remove();
    return ask({std::nullopt, set_of_ids(targets), synapse().store}, [this](auto found) {
      std::erase_if(found, [this](const found_connection& c) { return !pre().has(c.source) || is_gone(c); });
      std::ranges::stable_sort(found, {}, &found_connection::target);
      choose(found, &found_connection::target, post(), choice::of_post);
      return remove();
    });
  }

  /// Connections of the filter, in canonical order; this object lives until they are there.
  template <class Then> outcome ask(connection_filter filter, Then then) {
    return when_built(net_, [filter, then, self = shared_from_this()] {
      return tell_shards(self->net_, orders::find_connections{filter}, [then, self](std::vector<reply> replies) {
        return self->guarded([&] { return then(joined(replies)); });
      });
    });
  }

  static std::vector<found_connection> joined(const std::vector<reply>& replies) {
    std::vector<found_connection> all;
    for (const auto& r : replies)
      for (const auto& c : std::get<std::vector<found_connection>>(r))
        if (c.call != found_connection::of_recorder) all.push_back(c);
    std::ranges::sort(all, {}, [](const found_connection& c) { return std::tuple(c.source, c.target, c.number); });
    return all;
  }

  void choose(const std::vector<found_connection>& found, std::uint32_t found_connection::*node,
              const element_table& of, choice what) {
    std::vector<std::uint64_t> nodes;
    for (const auto& c : found) nodes.push_back(c.*node);
    auto its_draws = draws(what);
    for (const auto i : chosen_to_go(nodes, of, its_draws)) {
      const auto& c = found[i];
      gone_.sources.push_back(c.source);
      gone_.targets.push_back(c.target);
      gone_.models.push_back(c.model.index());
      gone_.ports.push_back(c.number);
      known_gone_.emplace(c.source, c.target, c.number);
    }
    for (auto i = counted_; i < gone_.size(); ++i) free(gone_, i);
    counted_ = gone_.size();
  }
  void free(const connection_columns& list, std::size_t i) {
    pre().free(static_cast<std::uint64_t>(list.sources[i]), 1);
    post().free(static_cast<std::uint64_t>(list.targets[i]), 1);
  }
  bool is_gone(const found_connection& c) const { return known_gone_.contains({c.source, c.target, c.number}); }

  outcome remove() {
    known_gone_.clear();
    counted_ = 0;
    if (gone_.size() == 0) return connect();
    gone_.generation = net_.generation;
    const auto ids = [](const std::vector<std::int64_t>& column) {
      return std::vector<std::uint64_t>(column.begin(), column.end());
    };
    auto uses = uses_of(ids(gone_.sources), ids(gone_.targets), synapse().elements, -1);
    return and_then(remove_connections(net_, "structural plasticity", std::move(gone_), std::move(uses)),
                    [self = shared_from_this()](api::answer a) -> outcome {
                      if (std::holds_alternative<api::failed_call>(a.outcome)) return a;
                      return self->guarded([&] { return self->connect(); });
                    });
  }

  // ---- connections come

  outcome connect() {
    const auto sources = pre().n_vacant(), targets = post().n_vacant();
    const auto bytes = (sources + targets) * sizeof(std::uint64_t) + std::min(sources, targets) * sizeof(node_pair);
    require_memory(net_, net_.size.bytes(rows(net_)) + static_cast<double>(bytes),
                   "structural plasticity: pairs of vacant synaptic elements");
    auto its_draws = draws(choice::of_pairs);
    auto pairs = paired(pre(), post(), its_draws);
    if (!synapse().allow_autapses) std::erase_if(pairs, [](const node_pair& p) { return p.first == p.second; });
    if (pairs.empty()) return finish_synapse();
    if (synapse().allow_multapses) return make(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return ask(between(pairs), [this, pairs](const std::vector<found_connection>& found) {
      std::set<node_pair> known;
      for (const auto& c : found) known.emplace(c.source, c.target);
      auto fresh = pairs;
      std::erase_if(fresh, [&](const node_pair& p) { return known.contains(p); });
      return fresh.empty() ? finish_synapse() : make(fresh);
    });
  }

  connection_filter between(const std::vector<node_pair>& pairs) const {
    std::vector<std::uint64_t> sources, targets;
    for (const auto& [source, target] : pairs) {
      sources.push_back(source);
      targets.push_back(target);
    }
    return {set_of(net_, std::move(sources)), set_of(net_, std::move(targets)), synapse().store};
  }

  outcome make(const std::vector<node_pair>& pairs) {
    std::vector<std::uint64_t> sources, targets;
    for (const auto& [source, target] : pairs) {
      sources.push_back(source);
      targets.push_back(target);
      pre().free(source, -1);
      post().free(target, -1);
    }
    new_connections made;
    made.uses = uses_of(sources, targets, synapse().elements, 1);
    const auto spec = spec_of(synapse(), net_.models, net_.settings, limits_of_delays(net_));
    auto p = projection_of(net_, spec);
    p.pairs = pairs_of(net_, std::move(sources), std::move(targets));
    const auto groups = groups_of(net_, *p.pairs);
    check_pairs(net_, groups, spec);
    add_groups(net_, std::move(p), spec, groups, made);
    return and_then(link(net_, std::move(made)), [self = shared_from_this()](api::answer a) -> outcome {
      if (std::holds_alternative<api::failed_call>(a.outcome)) return a;
      return self->guarded([&] { return self->finish_synapse(); });
    });
  }

  /// What a part refuses is the answer of the run, which ends in order.
  template <class Part> outcome guarded(Part&& part) {
    try {
      return part();
    } catch (...) {
      return failure(net_, std::current_exception());
    }
  }

  network& net_;
  std::function<outcome()> then_;
  std::map<std::string, element_table> elements_;  // by name
  std::size_t at_ = 0;                             // the synapse at hand
  connection_columns gone_;                        // of its connections
  std::size_t counted_ = 0;                        // of those, whose elements are free
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> known_gone_;
};

}  // namespace

step_t structural_interval(const network& net) {
  if (!net.settings.structural_plasticity) return 0;
  return net.settings.time.nearest_steps(net.settings.structural_plasticity_update_interval);
}

void include_structural_delays(network& net) {
  if (net.has_run || net.settings.min_delay_steps != 0) return;
  for (const auto& synapse : net.structural) {
    const auto spec = spec_of(synapse, net.models, net.settings, {});
    net.extrema.include(static_cast<std::uint32_t>(net.settings.time.nearest_steps(std::get<double>(spec.delay_ms))));
  }
}

outcome update_structure(network& net, std::function<outcome()> then) {
  try {
    return std::make_shared<structural_update>(net, std::move(then))->begin();
  } catch (...) {
    return failure(net, std::current_exception());
  }
}

}  // namespace volley::runtime
