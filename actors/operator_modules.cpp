#include "actors/operator_modules.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "actors/sha256.hpp"

namespace volley::actors {

namespace fs = std::filesystem;
using runtime::refuse_module;

namespace {

constexpr const char* list_name = "allowed.sha256";
constexpr std::size_t digits_of_digest = 64;

/// Of what only the user of this process, or root, may write.
bool is_private(int opened, mode_t kind) {
  struct stat about {};
  return ::fstat(opened, &about) == 0 && (about.st_mode & S_IFMT) == kind &&
         (about.st_uid == 0 || about.st_uid == ::geteuid()) && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Hands over what the file holds, part by part. False where it cannot be read, or is not taken.
template <class Take> bool read(const descriptor& from, Take&& take) {
  std::array<std::byte, 1 << 16> part;
  for (;;) {
    const auto size = read_some(from, part);
    if (!size || !take(std::span(part).first(*size))) return false;
    if (*size < part.size()) return true;
  }
}

/// What clients have recorded must not become code.
void require_apart(const fs::path& inner, const fs::path& data_root) {
  const auto outer = fs::canonical(data_root);
  if (std::ranges::mismatch(outer, inner).in1 == outer.end())
    throw std::runtime_error("the folder of modules " + inner.string() + " lies where clients record, in " +
                             outer.string());
}

/// A line of sha256sum: the digest, a blank, a blank or "*", the name.
std::pair<std::string, std::string> entry_of(const std::string& line) {
  const auto digest = std::string_view(line).substr(0, digits_of_digest);
  const bool is_digest =
      digest.size() == digits_of_digest && digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  const auto rest = std::string_view(line).substr(digest.size());
  if (!is_digest || !(rest.starts_with("  ") || rest.starts_with(" *")) || !is_plain(rest.substr(2)))
    throw std::runtime_error("is not \"SHA-256  NAME\" with the name of a file beside it");
  return {std::string(digest), std::string(rest.substr(2))};
}

}  // namespace

operator_modules::operator_modules(const fs::path& folder, const fs::path& data_root) {
  std::error_code failed;
  folder_ = fs::canonical(folder, failed);
  open_ = descriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (failed || !open_) throw std::runtime_error("there is no folder of modules " + folder.string());
  if (!is_private(open_.number(), S_IFDIR))
    throw std::runtime_error("others may write to the folder of modules " + folder.string());
  require_apart(folder_, data_root);
  allowed();
}

std::optional<operator_modules::list> operator_modules::allowed() const {
  const auto path = (folder_ / list_name).string();
  const descriptor opened(::openat(open_.number(), list_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened && errno == ENOENT) return std::nullopt;
  if (!opened || !is_private(opened.number(), S_IFREG))
    throw std::runtime_error(path + " is no file that its owner alone may write");
  std::string text;
  const auto take = [&](std::span<const std::byte> part) {
    text.append(reinterpret_cast<const char*>(part.data()), part.size());
    return true;
  };
  if (!read(opened, take)) throw std::runtime_error(path + " cannot be read");
  list all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) try {
      all.push_back(entry_of(line));
    } catch (const std::runtime_error& why) {
      throw std::runtime_error("line " + std::to_string(all.size() + 1) + " of " + path + " " + why.what());
    }
  return all;
}

// What is wrong with the operator's file is the operator's business.
std::optional<operator_modules::list> operator_modules::list_for(const std::string& name) const {
  try {
    return allowed();
  } catch (const std::runtime_error& why) {
    std::fprintf(stderr, "volley-server: no module is loaded: %s\n", why.what());
    refuse_module(name, "the operator's list of what is allowed cannot be used");
  }
}

// The file's bytes are copied to memory that nobody can change any more, their digest is taken on the way, and the copy
// is loaded. An open file would not do: who may write it could change it, in its place, between its digest and its
// loading, or later, as far as no page of it was touched.
runtime::module_files::file operator_modules::find(const std::string& name) const {
  if (!is_plain(name)) refuse_module(name, "its name must be of letters, digits, \".\", \"_\" and \"-\"");
  const auto file_name = runtime::file_name(name);
  const auto list = list_for(name);
  const auto is_it = [&](const auto& entry) { return entry.second == file_name; };
  if (list && std::ranges::none_of(*list, is_it))
    refuse_module(name, "it is not in the operator's list of what is allowed");
  const descriptor opened(::openat(open_.number(), file_name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened && errno == ENOENT) refuse_module(name, "the operator of this kernel has none of this name");
  if (!opened || !is_private(opened.number(), S_IFREG))
    refuse_module(name, "it is no file that the operator alone may write");
  const auto copy =
      std::make_shared<const descriptor>(::memfd_create(file_name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  sha256 digest;
  const auto take = [&](std::span<const std::byte> part) {
    digest.add(part);
    return write_all(*copy, part);
  };
  constexpr int all_seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (!*copy || !read(opened, take) || ::fcntl(copy->number(), F_ADD_SEALS, all_seals) != 0)
    refuse_module(name, "its file cannot be read, or there is no memory for it");
  const auto digits = digest.digits();
  if (list && std::ranges::find(*list, std::pair(digits, file_name)) == list->end()) {
    std::fprintf(stderr, "volley-server: the module %s has the SHA-256 %s, and %s tells another\n", file_name.c_str(),
                 digits.c_str(), (folder_ / list_name).c_str());
    refuse_module(name, "its file is not the one in the operator's list of what is allowed");
  }
  return {"/proc/self/fd/" + std::to_string(copy->number()), digits, copy};
}

}  // namespace volley::actors
