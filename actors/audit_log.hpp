// Who asked a server for what, and what became of it: a file of the operator's, a line each.
//   2026-11-30T12:00:00Z session 3 (simulate): Create("iaf_psc_alpha", 100): done
#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "actors/file_place.hpp"

namespace volley::actors {

/// Thread safety: any thread.
class audit_log {
 public:
  /// The file is appended to, and is this user's alone. One that has so many bytes becomes FILE.1, in place of the one
  /// before. Throws std::runtime_error where it cannot be opened.
  explicit audit_log(std::filesystem::path file, std::uint64_t most_bytes = std::uint64_t{64} << 20);

  /// Each text is cut after 200 bytes, and what is no printable ASCII is escaped. Where the disk refuses, that is told
  /// once on standard error, and the calls go on.
  void add(std::string_view who, std::string_view what, std::string_view outcome);

 private:
  void open();

  const std::filesystem::path file_;
  const std::uint64_t most_bytes_;
  std::mutex mutex_;  // guards the following
  descriptor opened_;
  std::uint64_t bytes_ = 0;
  bool is_refused_ = false;
};

}  // namespace volley::actors
