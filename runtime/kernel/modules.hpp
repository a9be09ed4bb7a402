// Modules: shared libraries of models that are loaded while a kernel is there, and leave with its reset.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runtime/kernel/network.hpp"

namespace volley::runtime {

/// Loads modules. `names`: those that are loaded, and further ones. All or none.
/// Errors: DynamicModuleManagementError, for one that is not there, is of another build or loaded already, where its
/// names are taken, where nobody may load any, and once there are nodes, copied models or changed defaults, or the
/// network was simulated.
void install(network&, const std::vector<std::string>& names);

/// Where this process's own user has modules: a name with a slash is a path, others are looked for in the folders that
/// the environment lists, with ":" between them, in VOLLEY_MODULES and LD_LIBRARY_PATH.
class user_modules final : public module_files {
 public:
  std::string find(const std::string& name) const override;
};

/// What the operator of a server allows: names alone, of files in one folder that nobody else may write to.
class operator_modules final : public module_files {
 public:
  /// Throws std::runtime_error for a folder that others may write to, or that is not there.
  explicit operator_modules(const std::filesystem::path& folder);
  std::string find(const std::string& name) const override;

 private:
  std::filesystem::path folder_;
};

}  // namespace volley::runtime
