// The tokens of a server: one a role, each in a file of its own, new ones whenever the old are to be worth nothing.
#pragma once
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "actors/owned_path.hpp"
#include "actors/role.hpp"

namespace volley::actors {

/// Thread safety: none.
class keyring {
 public:
  using clock = std::chrono::steady_clock;

  /// The token of admins goes to `file`, the others to `file`.simulate and `file`.observe. Throws std::system_error.
  keyring(std::filesystem::path file, clock::duration lifetime, clock::time_point now);

  /// Replaces all tokens and their files: the old ones open nothing any more. Throws std::system_error: some are old
  /// still.
  void renew(clock::time_point now);
  clock::time_point expires() const { return expires_; }

  /// Nothing for a token that is wrong or has expired. Takes as long for each of a length.
  std::optional<role> role_of(std::string_view token, clock::time_point now) const;

 private:
  std::filesystem::path file_of(role whose) const;

  const std::filesystem::path file_;
  const clock::duration lifetime_;
  std::array<std::string, roles> tokens_;
  std::array<owned_path, roles> files_;
  clock::time_point expires_;
};

}  // namespace volley::actors
