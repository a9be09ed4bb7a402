#include "runtime/kernel/modules.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <ranges>
#include <sstream>
#include <stdexcept>

#include "runtime/base/error.hpp"
#include "runtime/base/release.hpp"
#include "runtime/loops/module.hpp"
#include "runtime/loops/module_build.hpp"

namespace volley::runtime {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw api_error(error_kind::DynamicModuleManagementError,
                  "Install: the module '" + name.substr(0, std::min<std::size_t>(name.find('\0'), 200)) +
                      "' cannot be loaded: " + why);
}

std::string file_name(const std::string& name) { return name.ends_with(".so") ? name : name + ".so"; }

/// A library and what it has.
struct library {
  std::shared_ptr<const void> handle;
  const model_module* content;
};

library load(const std::string& name, const std::string& path) {
  void* const opened = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto is_none = "'" + path + "' is not a module of this simulator";
  if (opened == nullptr) refuse(name, is_none + ": " + ::dlerror());
  const std::shared_ptr<const void> handle(opened, [](void* h) { ::dlclose(h); });
  const auto build = reinterpret_cast<module_build_function>(::dlsym(opened, "volley_module_build"));
  const auto content = reinterpret_cast<module_function>(::dlsym(opened, "volley_module"));
  if (build == nullptr || content == nullptr) refuse(name, is_none);
  if (std::strcmp(build(), module_build) != 0)
    refuse(name, "'" + path + "' is of another build than this one, release " + release +
                     "; `volley build-module` makes it anew (" + std::string(build()).substr(0, 12) + " is not " +
                     std::string(module_build).substr(0, 12) + ")");
  return {handle, content()};
}

/// Adds the models to those that have names of their own.
template <class Model>
void add(std::vector<Model>& to, std::span<const Model> models, const model_registry& known, const std::string& name) {
  for (auto model : models) {
    const auto is_same = [&](const auto& other) { return other.name == model.name; };
    if (known.find_node(model.name) || known.find_synapse(model.name) || std::ranges::any_of(to, is_same))
      refuse(name, "there is a model '" + std::string(model.name) + "' already");
    model.loop = static_cast<std::uint32_t>(to.size());
    to.push_back(model);
  }
}

void require_early(const network& net, const std::string& name) {
  const char* const reason = net.nodes.size() != 0 ? "nodes exist"
                             : net.has_run         ? "the network was simulated"
                             : net.models_changed  ? "defaults of models were changed"
                                                   : nullptr;
  if (reason != nullptr) refuse(name, std::string(reason) + "; call ResetKernel first");
}

bool is_plain(const std::string& name) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= 128 && name.front() != '.' && std::ranges::all_of(name, allowed);
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

/// True for what only the user of this process, or root, may write.
bool is_private(const struct stat& about) {
  return (about.st_uid == 0 || about.st_uid == ::geteuid()) && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

void install(network& net, const std::vector<std::string>& names) {
  auto catalog = *net.catalog;
  auto loaded = net.modules;
  if (!std::ranges::equal(loaded, names | std::views::take(loaded.size())))
    refuse(loaded.front(), "it is loaded, and leaves with ResetKernel alone");
  for (const auto& name : names | std::views::drop(net.modules.size())) {
    if (std::ranges::find(loaded, name) != loaded.end()) refuse(name, "it is loaded already");
    if (name.empty() || name.find('\0') != std::string::npos) refuse(name, "that is no name of a module");
    if (net.options.rank.count > 1) refuse(name, "several ranks load no modules");
    if (net.options.modules == nullptr) refuse(name, "the operator of this kernel does not allow modules");
    require_early(net, name);
    const auto [handle, content] = load(name, net.options.modules->find(name));
    if (std::ranges::find(catalog.modules, handle.get(), &std::shared_ptr<const void>::get) != catalog.modules.end())
      refuse(name, "it is loaded already, under another name");
    add(catalog.neurons, content->neurons, net.models, name);
    add(catalog.synapses, content->synapses, net.models, name);
    catalog.modules.push_back(handle);
    loaded.push_back(name);
  }
  if (loaded.size() == net.modules.size()) return;
  auto all = std::make_shared<const model_catalog>(std::move(catalog));
  model_registry models(*all, net.settings.time);
  net.models = std::move(models);
  net.catalog = std::move(all);
  net.modules = std::move(loaded);
  ++net.shard_epoch;
  net.require(shard_work::prepare);
}

std::string user_modules::find(const std::string& name) const {
  const auto file = file_name(name);
  std::error_code none;
  if (file.find('/') != std::string::npos) {
    if (fs::is_regular_file(file, none)) return fs::absolute(file);
    refuse(name, "there is no file '" + file + "'");
  }
  for (const auto& folder : folders_of_environment())
    if (fs::is_regular_file(folder / file, none)) return fs::absolute(folder / file);
  refuse(name, "there is no file '" + file + "' in the folders of VOLLEY_MODULES and LD_LIBRARY_PATH");
}

operator_modules::operator_modules(const fs::path& folder) {
  std::error_code failed;
  folder_ = fs::canonical(folder, failed);
  struct stat about {};
  if (failed || ::stat(folder_.c_str(), &about) != 0 || !S_ISDIR(about.st_mode))
    throw std::runtime_error("there is no folder of modules " + folder.string());
  if (!is_private(about)) throw std::runtime_error("others may write to the folder of modules " + folder.string());
}

std::string operator_modules::find(const std::string& name) const {
  if (!is_plain(name)) refuse(name, "its name must be of letters, digits, \".\", \"_\" and \"-\"");
  const auto file = folder_ / file_name(name);
  struct stat about {};
  if (::lstat(file.c_str(), &about) != 0) refuse(name, "the operator of this kernel has none of this name");
  if (!S_ISREG(about.st_mode) || !is_private(about)) refuse(name, "it is no file that the operator alone may write");
  return file;
}

}  // namespace volley::runtime
