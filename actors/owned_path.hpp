// A file that this process has made and removes at its end, unless another has taken its place by then.
#pragma once
#include <cstdint>
#include <filesystem>

namespace volley::actors {

class owned_path {
 public:
  owned_path() = default;
  /// REQUIRES: the file is there.
  explicit owned_path(std::filesystem::path made);
  owned_path(owned_path&& other) noexcept;
  owned_path& operator=(owned_path&& other) noexcept;
  ~owned_path();

 private:
  std::filesystem::path path_;
  std::uint64_t inode_ = 0;  // 0: nothing is owned
};

}  // namespace volley::actors
