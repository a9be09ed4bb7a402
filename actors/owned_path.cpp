#include "actors/owned_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace volley::actors {

namespace {

std::uint64_t inode_of(const std::filesystem::path& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

}  // namespace

owned_path::owned_path(std::filesystem::path made) : path_(std::move(made)), inode_(inode_of(path_)) {}

owned_path::owned_path(owned_path&& other) noexcept
    : path_(std::move(other.path_)), inode_(std::exchange(other.inode_, 0)) {}

owned_path& owned_path::operator=(owned_path&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(inode_, other.inode_);
  return *this;
}

owned_path::~owned_path() {
  if (inode_ != 0 && inode_of(path_) == inode_) ::unlink(path_.c_str());
}

}  // namespace volley::actors
