#include "runtime/devices/device_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace volley::runtime {
namespace {

using texts = std::vector<std::string>;

device_params defaults(std::string_view name) {
  return std::ranges::find(device_kinds(), name, &device_kind::name)->defaults;
}
bool has(const texts& names, const char* name) { return std::ranges::find(names, name) != names.end(); }

struct change {
  device_context context{.time = {}, .n_nodes = 9};
  dictionary rest;
  device_params of(const device_params& d, const dictionary& values) {
    return updated(d, values, context, "set: x", rest);
  }
  error_kind refused(const device_params& d, const dictionary& values) {
    try {
      of(d, values);
    } catch (const api_error& e) {
      return e.kind();
    }
    ADD_FAILURE() << "accepted " << to_text(value(values));
    return error_kind::InternalError;
  }
};

TEST(device_values, every_name_has_a_value_and_no_other) {
  for (const auto& kind : device_kinds()) {
    const auto all = values_of(kind.defaults);
    const auto names = names_of(kind.defaults);
    EXPECT_EQ(all.size(), names.size()) << kind.name;
    for (const auto& name : names) EXPECT_EQ(*all.find(name), value_of(kind.defaults, name)) << kind.name;
    EXPECT_TRUE(value_of(kind.defaults, "nonsense").is_none());
  }
}

TEST(device_values, a_change_leaves_the_original_and_the_keys_it_does_not_know) {
  const auto dc = defaults("dc_generator");
  change c;
  const auto after = c.of(dc, {{"amplitude", 3.0}, {"stop", 7.0}, {"nonsense", 1}});
  EXPECT_EQ(value_of(after, "amplitude"), value(3.0));
  EXPECT_EQ(value_of(after, "stop"), value(7.0));
  EXPECT_EQ(value_of(dc, "amplitude"), value(0.0));
  EXPECT_EQ(c.rest, (dictionary{{"nonsense", 1}}));
}

TEST(device_values, ranges_and_types_are_checked) {
  change c;
  EXPECT_EQ(c.refused(defaults("poisson_generator"), {{"rate", -1.0}}), error_kind::BadProperty);
  EXPECT_EQ(c.refused(defaults("poisson_generator"), {{"rate", "fast"}}), error_kind::TypeMismatch);
  EXPECT_EQ(c.refused(defaults("multimeter"), {{"interval", 0.0}}), error_kind::BadProperty);
}

TEST(device_values, a_recorder_has_the_keys_of_its_backend) {
  change c;
  const auto memory = defaults("spike_recorder");
  const auto ascii = c.of(memory, {{"record_to", "ascii"}, {"precision", 5}});
  const auto screen = c.of(memory, {{"record_to", "screen"}});
  EXPECT_FALSE(has(names_of(memory), "precision"));
  EXPECT_TRUE(has(names_of(ascii), "precision") && has(names_of(ascii), "file_extension"));
  EXPECT_TRUE(has(names_of(screen), "precision") && !has(names_of(screen), "file_extension"));
  EXPECT_EQ(value_of(ascii, "precision"), value(5));
  const auto report = c.of(memory, {{"record_to", "sonata"}, {"file_name", "a.h5"}});
  for (const auto* key : {"file_name", "populations", "first_nodes"}) {
    EXPECT_TRUE(has(names_of(report), key)) << key;
    EXPECT_FALSE(has(names_of(memory), key) || has(names_of(ascii), key)) << key;
  }
  for (const auto* key : {"time_in_steps", "precision", "file_extension"}) EXPECT_FALSE(has(names_of(report), key));
  EXPECT_EQ(make_recorder(1, report, time_grid()).backend.kind, backend_kind::memory) << "until it is written";
  EXPECT_TRUE(c.rest.empty());
}

TEST(device_values, a_report_has_populations_that_follow_each_other) {
  change c;
  const auto report = c.of(defaults("spike_recorder"), {{"record_to", "sonata"}});
  const auto of = [](texts names, std::vector<std::int64_t> first) {
    return dictionary{{"populations", std::move(names)}, {"first_nodes", std::move(first)}};
  };
  EXPECT_NO_THROW(c.of(report, of({"a", "b"}, {1, 7})));
  for (const auto& wrong : {of({"a"}, {}), of({"a", "b"}, {7, 1}), of({"a", "b"}, {3, 3}), of({"a", "a"}, {1, 2}),
                            of({"a/b"}, {1}), of({""}, {1}), of({"a"}, {0})})
    EXPECT_EQ(c.refused(report, wrong), error_kind::BadProperty) << to_text(value(wrong));
  EXPECT_EQ(c.refused(defaults("weight_recorder"), {{"record_to", "sonata"}}), error_kind::BadProperty);
  EXPECT_EQ(c.refused(defaults("multimeter"), {{"record_to", "sonata"}, {"record_from", texts{"V_m", "I"}}}),
            error_kind::BadProperty);
}

TEST(device_values, backends_of_other_builds_are_told_from_those_that_nobody_has) {
  change c;
  const auto told = [&](const dictionary& changes) -> std::string {
    try {
      c.of(defaults(changes.contains("record_to") ? "spike_recorder" : "dc_generator"), changes);
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::BadProperty);
      return e.what();
    }
    return "";
  };
  EXPECT_NE(told({{"record_to", "mpi"}}).find("which has no MPI"), std::string::npos);
  EXPECT_NE(told({{"record_to", "sionlib"}}).find("which has no SIONlib"), std::string::npos);
  EXPECT_NE(told({{"record_to", "asci"}}).find("did you mean 'ascii'"), std::string::npos);
  EXPECT_NE(told({{"stimulus_source", "mpi"}}).find("which has no MPI; there is none"), std::string::npos);
}

TEST(device_values, some_things_are_locked_while_they_are_in_use) {
  const auto recorder = defaults("spike_recorder"), meter = defaults("multimeter");
  change prepared, simulated, connected;
  prepared.context.prepared = true;
  EXPECT_EQ(prepared.refused(recorder, {{"start", 1.0}}), error_kind::BadProperty);
  EXPECT_NO_THROW(prepared.of(defaults("dc_generator"), {{"amplitude", 1.0}}));
  simulated.context.simulated = true;
  EXPECT_EQ(simulated.refused(recorder, {{"time_in_steps", true}}), error_kind::BadProperty);
  connected.context.connected = true;
  EXPECT_EQ(connected.refused(meter, {{"interval", 2.0}}), error_kind::BadProperty);
}

TEST(device_values, a_recorder_is_made_on_the_grid) {
  const time_grid grid;
  change c;
  const auto meter = c.of(defaults("multimeter"), {{"interval", 2.0},
                                                   {"offset", 0.5},
                                                   {"start", 1.0},
                                                   {"stop", 9.0},
                                                   {"record_from", texts{"V_m"}},
                                                   {"time_in_steps", true}});
  const auto spec = make_recorder(17, meter, grid);
  EXPECT_EQ(spec.id, 17u);
  EXPECT_EQ(spec.kind, recorder_kind::samples);
  EXPECT_EQ(spec.interval, 20);
  EXPECT_EQ(spec.offset, 5);
  EXPECT_EQ(spec.quantities, texts{"V_m"});
  EXPECT_TRUE(spec.backend.time_in_steps);
  EXPECT_FALSE(spec.window.contains(10));
  EXPECT_TRUE(spec.window.contains(11));
  EXPECT_TRUE(spec.window.contains(90));
  EXPECT_FALSE(spec.window.contains(91));
  const auto weights = c.of(defaults("weight_recorder"), {{"senders", std::vector<std::int64_t>{1, 2, 5}}});
  EXPECT_EQ(make_recorder(1, weights, grid).kind, recorder_kind::weights);
  EXPECT_EQ(make_recorder(1, weights, grid).senders.ranges, (std::vector<node_range>{{1, 2, 1}, {5, 5, 1}}));
}

}  // namespace
}  // namespace volley::runtime
