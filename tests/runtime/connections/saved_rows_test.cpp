// Rows out of the stores of one layout and into those of another.
#include "runtime/connections/saved_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <stdexcept>

#include "models/catalog.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

constexpr std::size_t set_size = 2;  // of plastic stores: a parameter, a trace

/// The stores of one model on some VPs, with the same nodes and calls.
struct layout_of_stores {
  std::vector<std::unique_ptr<built_store>> vps;

  explicit layout_of_stores(std::uint32_t n, bool plastic = false) {
    for (std::uint32_t vp = 0; vp < n; ++vp) {
      vps.push_back(std::make_unique<built_store>(plastic, layout{vp, n}));
      vps.back()->add_nodes(1, 20, {input_form::sum, input_form::by_sign, input_form::current});
      vps.back()->add_nodes(21, 25, {input_form::by_sign});
    }
  }
  void build(const std::function<projection()>& call) {
    for (const auto& vp : vps) vp->build({call()});
  }
  std::vector<saved_rows> saved(std::uint64_t first, std::uint64_t last) const {
    std::vector<saved_rows> all;
    for (const auto& vp : vps)
      all.push_back(object_of<saved_rows>(bytes_of(rows_of(vp->store, vp->targets, first, last))));
    return all;
  }
  /// By loading what the others have, some sources at a time.
  void load(const layout_of_stores& from, std::uint64_t at_once = 7) {
    for (const auto& vp : vps) {
      connection_store::row_loader loader(vp->store, set_size, vp->targets, vp->place);
      for (std::uint64_t first = 0; first < 30; first += at_once) loader.add(from.saved(first, first + at_once - 1));
      loader.finish();
    }
  }
  /// All that a reader sees of connections with one target, source by source, in the order of the row.
  struct seen {
    std::uint64_t source, target;
    std::uint32_t delay, receptor, number, call;
    bool currents;
    double weight, parameter, trace;
    step_t born;
    bool operator==(const seen&) const = default;
  };
  std::vector<seen> all() const {
    std::vector<seen> found;
    for (const auto& vp : vps) {
      const auto& store = vp->store;
      row_reader reader(store, vp->targets);
      store.for_each_source([&](std::uint64_t source) {
        for (const auto& e : reader.read_all(source)) {
          const segment& r = store.row(source)[e.segment];
          const auto slot = store.slot(r, e.at);
          seen one{source,
                   e.name.target,
                   static_cast<std::uint32_t>(r.delay_steps),
                   vp->targets.receptor(slot, r.is_current()),
                   e.name.number,
                   e.name.call,
                   r.is_current(),
                   store.weight(r, e.at),
                   0,
                   0,
                   0};
          if (store.has_cohorts()) {
            const auto index = store.first_segment(source) + e.segment;
            one.parameter = store.parameter_set(store.cohort_of(index).parameters)[0];
            one.trace = store.traces_of(index)[0];
            one.born = store.cohort_of(index).born;
          }
          found.push_back(one);
        }
      });
    }
    std::ranges::stable_sort(found, {}, [](const seen& s) { return std::pair(s.source, s.target); });
    return found;
  }
};

TEST(saved_rows, come_to_the_targets_of_any_layout) {
  for (const std::uint32_t v : {1u, 2u, 3u})
    for (const std::uint32_t w : {1u, 2u, 5u}) {
      layout_of_stores from(v), to(w);
      for (const double weight : {2.0, 3.0})  // twice, so that they have numbers
        from.build([=] {
          auto p = all_to_all(ids(1, 9), ids(1, 25));
          p.weight = weight;
          p.delay_ms = weight;
          return p;
        });
      from.build([] {
        auto p = call_of({{"rule", "fixed_indegree"}, {"indegree", 4}}, ids(3, 12), ids(1, 20));
        p.weight = parameter::make({{operation::normal, {}, {0.0, 1.0}}});
        p.delay_ms = parameter::make({{operation::uniform, {}, {0.5, 3.0}}});
        p.receptor = 1.0;
        return p;
      });
      from.build([] {
        auto p = all_to_all(ids(2, 4), ids(5, 15));
        p.currents = true;
        p.receptor = 2.0;
        return p;
      });
      to.load(from);
      EXPECT_EQ(to.all(), from.all()) << v << " to " << w;
      for (const auto& vp : to.vps) EXPECT_TRUE(vp->store.is_edited()) << "an image has all of its rows";
    }
}

TEST(saved_rows, keep_what_connections_share_and_what_they_have_alone) {
  layout_of_stores from(1), to(2);
  from.build([] { return all_to_all(ids(1, 1), ids(1, 20)); });
  from.build([] {
    auto p = all_to_all(ids(2, 2), ids(1, 20));
    p.weight = parameter::make({{operation::uniform, {}, {0.5, 3.0}}});
    return p;
  });
  to.load(from);
  for (const auto& vp : to.vps) {
    EXPECT_FALSE(vp->store.row(1)[0].varied);
    EXPECT_TRUE(vp->store.row(2)[0].varied);
    EXPECT_EQ(vp->store.n_weights(), 10u);
    EXPECT_EQ(vp->store.size(), 20u);
  }
}

TEST(saved_rows, of_plastic_models_keep_cohorts_and_traces) {
  layout_of_stores from(3, true), to(2, true);
  for (const step_t born : {0, 50})
    from.build([=] {
      auto p = all_to_all(ids(1, 9), ids(1, 20));
      p.defaults = {static_cast<double>(born), 0.25};
      p.born = born;
      return p;
    });
  for (const auto& vp : from.vps) {
    vp->store.cohort_of(vp->store.first_segment(4)).spiked({77, 0.03});
    vp->store.traces_of(vp->store.first_segment(4))[0] = 1.5;
  }
  to.load(from);
  EXPECT_EQ(to.all(), from.all());
  for (const auto& vp : to.vps) {
    EXPECT_EQ(vp->store.cohort_of(vp->store.first_segment(4)).last_spike, 77);
    EXPECT_EQ(vp->store.cohort_of(vp->store.first_segment(4)).last_offset_ms, 0.03);
    EXPECT_EQ(vp->store.n_cohorts(), 18u) << "one a source and birth, from however many virtual processes";
  }
}

TEST(saved_rows, keep_what_connections_have_beside_weights) {
  const auto all_models = models::built_in_synapses();
  const auto& model = *std::ranges::find(all_models, "quantal_stp_synapse", &models::synapse_model::name);
  built_store from(model), to(model);
  for (auto* one : {&from, &to}) one->add_nodes(1, 20);
  auto p = all_to_all(ids(1, 3), ids(1, 20));
  p.defaults.assign(model.defaults.begin(), model.defaults.end());
  for (std::uint32_t i = 0; i < model.n_variables; ++i)
    p.parameters.emplace_back(model.n_params + model.n_traces + i,
                              parameter::make({{operation::uniform, {}, {0.0, 1.0}}}));
  from.build({p});
  connection_store::row_loader loader(to.store, model.n_params + model.n_traces, to.targets, to.place);
  const std::vector all{rows_of(from.store, from.targets, 1, 3)};
  loader.add(all);
  loader.finish();
  EXPECT_EQ(to.variables(), from.variables());
  EXPECT_EQ(to.variables().size(), 60 * model.n_variables);
}

TEST(saved_rows, remember_the_numbers_of_connections_that_are_gone) {
  layout_of_stores from(1), to(2);
  from.build([] { return all_to_all(ids(1, 1), ids(2, 3)); });
  connection_names::rows told;
  told[1].used = {{2, 5}, {3, 8}};
  from.vps[0]->store.put_names(told);
  to.load(from);
  EXPECT_EQ(to.vps[0]->store.names().find(1)->used, (std::vector<used_numbers>{{2, 5}}));
  EXPECT_EQ(to.vps[1]->store.names().find(1)->used, (std::vector<used_numbers>{{3, 8}}));
}

TEST(saved_rows, that_do_not_fit_are_refused) {
  layout_of_stores from(1);
  from.build([] { return all_to_all(ids(1, 3), ids(1, 20)); });
  const auto good = from.saved(1, 3)[0];
  const auto refused = [](saved_rows rows, bool plastic = false) {
    built_store to(plastic);
    to.add_nodes(1, 20);
    connection_store::row_loader loader(to.store, set_size, to.targets, to.place);
    EXPECT_THROW(loader.add({&rows, 1}), std::invalid_argument);
  };
  refused(good, true);  // without cohorts
  auto wrong = good;
  wrong.targets[5] = 21;
  refused(wrong);
  wrong = good;
  wrong.receptors[0] = 3;
  refused(wrong);
  wrong = good;
  wrong.marks[0] = saved_rows::currents;
  refused(wrong);
  const std::vector<std::function<void(saved_rows&)>> changes{[](saved_rows& r) { r.counts[0] = 0; },
                                                              [](saved_rows& r) { r.delays[0] = 0; },
                                                              [](saved_rows& r) { r.marks[0] = 8; },
                                                              [](saved_rows& r) { r.targets.pop_back(); },
                                                              [](saved_rows& r) { r.sources[1] = 1; },
                                                              [](saved_rows& r) { r.row_segments[0] = 2; },
                                                              [](saved_rows& r) { r.weights.push_back(1); },
                                                              [](saved_rows& r) { r.cohorts = {1}; },
                                                              [](saved_rows& r) { r.sets = {0}; }};
  for (const auto& change : changes) {
    wrong = good;
    change(wrong);
    EXPECT_THROW(object_of<saved_rows>(bytes_of(wrong)), std::invalid_argument);
  }
}

TEST(saved_rows, come_in_the_order_of_their_sources) {
  layout_of_stores from(1), to(1);
  from.build([] { return all_to_all(ids(1, 9), ids(1, 20)); });
  connection_store::row_loader loader(to.vps[0]->store, set_size, to.vps[0]->targets, to.vps[0]->place);
  loader.add(from.saved(4, 6));
  EXPECT_THROW(loader.add(from.saved(5, 9)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime::tests
