// The module of docs/guide/my_models in a kernel, on 1 and 3 VPs, and what is refused.
#include "runtime/kernel/modules.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/loops/loops.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

namespace fs = std::filesystem;
using names = std::vector<std::string>;
using reals = std::vector<double>;

const fs::path library = fs::absolute("docs/guide/my_models/my_models.so");
const fs::path of_another_build = fs::absolute("tests/runtime/kernel/of_another_build.so");
const fs::path no_module = fs::absolute("tests/runtime/kernel/no_module.so");

class modules : public testing::TestWithParam<int> {
 protected:
  modules() : folder(fs::path(testing::TempDir()) / ("modules_" + std::to_string(getpid()))) {
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    ::setenv("VOLLEY_MODULES", ("/nowhere::" + folder.string()).c_str(), 1);
  }
  ~modules() override {
    fs::remove_all(folder);
    ::unsetenv("VOLLEY_MODULES");
  }

  kernel_options options() const {
    kernel_options o;
    o.default_vps = GetParam();
    o.modules = &files;
    return o;
  }
  static names loaded(solo_kernel& k) {
    const auto v = k.status("modules");
    return v.is<empty_vector>() ? names() : *v.get_if<names>();
  }
  void install(const std::string& name) {
    auto all = loaded(k);
    all.push_back(name);
    k.set_status({{"modules", all}});
  }
  /// Whether the library is in the memory of this process.
  static bool is_mapped() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
      if (line.find("my_models.so") != std::string::npos) return true;
    return false;
  }
  bool has(const char* key, const std::string& name) {
    const auto all = *k.status(key).get_if<names>();
    return std::ranges::find(all, name) != all.end();
  }
  /// The message of a refused Install, which has loaded nothing.
  std::string refusal(const std::string& name) {
    const auto before = loaded(k);
    try {
      install(name);
      ADD_FAILURE() << name << " was loaded";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::DynamicModuleManagementError) << e.what();
      EXPECT_EQ(loaded(k), before);
      return e.what();
    }
    return "";
  }
  void expect_refusal(const std::string& name, const std::string& why) {
    const auto told = refusal(name);
    EXPECT_NE(told.find(why), std::string::npos) << told;
  }

  const fs::path folder;
  system_record_files recorded;
  user_modules files;
  solo_kernel k{options()};
};

INSTANTIATE_TEST_SUITE_P(vps, modules, testing::Values(1, 3));

TEST_P(modules, bring_models_that_run) {
  install(library);
  EXPECT_TRUE(has("node_models", "every_nth"));
  EXPECT_TRUE(has("synapse_models", "fading_synapse"));
  const auto source = k.create("spike_generator", 1, {{"spike_times", reals{1, 2, 3, 4, 5, 6, 7}}});
  const auto parrot = k.create("parrot_neuron"), every = k.create("every_nth", 5, {{"n", reals{1, 2, 3, 4, 9}}});
  const auto spikes = k.create("spike_recorder"), weights = k.create("weight_recorder");
  k.connect(source, parrot);
  k.call(api::copy_model{"fading_synapse", "watched", {{"weight_recorder", weights}, {"fade", 0.25}}});
  k.connect(parrot, every, {{"rule", "all_to_all"}},
            {{"synapse_model", std::string("watched")}, {"weight", 64.0}, {"delay", 1.0}});
  k.connect(every, spikes);
  k.simulate(12.0);
  const auto senders = k.senders(spikes);
  std::int64_t id = 3;  // of the first that counts
  for (const int n : {1, 2, 3, 4, 9}) EXPECT_EQ(std::ranges::count(senders, id++), 7 / n) << n;
  auto sent = *k.events(weights).find("weights")->get_if<reals>();
  std::ranges::sort(sent, std::ranges::greater());
  ASSERT_EQ(sent.size(), 35u);
  EXPECT_EQ(sent[0], 64.0);
  EXPECT_EQ(sent[5], 16.0);
  EXPECT_EQ(sent[34], 64.0 / 4096);
}

TEST_P(modules, tell_what_their_models_are) {
  install(library);
  const auto told = k.status("module_models");
  std::vector<std::string> all;
  for (const auto& table : *told.get_if<std::vector<value>>()) {
    const auto& d = *table.get_if<dictionary>();
    all.push_back(*d.find("name")->get_if<std::string>());
    EXPECT_FALSE(d.find("meaning")->get_if<std::string>()->empty());
    EXPECT_FALSE(d.find("fields")->get_if<std::vector<value>>()->empty());
  }
  EXPECT_EQ(all, (std::vector<std::string>{"every_nth", "fading_synapse", "fading_synapse_lbl"}));
}

TEST_P(modules, bring_synapses_with_their_other_names) {
  install(library);
  EXPECT_TRUE(has("synapse_models", "fading_synapse_lbl"));
  EXPECT_FALSE(has("synapse_models", "fading_synapse_hpc"));
  const auto source = k.create("spike_generator", 1, {{"spike_times", reals{1, 2, 3}}});
  const auto parrot = k.create("parrot_neuron"), every = k.create("every_nth", 4, {{"n", 2.0}});
  k.connect(source, parrot);
  k.connect(parrot, every, {{"rule", "all_to_all"}},
            {{"synapse_model", std::string("fading_synapse_lbl")}, {"weight", 8.0}, {"synapse_label", 5}});
  k.simulate(9.0);
  api::get_connections labelled;
  labelled.label = 5;
  EXPECT_EQ(k.weights(k.connections(labelled)), (reals{1, 1, 1, 1}));
  EXPECT_EQ(k.get(every, "counted"), value(reals{1, 1, 1, 1}));
}

TEST_P(modules, have_loops_for_every_instruction_set) {
  network net(options(), built_in_models());
  const auto catalog = load_modules(net, {{library, ""}});
  const auto& neuron = catalog->neurons.back();
  const auto& synapse = catalog->synapses.back();
  EXPECT_EQ(neuron.name, "every_nth");
  std::vector<step_loop> steps;
  for (const auto& set : runnable_loops()) {
    steps.push_back(loop_of(neuron, set));
    EXPECT_NE(loop_of(synapse, set), nullptr) << set.isa;
  }
  std::ranges::sort(steps);
  EXPECT_EQ(std::ranges::adjacent_find(steps), steps.end()) << "each set has a loop of its own";
  EXPECT_EQ(catalog->number_of(neuron), catalog->neurons.size() - 1);
  EXPECT_EQ(net.catalog.get(), &built_in_models()) << "nothing has changed yet";
}

TEST_P(modules, leave_with_a_reset_and_may_come_again) {
  for (int round = 0; round < 3; ++round) {
    install(library);
    k.create("every_nth", 3);
    k.simulate(2.0);
    EXPECT_TRUE(is_mapped());
    k.call(api::reset_kernel{});
    EXPECT_FALSE(is_mapped());
    EXPECT_FALSE(has("node_models", "every_nth"));
    EXPECT_EQ(loaded(k), names());
    EXPECT_THROW(k.create("every_nth"), api_error);
  }
}

TEST_P(modules, are_found_by_name_in_the_folders_of_the_environment) {
  expect_refusal("mine", "there is no file 'mine.so'");
  fs::copy_file(library, folder / "mine.so");
  install("mine");
  EXPECT_EQ(loaded(k), names{"mine"});
  expect_refusal("mine", "is loaded already");
  expect_refusal("mine.so", "under another name");
  expect_refusal(library, "there is a model 'every_nth' already");
}

TEST_P(modules, of_another_build_and_other_files_are_refused) {
  expect_refusal(of_another_build, "is of another build");
  expect_refusal(no_module, "is not a module of this simulator");
  std::ofstream(folder / "text.so") << "no library";
  expect_refusal("text", "is not a module of this simulator");
  expect_refusal(folder / "gone", "there is no file");
  expect_refusal("", "no name");
  expect_refusal(std::string("a\0b", 3), "no name");
}

TEST_P(modules, come_before_all_else) {
  k.create("iaf_psc_alpha");
  expect_refusal(library, "nodes exist");
  k.call(api::reset_kernel{});
  k.call(api::set_defaults{"iaf_psc_alpha", {{"C_m", 100.0}}});
  expect_refusal(library, "defaults of models were changed");
  k.call(api::reset_kernel{});
  k.simulate(1.0);
  expect_refusal(library, "simulated");
  k.call(api::reset_kernel{});
  k.set_status({{"resolution", 0.5}, {"total_num_virtual_procs", 2}});
  install(library);
  k.set_status({{"resolution", 0.25}});
  EXPECT_TRUE(has("node_models", "every_nth")) << "another grid keeps them";
  EXPECT_EQ(k.create("every_nth").size(), 1u);
}

TEST_P(modules, cannot_be_taken_out_one_by_one) {
  install(library);
  EXPECT_THROW(k.set_status({{"modules", empty_vector()}}), api_error);
  EXPECT_THROW(k.set_status({{"modules", names{"other"}}}), api_error);
  EXPECT_EQ(loaded(k), names{library.string()});
}

TEST_P(modules, are_refused_where_nobody_may_load_any) {
  solo_kernel closed{GetParam()};
  try {
    closed.set_status({{"modules", names{library.string()}}});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::DynamicModuleManagementError);
    EXPECT_NE(std::string(e.what()).find("does not allow"), std::string::npos) << e.what();
  }
}

TEST_P(modules, are_loaded_when_all_processes_have_them) {
  kernel begun([&] {
    auto o = options();
    o.files = &recorded;
    return o;
  }());
  const auto step_of = [&](kernel& of) {
    auto next = of.call(api::set_kernel_status{{{"modules", names{library}}, {"rng_seed", 7}}});
    return std::move(std::get<std::unique_ptr<module_step>>(next));
  };
  const auto epoch = begun.shard_epoch();
  auto step = step_of(begun);
  EXPECT_TRUE(step->all_must);
  ASSERT_EQ(step->all.size(), 1u);
  EXPECT_EQ(step->all[0].name, library);
  EXPECT_TRUE(begun.modules().empty()) << "it is not sure yet";
  const runtime::refusal why{error_kind::DynamicModuleManagementError, "no, says worker 2"};
  const auto answer = std::get<api::answer>(step->refused(why));
  EXPECT_EQ(refusal_of(std::get<api::failed_call>(answer.outcome).reason).text, why.text);
  EXPECT_TRUE(begun.modules().empty());
  EXPECT_EQ(begun.shard_epoch(), epoch);
  step.reset();
  EXPECT_FALSE(is_mapped());

  begun.replay(true);
  step = step_of(begun);
  EXPECT_FALSE(step->all_must) << "what was answered is done again, whoever is there now";
  EXPECT_FALSE(std::holds_alternative<api::failed_call>(std::get<api::answer>(step->then()).outcome));
  EXPECT_EQ(begun.modules(), step->all);
  EXPECT_EQ(begun.shard_epoch(), epoch + 1);
}

// ---- those of a worker

/// Files with digests.
class noted_files final : public module_files {
 public:
  file find(const std::string& name) const override { return {folder / (name + ".so"), digests.at(name)}; }
  fs::path folder;
  std::map<std::string, std::string> digests;
};

class a_shelf : public testing::Test {
 protected:
  a_shelf() {
    files.folder = fs::path(testing::TempDir()) / ("shelf_" + std::to_string(getpid()));
    fs::create_directory(files.folder);
    fs::copy_file(library, files.folder / "mine.so");
    fs::copy_file(of_another_build, files.folder / "other.so");
    files.digests = {{"mine", "12"}, {"other", "34"}};
  }
  ~a_shelf() override { fs::remove_all(files.folder); }
  std::string refusal(const std::vector<module_name>& all) {
    try {
      shelf.load(all);
      return "";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::DynamicModuleManagementError);
      return e.what();
    }
  }
  noted_files files;
  module_shelf shelf{&files};
};

TEST_F(a_shelf, has_a_catalog_for_the_modules_of_its_shards) {
  EXPECT_EQ(shelf.catalog_of({}).get(), &built_in_models());
  EXPECT_THROW(shelf.catalog_of({{"mine", "12"}}), broken_contract);
  shelf.load({{"mine", "12"}});
  const auto held = shelf.catalog_of({{"mine", "12"}});
  EXPECT_EQ(held->neurons.back().name, "every_nth");
  EXPECT_THROW(shelf.catalog_of({{"mine", "13"}}), broken_contract);
  shelf.load({});
  EXPECT_THROW(shelf.catalog_of({{"mine", "12"}}), broken_contract);
  EXPECT_EQ(held->neurons.back().name, "every_nth") << "as long as a shard has it";
  shelf.load({{"mine", "12"}});
  EXPECT_NE(shelf.catalog_of({{"mine", "12"}}), held) << "anew: its file may be another";
}

TEST_F(a_shelf, keeps_what_it_has_where_something_more_is_refused) {
  shelf.load({{"mine", "12"}});
  const auto before = shelf.catalog_of({{"mine", "12"}});
  EXPECT_NE(refusal({{"mine", "12"}, {"other", "34"}}).find("of another build"), std::string::npos);
  EXPECT_EQ(shelf.catalog_of({{"mine", "12"}}), before);
  shelf.load({{"mine", "12"}});
  EXPECT_EQ(shelf.catalog_of({{"mine", "12"}}), before) << "it is not loaded again";
}

TEST_F(a_shelf, takes_the_supervisors_file_alone) {
  EXPECT_NE(refusal({{"mine", "99"}}).find("is not the one that the kernel has"), std::string::npos);
  shelf = module_shelf(nullptr);
  EXPECT_NE(refusal({{"mine", "12"}}).find("without --modules"), std::string::npos);
  EXPECT_EQ(refusal({}), "");
}

}  // namespace
}  // namespace volley::runtime
