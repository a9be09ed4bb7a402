// What the operator of a server or worker allows to be loaded: modules of one folder that nobody else writes to and, if
// that has a list of them, allowed.sha256, only those whose SHA-256 it tells.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/file_place.hpp"
#include "runtime/kernel/modules.hpp"

namespace volley::actors {

/// Thread safety: any thread.
class operator_modules final : public runtime::module_files {
 public:
  /// `data_root`: where clients record. Throws std::runtime_error for a folder that is not there, lies there, or may be
  /// written to by others, and where its list is none.
  operator_modules(const std::filesystem::path& folder, const std::filesystem::path& data_root);

  /// By its name alone. The file and the list are as they are now. Errors: DynamicModuleManagementError, which tells no
  /// digest; the process's log does.
  file find(const std::string& name) const override;

 private:
  /// Digests and names, as sha256sum writes them. Nothing: all files are allowed. Throws std::runtime_error.
  using list = std::vector<std::pair<std::string, std::string>>;
  std::optional<list> allowed() const;
  std::optional<list> list_for(const std::string& name) const;

  std::filesystem::path folder_;
  descriptor open_;
};

}  // namespace volley::actors
