// What clients have asked of a kernel, as bytes that outlive it: replayed on an empty network, or on the checkpoint
// that the log begins behind, they lead to the same bits. A log is
//   0   8 bytes "VLLYCMDS"; u32 format; u32 0; u64 identity of the kernel; u64 number of the log; u64 digest of these
//   40  groups: u64 length, u64 digest of the content, u64 digest of both and of where the group begins; content
// A group is written in one go and is on the disk before the next is written. So a group that is not whole is the last,
// and was told to nobody: it is cut off. One with a whole group behind it was damaged later.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/base/time.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime::cluster {

/// A request, as its client names it.
struct request_name {
  std::string session;       ///< empty: of a client that does not come back
  std::uint64_t number = 0;  ///< grows within the session
  bool operator==(const request_name&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(session, number); }
};

struct logged_request {
  request_name name;
  std::vector<std::byte> bytes;  ///< as they arrived
  bool operator==(const logged_request&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(name, bytes); }
};

namespace logged {

/// It was done, and has changed something.
struct done : logged_request {
  std::vector<module_name> modules = {};  ///< of the kernel, where it has loaded some
  bool operator==(const done&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(name, bytes, modules); }
};
/// A run that it asks for begins.
struct began : logged_request {
  bool operator==(const began&) const = default;
};
/// What the client of a run that failed was told.
struct failure {
  error_kind kind = error_kind::InternalError;
  std::string text;
  bool operator==(const failure&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, error_kind::ValueError);
    s(text);
  }
};
/// The run has ended.
struct ended {
  step_t now = 0;  ///< earlier than it asked for: it was cancelled there, or has failed
  std::optional<failure> why = {};
  bool operator==(const ended&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(now, why); }
};

using record = std::variant<done, began, ended>;

}  // namespace logged

class damaged_log : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct command_log {
  std::uint64_t kernel = 0;  ///< its identity
  std::uint64_t number = 0;  ///< of the checkpoint that it begins behind; 0: of an empty network
  std::vector<logged::record> records = {};
  std::size_t whole_bytes = 0;  ///< what is behind them is no group
};

inline constexpr std::uint32_t command_log_format = 3;

/// The bytes that a log begins with.
std::vector<std::byte> begun_log(std::uint64_t kernel, std::uint64_t number);
/// The bytes of a group that begins at this place of the file.
std::vector<std::byte> group_of(std::span<const logged::record> records, std::uint64_t place);
/// Throws damaged_log, which says what is wrong, and of another format whose it is.
command_log read_command_log(std::span<const std::byte> bytes);

}  // namespace volley::runtime::cluster
