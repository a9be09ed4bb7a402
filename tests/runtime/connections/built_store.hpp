// Nodes of one VP, and a store whose connections to them are built from calls as a shard's are.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/connections/store_builder.hpp"

namespace volley::runtime::tests {

inline node_set ids(std::uint64_t first, std::uint64_t last) { return {0, {{first, last, 1}}}; }

/// One call with weight 1 and a delay of 1 ms.
inline projection call_of(const dictionary& rule, node_set sources, node_set targets) {
  projection p;
  p.rule = std::make_shared<rule_spec>(parse_rule(rule, std::move(sources), std::move(targets), 5, 2));
  p.seed = 5;
  p.call = 2;
  return p;
}
inline projection all_to_all(node_set sources, node_set targets) {
  return call_of({{"rule", "all_to_all"}}, std::move(sources), std::move(targets));
}

struct built_store {
  layout place;
  time_grid time;  ///< 10 steps are 1 ms
  slot_map spike_slots, current_slots;
  target_lookup targets{spike_slots, current_slots};
  connection_store store;

  /// A plastic store's sets are one parameter and one trace.
  explicit built_store(bool plastic = false, const layout& at = {}) : place(at), store(plastic, plastic ? 1 : 0) {}
  explicit built_store(const models::synapse_model& model)
      : store(model.plastic, static_cast<std::uint32_t>(model.n_traces), models::has_sets(model),
              static_cast<std::uint32_t>(model.n_variables)) {}
  built_store(const built_store&) = delete;

  /// Nodes of one Create call, with a receptor for each form.
  void add_nodes(std::uint64_t first, std::uint64_t last, const std::vector<input_form>& forms = {input_form::sum}) {
    const auto mine = local_part(first, last, place);
    const auto block = block_ordinal(targets.blocks().size());
    target_lookup::block b{mine, history_line(targets.lines()), {}};
    for (std::uint32_t r = 0; r < forms.size(); ++r) {
      const bool currents = models::facts_of(forms[r]).is_current;
      auto& slots = currents ? current_slots : spike_slots;
      b.channels.push_back({r, currents, slots.add(block, r, padded(mine.count), forms[r]), r});
    }
    targets.add(std::move(b));
  }
  void build(const std::vector<projection>& calls) { store_builder(store, targets, place, time).build(calls); }

  struct connection {
    std::uint64_t source, target;
    double weight;
    std::uint64_t delay_steps;
    bool operator==(const connection&) const = default;
  };
  /// All of them, in the order of the rows.
  std::vector<connection> connections() const {
    std::vector<connection> all;
    store.for_each_source([&](std::uint64_t source) {
      for (const segment& r : store.row(source))
        for (std::uint64_t i = 0; i < r.count; ++i)
          all.push_back({source, targets.id(store.slot(r, i), r.is_current()), store.weight(r, i), r.delay_steps});
    });
    return all;
  }
  /// Of all, in the order of the rows.
  std::vector<double> variables() const {
    std::vector<double> all;
    store.for_each_source([&](std::uint64_t source) {
      for (const segment& r : store.row(source))
        for (std::uint64_t i = 0; i < r.count; ++i)
          all.insert(all.end(), store.variables_at(r.begin + i), store.variables_at(r.begin + i) + store.n_variables());
    });
    return all;
  }
  /// (target, multapse number) of the connections of a source, in the order of the row.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> names(std::uint64_t source) const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> all;
    row_reader reader(store, targets);
    for (const auto& entry : reader.read_all(source)) all.emplace_back(entry.name.target, entry.name.number);
    return all;
  }
};

}  // namespace volley::runtime::tests
