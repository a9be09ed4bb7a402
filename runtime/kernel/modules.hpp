// Modules: shared libraries of models that are loaded while a kernel is there, and leave with its reset.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime {

/// The network's catalog with these modules: those that are loaded, and further ones. Changes nothing.
/// Errors: DynamicModuleManagementError, for one that is not there, is of another build or loaded already, where its
/// names are taken, where nobody may load any, and once there are nodes, copied models or changed defaults, or the
/// network was simulated.
std::shared_ptr<const model_catalog> load_modules(const network&, const std::vector<module_name>& wanted);

/// Goes on with `then` once all processes have the modules of what load_modules() has made, and this is the catalog.
/// Errors: DynamicModuleManagementError, where another process cannot load one; then nothing has changed.
outcome install(network&, const std::shared_ptr<const model_catalog>& loaded, std::function<outcome()> then);

/// Catalogs of the shards of a kernel that is in another process.
class module_shelf {
 public:
  /// REQUIRES: `files` outlive it; null: none may be loaded.
  explicit module_shelf(const module_files* files) : files_(files) {}
  /// These and no others are loaded, but for what shards still have. Errors: DynamicModuleManagementError, also for a
  /// file with another digest; then those of before still are.
  void load(const std::vector<module_name>& all);
  /// REQUIRES: these are among the first of those that are loaded.
  const std::shared_ptr<const model_catalog>& catalog_of(const std::vector<module_name>& all) const;

 private:
  const module_files* files_;
  // Each has one module more than the one before, which a refused Install goes back to.
  std::vector<std::shared_ptr<const model_catalog>> chain_{{std::shared_ptr<const void>(), &built_in_models()}};
};

/// Where this process's own user has modules: a name with a slash is a path, others are looked for in the folders that
/// the environment lists, with ":" between them, in VOLLEY_MODULES and LD_LIBRARY_PATH.
class user_modules final : public module_files {
 public:
  file find(const std::string& name) const override;
};

// ---- for whoever finds modules

/// The file of a module of this name.
std::string file_name(const std::string& name);
/// Throws the DynamicModuleManagementError of Install.
[[noreturn]] void refuse_module(const std::string& name, const std::string& why);

}  // namespace volley::runtime
