#include "runtime/kernel/modules.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <ranges>
#include <sstream>
#include <string_view>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/release.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/loops/module.hpp"
#include "runtime/loops/module_build.hpp"

namespace volley::runtime {

namespace fs = std::filesystem;

namespace {

const module_name& as_name(const loaded_module& one) { return one; }

/// A library and what it has.
struct library {
  std::shared_ptr<const void> handle;
  const model_module* content;
};

library load(const std::string& name, const module_files::file& file) {
  const auto what = file.kept != nullptr ? std::string("its file") : "'" + file.path + "'";
  const auto is_none = what + " is not a module of this simulator";
  // The path of an open file may have been that of another library, which did not leave when it was closed.
  if (file.kept != nullptr && ::dlopen(file.path.c_str(), RTLD_NOW | RTLD_NOLOAD) != nullptr)
    refuse_module(name, "another library is in its place until this process ends");
  void* const opened = ::dlopen(file.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) refuse_module(name, is_none + ": " + ::dlerror());
  const std::shared_ptr<const void> handle(opened, [kept = file.kept](void* h) { ::dlclose(h); });
  const auto build = reinterpret_cast<module_build_function>(::dlsym(opened, "volley_module_build"));
  const auto content = reinterpret_cast<module_function>(::dlsym(opened, "volley_module"));
  if (build == nullptr || content == nullptr) refuse_module(name, is_none);
  if (std::strcmp(build(), module_build) != 0)
    refuse_module(name, what + " is of another build than this one, release " + release +
                            "; `volley build-module` makes it anew (" + std::string(build()).substr(0, 12) +
                            " is not " + std::string(module_build).substr(0, 12) + ")");
  return {handle, content()};
}

[[noreturn]] void refuse_taken(const std::string& name, std::string_view model) {
  refuse_module(name, "there is a model '" + std::string(model) + "' already");
}

/// Adds the models to those that have names of their own.
template <class Model> void add(std::vector<Model>& to, std::span<const Model> models, const std::string& name) {
  for (auto model : models) {
    if (std::ranges::find(to, model.name, &Model::name) != to.end()) refuse_taken(name, model.name);
    model.loop = static_cast<std::uint32_t>(to.size());
    to.push_back(model);
  }
}

void require_early(const network& net, const std::string& name) {
  const char* const reason = net.nodes.size() != 0 ? "nodes exist"
                             : net.has_run         ? "the network was simulated"
                             : net.models_changed  ? "defaults of models were changed"
                                                   : nullptr;
  if (reason != nullptr) refuse_module(name, std::string(reason) + "; call ResetKernel first");
}

/// Folders that may be there.
std::vector<fs::path> folders_of_environment() {
  std::vector<fs::path> folders;
  for (const char* variable : {"VOLLEY_MODULES", "LD_LIBRARY_PATH"}) {
    const char* const list = std::getenv(variable);
    std::istringstream names(list == nullptr ? "" : list);
    for (std::string name; std::getline(names, name, ':');)
      if (!name.empty()) folders.emplace_back(name);
  }
  return folders;
}

}  // namespace

void refuse_module(const std::string& name, const std::string& why) {
  throw api_error(error_kind::DynamicModuleManagementError,
                  "Install: the module '" + name.substr(0, std::min<std::size_t>(name.find('\0'), 200)) +
                      "' cannot be loaded: " + why);
}

std::string file_name(const std::string& name) { return name.ends_with(".so") ? name : name + ".so"; }

std::shared_ptr<const model_catalog> with_module(const model_catalog& before, const module_name& wanted,
                                                 const module_files& files) {
  const auto& name = wanted.name;
  const auto file = files.find(name);
  if (!wanted.digest.empty() && file.digest != wanted.digest)
    refuse_module(name, "the file of this name is not the one that the kernel has: its SHA-256 is another");
  const auto [handle, content] = load(name, file);
  if (std::ranges::find(before.modules, handle, &loaded_module::library) != before.modules.end())
    refuse_module(name, "it is loaded already, under another name");
  auto made = std::make_shared<model_catalog>(before);
  add(made->neurons, content->neurons, name);
  add(made->synapses, content->synapses, name);
  made->modules.push_back({{name, file.digest}, handle});
  return made;
}

std::shared_ptr<const model_catalog> load_modules(const network& net, const std::vector<module_name>& wanted) {
  const auto& loaded = net.modules;
  if (!std::ranges::equal(loaded, wanted | std::views::take(loaded.size()), {}, {}, &module_name::name))
    refuse_module(loaded.front(), "it is loaded, and leaves with ResetKernel alone");
  auto catalog = net.catalog;
  for (const auto& one : wanted | std::views::drop(loaded.size())) {
    const auto& name = one.name;
    if (std::ranges::find(catalog->modules, name, &loaded_module::name) != catalog->modules.end())
      refuse_module(name, "it is loaded already");
    if (name.empty() || name.find('\0') != std::string::npos) refuse_module(name, "that is no name of a module");
    if (net.options.rank.count > 1) refuse_module(name, "several ranks load no modules");
    if (net.options.modules == nullptr) refuse_module(name, "the operator of this kernel does not allow modules");
    require_early(net, name);
    auto more = with_module(*catalog, one, *net.options.modules);
    const auto require_free = [&](const auto& model) {
      if (net.models.find_node(model.name) || net.models.find_synapse(model.name)) refuse_taken(name, model.name);
    };
    std::ranges::for_each(more->neurons | std::views::drop(catalog->neurons.size()), require_free);
    std::ranges::for_each(more->synapses | std::views::drop(catalog->synapses.size()), require_free);
    catalog = std::move(more);
  }
  return catalog;
}

outcome install(network& net, const std::shared_ptr<const model_catalog>& loaded, std::function<outcome()> then) {
  if (loaded == net.catalog) return then();
  auto step = std::make_unique<module_step>();
  step->all.assign(loaded->modules.begin(), loaded->modules.end());
  step->all_must = !net.options.replays;
  step->then = [=, &net]() -> outcome {
    try {
      net.models = model_registry(*loaded, net.settings.time);
      net.catalog = loaded;
      net.modules.clear();
      for (const auto& one : loaded->modules) net.modules.push_back(one.name);
      ++net.shard_epoch;
      net.require(shard_work::prepare);
      return then();
    } catch (...) {
      return failure(net, std::current_exception());
    }
  };
  step->refused = [&net](const refusal& why) -> outcome { return failure(net, exception_of(why)); };
  return step;
}

// ---- a worker's

void module_shelf::load(const std::vector<module_name>& all) {
  auto chain = chain_;
  std::size_t here = 0;
  while (here < all.size() && here + 1 < chain.size() && chain[here + 1]->modules[here] == all[here]) ++here;
  chain.resize(here + 1);
  for (const auto& one : all | std::views::drop(here)) {
    if (files_ == nullptr) refuse_module(one.name, "this process was started without --modules");
    chain.push_back(with_module(*chain.back(), one, *files_));
  }
  chain_ = std::move(chain);
}

const std::shared_ptr<const model_catalog>& module_shelf::catalog_of(const std::vector<module_name>& all) const {
  expects(all.size() < chain_.size() && std::ranges::equal(all, chain_[all.size()]->modules, {}, {}, as_name),
          "modules are loaded before shards have them");
  return chain_[all.size()];
}

// ---- files

module_files::file user_modules::find(const std::string& name) const {
  const auto file = file_name(name);
  std::error_code none;
  if (file.find('/') != std::string::npos) {
    if (fs::is_regular_file(file, none)) return {fs::absolute(file)};
    refuse_module(name, "there is no file '" + file + "'");
  }
  for (const auto& folder : folders_of_environment())
    if (fs::is_regular_file(folder / file, none)) return {fs::absolute(folder / file)};
  refuse_module(name, "there is no file '" + file + "' in the folders of VOLLEY_MODULES and LD_LIBRARY_PATH");
}

}  // namespace volley::runtime
