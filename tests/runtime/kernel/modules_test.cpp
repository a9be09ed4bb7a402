// The module of docs/guide/my_models in a kernel, on 1 and 3 VPs, and what is refused.
#include "runtime/kernel/modules.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

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
  runtime::install(net, {library});
  const auto& neuron = net.catalog->neurons.back();
  const auto& synapse = net.catalog->synapses.back();
  EXPECT_EQ(neuron.name, "every_nth");
  std::vector<step_loop> steps;
  for (const auto& set : runnable_loops()) {
    steps.push_back(loop_of(neuron, set));
    EXPECT_NE(loop_of(synapse, set), nullptr) << set.isa;
  }
  std::ranges::sort(steps);
  EXPECT_EQ(std::ranges::adjacent_find(steps), steps.end()) << "each set has a loop of its own";
  EXPECT_EQ(net.catalog->number_of(neuron), net.catalog->neurons.size() - 1);
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

TEST_P(modules, of_an_operator_are_files_of_one_folder_that_nobody_else_writes_to) {
  const auto refused = [](const operator_modules& from, const std::string& name) {
    EXPECT_THROW(from.find(name), api_error) << name;
  };
  fs::copy_file(library, folder / "mine.so");
  const operator_modules allowed(folder);
  EXPECT_EQ(allowed.find("mine"), fs::canonical(folder) / "mine.so");
  fs::create_symlink(library, folder / "link.so");
  fs::create_directory(folder / "inner.so");
  for (const auto* name : {"link", "inner", "gone", "../mine", "/mine", ".mine", "", "a b"}) refused(allowed, name);
  refused(allowed, library);
  fs::permissions(folder / "mine.so", fs::perms::others_write, fs::perm_options::add);
  refused(allowed, "mine");
  EXPECT_THROW(operator_modules(folder / "gone"), std::runtime_error);
  fs::permissions(folder, fs::perms::group_write, fs::perm_options::add);
  EXPECT_THROW(operator_modules{folder}, std::runtime_error);
}

}  // namespace
}  // namespace volley::runtime
