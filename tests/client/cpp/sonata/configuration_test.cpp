#include "client/cpp/sonata/configuration.hpp"

#include <gtest/gtest.h>

#include "client/cpp/sonata/node_sets.hpp"
#include "tests/client/cpp/sonata/scratch_folder.hpp"

namespace volley::client::sonata {
namespace {

using texts = std::vector<Value>;

TEST(configuration, variables_use_each_other_and_may_begin_alike) {
  const tests::scratch_folder folder;
  const auto file = folder.write("a.json", R"({
    "manifest": {"$IN": "$INPUT/deep", "$INPUT": "$BASE/inputs", "$BASE": "${configdir}/..", "$HERE": "."},
    "networks": {}, "files": ["$IN/x", {"y": "$INPUT/y"}, "$HERE/z"], "n": 5})");
  const auto content = read_configuration(file, {});
  const auto above = std::filesystem::path(folder / "").parent_path().parent_path().string();
  EXPECT_EQ(content.at("files").as<texts>()[0], Value(above + "/inputs/deep/x"));
  EXPECT_EQ(content.at("files").as<texts>()[1], Value(Dictionary{{"y", above + "/inputs/y"}}));
  EXPECT_EQ(content.at("files").as<texts>()[2].as<std::string>().substr(0, above.size()), above);
  EXPECT_EQ(content.at("n"), Value(5));
}

TEST(configuration, of_the_simulation_replaces_the_circuits) {
  const tests::scratch_folder folder;
  const auto circuit = folder.write("c.json", R"({"networks": {"nodes": []}, "run": {"dt": 1}, "n": 1})"),
             simulation = folder.write("s.json", R"({"run": {"dt": 0.5}})");
  const auto both = read_configuration(circuit, simulation);
  EXPECT_EQ(both.at("run"), Value(Dictionary{{"dt", 0.5}}));
  EXPECT_EQ(both.at("n"), Value(1));
  const auto one = folder.write("one.json", R"({"manifest": {"$D": "."}, "network": "$D/c.json",
                                                "simulation": "$D/s.json", "n": 2})");
  EXPECT_EQ(read_configuration(one, {}).at("run"), Value(Dictionary{{"dt", 0.5}}));
  EXPECT_EQ(read_configuration(one, {}).at("n"), Value(2));
  EXPECT_TRUE(read_configuration(one, {}).contains("networks"));
}

TEST(configuration, of_something_else_than_objects_is_refused_by_name) {
  const tests::scratch_folder folder;
  for (const char* text : {"[]", "null", "{", R"({"run": null})", R"({"inputs": []})", R"({"manifest": {"$A": 1}})"}) {
    const auto file = folder.write("wrong.json", text);
    EXPECT_TRUE(tests::error_of([&] { read_configuration(file, {}); }).starts_with("builtins.ValueError: '" + file))
        << text;
  }
}

TEST(configuration, entries_are_of_their_kind) {
  const Dictionary d{{"text", "a"}, {"list", texts{Dictionary{{"a", 1}}}}, {"empty", EmptyVector{}}, {"n", 2}};
  EXPECT_EQ(text_at(d, "text"), "a");
  EXPECT_EQ(number_at(d, "n"), 2.0);
  EXPECT_EQ(dictionaries_at(d, "list").size(), 1u);
  EXPECT_TRUE(dictionaries_at(d, "empty").empty());
  EXPECT_TRUE(truth_or(d, "other", true));
  EXPECT_EQ(find_text(d, "other"), nullptr);
  EXPECT_EQ(tests::kind_of([&] { text_at(d, "other"); }), "builtins.KeyError");
  EXPECT_EQ(tests::kind_of([&] { text_at(d, "n"); }), "TypeMismatch");
  EXPECT_EQ(tests::kind_of([&] { dictionary_at(d, "text"); }), "TypeMismatch");
  EXPECT_EQ(tests::kind_of([&] { number_at(d, "none"); }), "builtins.KeyError");
}

TEST(node_set, is_a_population_or_some_of_its_nodes) {
  const Dictionary known{{"all", "cells"},
                         {"some", Dictionary{{"population", "cells"}, {"node_id", Column<std::int64_t>{5, 2, 5}}}},
                         {"by_property", Dictionary{{"layer", 4}}}};
  EXPECT_EQ(node_set("cells", known).population, "cells");
  EXPECT_EQ(node_set("all", known).population, "cells");
  const auto some = node_set("some", known);
  EXPECT_EQ(some.ids, (std::vector<std::int64_t>{2, 5}));
  EXPECT_TRUE(some.has(5));
  EXPECT_FALSE(some.has(3));
  EXPECT_TRUE(node_set("all", known).has(3));
  for (const Value& wrong : {Value("by_property"), Value(texts{"a", "b"}), Value(5)})
    EXPECT_EQ(tests::kind_of([&] { node_set(wrong, known); }), "builtins.ValueError");
}

}  // namespace
}  // namespace volley::client::sonata
