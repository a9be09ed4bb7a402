// Labels of connections: given, drawn and set one by one, found by, and kept whatever happens to other connections; on
// any number of VPs.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using columns = api::connection_columns;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

void expect(error_kind kind, const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE() << "was accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), kind) << e.what();
  }
}

/// `least` and the next integers, `n` of them.
parameter_ref drawn(double n, double least) {
  return parameter::make(
      {{operation::uniform_int, {}, {n}}, {operation::constant, {}, {least}}, {operation::add, {0, 1}, {}}});
}

class synapse_labels : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};
  node_set nodes = k.create("iaf_psc_alpha", 12);

  node_set at(std::uint64_t first, std::uint64_t last) const { return {nodes.generation, {{first, last, 1}}}; }
  void connect(const node_set& from, const node_set& to, std::int64_t label, const dictionary& rule = all_to_all,
               const std::string& model = "static_synapse_lbl") {
    k.connect(from, to, rule, {{"synapse_model", model}, {"synapse_label", label}});
  }
  columns labelled(std::optional<std::int64_t> label, const std::string& model = "") {
    return k.connections({{}, {}, model, label});
  }
  columns of_model(const std::string& model) { return labelled({}, model); }
  static integers labels(solo_kernel& of, const columns& c) {
    return *std::get<value>(of.call(api::get_connection_values{c, {"synapse_label"}}))
                .get_if<dictionary>()
                ->find("synapse_label")
                ->get_if<integers>();
  }
  integers labels(const columns& c) { return labels(k, c); }
  void set(const columns& c, dictionary values) { k.call(api::set_connection_values{c, value(std::move(values))}); }
};

TEST_P(synapse_labels, belong_to_a_call_and_are_found_by_it) {
  connect(at(1, 3), at(4, 12), 7);
  connect(at(1, 3), at(4, 12), 8);
  k.connect(at(1, 3), at(4, 12), all_to_all, {{"synapse_model", "static_synapse_lbl"}});
  k.connect(at(1, 3), at(4, 12));
  EXPECT_EQ(labelled({}).size(), 4u * 27);
  EXPECT_EQ(labelled(9).size(), 0u);
  for (const std::int64_t label : {7, 8}) {
    const auto found = labelled(label);
    EXPECT_EQ(labels(found), integers(27, label));
    for (const auto port : found.ports) EXPECT_EQ(port, label - 7);  // numbered among all of their pair
  }
  const auto all = of_model("static_synapse_lbl");
  EXPECT_EQ(std::ranges::count(labels(all), -1), 27);
  EXPECT_EQ(labelled(-1).models, integers(27, all.models.front())) << "not those of other models";
  EXPECT_EQ(k.connections({at(2, 2), at(5, 6), "", 8}).size(), 2u);
  EXPECT_EQ(labelled(8, "static_synapse").size(), 0u);
}

TEST_P(synapse_labels, are_given_one_by_one_and_to_collocated_synapses) {
  k.connect(at(1, 3), at(4, 6), one_to_one,
            {{"synapse_model", "stdp_synapse_lbl"}, {"synapse_label", integers{3, 1, 2}}});
  EXPECT_EQ(labels(k.connections()), (integers{3, 1, 2}));
  k.call(api::connect{at(1, 2),
                      at(7, 8),
                      one_to_one,
                      {{{"synapse_model", "stdp_synapse_lbl"}, {"synapse_label", 4}},
                       {{"synapse_model", "stdp_synapse_lbl"}, {"synapse_label", 5}},
                       {{"synapse_model", "static_synapse"}}}});
  EXPECT_EQ(labelled(4).size(), 2u);
  EXPECT_EQ(labelled(5).targets, (integers{7, 8}));
}

TEST_P(synapse_labels, are_drawn_alike_on_every_layout) {
  const auto make = [](solo_kernel& on) {
    const auto cells = on.create("iaf_psc_alpha", 12), recorder = on.create("spike_recorder");
    for (const char* model : {"static_synapse_lbl", "stdp_synapse_lbl"})
      on.connect(cells, cells, all_to_all, {{"synapse_model", model}, {"synapse_label", drawn(4, 10)}});
    on.connect(cells, recorder, all_to_all, {{"synapse_model", "static_synapse_lbl"}, {"synapse_label", drawn(4, 20)}});
    return labels(on, on.connections());
  };
  solo_kernel alone;
  alone.create("iaf_psc_alpha", 12);
  const auto all = make(k);
  EXPECT_EQ(all, make(alone));
  for (std::int64_t label = 0; label < 30; ++label)
    EXPECT_EQ(std::ranges::count(all, label) > 0, label / 10 > 0 && label % 10 < 4) << label;
}

TEST_P(synapse_labels, may_be_a_default_of_the_model_and_its_copies) {
  k.call(api::set_defaults{"static_synapse_lbl", {{"synapse_label", 3}}});
  k.call(api::copy_model{"static_synapse_lbl", "mine", {{"synapse_label", 4}}});
  k.call(api::copy_model{"static_synapse_hom_w_lbl", "other", {}});
  for (const char* model : {"static_synapse_lbl", "mine", "other"})
    k.connect(at(1, 1), at(2, 4), all_to_all, {{"synapse_model", model}});
  EXPECT_EQ(labels(k.connections()), (integers{3, 3, 3, 4, 4, 4, -1, -1, -1}));
  k.call(api::set_defaults{"mine", {{"synapse_label", 6}}});
  EXPECT_EQ(labelled(4).size(), 3u) << "connections keep theirs";
}

TEST_P(synapse_labels, of_models_with_common_parameters_are_their_connections) {
  connect(at(1, 2), at(3, 5), 1, all_to_all, "stdp_pl_synapse_hom_lbl");
  connect(at(1, 2), at(3, 5), 2, all_to_all, "stdp_pl_synapse_hom_lbl");
  k.call(api::set_defaults{"stdp_pl_synapse_hom_lbl", {{"lambda", 0.5}, {"synapse_label", 9}}});
  EXPECT_EQ(labelled(1).size(), 6u);
  EXPECT_EQ(labelled(2).size(), 6u);
  expect(error_kind::NotImplemented, [&] {
    k.connect(at(1, 2), at(3, 5), all_to_all, {{"synapse_model", "stdp_pl_synapse_hom_lbl"}, {"lambda", 0.1}});
  });
}

TEST_P(synapse_labels, are_set_and_stay_when_neighbours_change) {
  for (const char* model : {"static_synapse_lbl", "stdp_synapse_lbl"}) {
    k.call(api::reset_kernel{});
    nodes = k.create("iaf_psc_alpha", 12);
    connect(at(1, 2), at(3, 12), 1, all_to_all, model);
    const auto all = k.connections();
    integers wanted(20, 1);
    for (std::size_t i = 0; i < wanted.size(); i += 3) wanted[i] = static_cast<std::int64_t>(i);
    set(all, {{"synapse_label", wanted}});
    EXPECT_EQ(labels(all), wanted);
    set(all, {{"weight", 3.0}});
    set(labelled(3), {{"delay", 2.5}, {"weight", 4.0}});
    EXPECT_EQ(labels(all), wanted);
    k.call(api::disconnect_connections{labelled(6)});
    wanted.erase(wanted.begin() + 6);
    EXPECT_EQ(labels(k.connections()), wanted);
    connect(at(1, 1), at(3, 12), 50, all_to_all, model);
    EXPECT_EQ(labelled(50).size(), 10u);
    EXPECT_EQ(labelled(1).size(), 13u);
    k.simulate(3.0);
    EXPECT_EQ(labelled(50).size(), 10u);
  }
}

TEST_P(synapse_labels, say_which_connections_of_pairs_are_removed) {
  const auto disconnect = [&](const dictionary& rule, value label, const std::string& model = "static_synapse_lbl") {
    k.call(api::disconnect{at(1, 3), at(4, 6), rule, {{"synapse_model", model}, {"synapse_label", label}}});
  };
  for (const std::int64_t label : {1, 2, 1}) connect(at(1, 3), at(4, 6), label);
  disconnect(one_to_one, 2);
  EXPECT_EQ(labelled(2).size(), 6u);
  EXPECT_EQ(labelled(1).size(), 18u);
  expect(error_kind::InexistentConnection, [&] { disconnect(all_to_all, 2); });
  disconnect(all_to_all, 1);
  EXPECT_EQ(labelled(1).ports, integers(9, 2)) << "the oldest are gone";
  disconnect(all_to_all, 1);
  EXPECT_EQ(labelled({}).size(), 6u);
  expect(error_kind::TypeMismatch, [&] { disconnect(one_to_one, 2.0); });
  expect(error_kind::BadProperty, [&] { disconnect(one_to_one, 2, "static_synapse"); });
  EXPECT_EQ(labelled(2).size(), 6u);
}

TEST_P(synapse_labels, of_recorders_are_kept_too) {
  const auto recorders = k.create("spike_recorder", 2), poisson = k.create("poisson_generator");
  connect(at(1, 12), recorders, 5);
  connect(at(1, 2), recorders, 6, one_to_one);
  k.connect(at(3, 4), recorders, one_to_one,
            {{"synapse_model", "static_synapse_lbl"}, {"synapse_label", integers{11, 12}}});
  connect(poisson, recorders, 7);
  connect(poisson, at(1, 12), 8);
  EXPECT_EQ(labelled(5).size(), 24u);
  EXPECT_EQ(labelled(6).ports, (integers{1, 1}));
  EXPECT_EQ(labelled(12).sources, integers{4});
  EXPECT_EQ(labelled(7).size(), 2u);
  EXPECT_EQ(labelled(8).size(), 12u);
  set(labelled(6), {{"synapse_label", integers{20, 21}}});
  EXPECT_EQ(labels(labelled(21)), integers{21});
  EXPECT_EQ(labelled(6).size(), 0u);
  expect(error_kind::BadProperty, [&] { set(labelled(5), {{"synapse_label", -3}}); });
}

TEST_P(synapse_labels, that_are_no_labels_are_refused) {
  const auto refused = [&](error_kind kind, const char* model, value label) {
    expect(kind, [&] {
      k.connect(at(1, 2), at(3, 4), all_to_all, {{"synapse_model", model}, {"synapse_label", label}});
    });
  };
  refused(error_kind::BadProperty, "static_synapse_lbl", -1);
  refused(error_kind::BadProperty, "stdp_synapse_lbl", -1);
  refused(error_kind::TypeMismatch, "static_synapse_lbl", 0.5);
  refused(error_kind::TypeMismatch, "static_synapse_lbl", "a");
  refused(error_kind::BadProperty, "static_synapse", 1);
  refused(error_kind::BadProperty, "static_synapse_hpc", 1);
  refused(error_kind::BadProperty, "static_synapse_lbl", drawn(5, -2));
  refused(error_kind::TypeMismatch, "stdp_synapse_lbl", drawn(5, 0.5));
  refused(error_kind::TypeMismatch, "stdp_synapse_lbl", parameter::make_constant(0.5));
  refused(error_kind::BadProperty, "static_synapse_lbl", std::int64_t{1} << 53);
  EXPECT_EQ(k.connections().size(), 0u);
  connect(at(1, 2), at(3, 4), 1);
  expect(error_kind::BadProperty, [&] { set(k.connections(), {{"synapse_label", integers{2, 2, 2, -1}}}); });
  expect(error_kind::BadProperty, [&] { k.call(api::set_defaults{"static_synapse_lbl", {{"synapse_label", -1}}}); });
  EXPECT_EQ(labelled(1).size(), 4u);
  k.connect(at(1, 2), at(3, 4));
  expect(error_kind::UnaccessedDictionaryEntry, [&] { set(of_model("static_synapse"), {{"synapse_label", 1}}); });
}

TEST_P(synapse_labels, are_in_images) {
  const auto make = [&] {
    connect(at(1, 6), at(7, 12), 1);
    connect(at(1, 6), at(7, 12), 2, all_to_all, "stdp_synapse_lbl");
    connect(at(1, 12), k.create("spike_recorder"), 3);
    k.simulate(2.0);
    return k.connections();
  };
  const auto all = make();
  const auto before = labels(all);
  const auto as_made = k.save();
  auto wanted = before;
  for (std::size_t i = 0; i < wanted.size(); i += 5) wanted[i] = 9;
  set(all, {{"synapse_label", wanted}});
  k.simulate(1.0);
  const auto edited = k.save();
  for (const bool with_edits : {true, false}) {
    k.call(api::reset_kernel{});
    nodes = k.create("iaf_psc_alpha", 12);
    const auto again = make();
    k.load(with_edits ? edited : as_made);
    EXPECT_EQ(labels(again), with_edits ? wanted : before);
  }
}

INSTANTIATE_TEST_SUITE_P(vps, synapse_labels, testing::Values(1, 2, 3, 7));

}  // namespace
}  // namespace volley::runtime
