// Between messages and values of the runtime. The sources behind this header are the only ones in this folder that know
// Cap'n Proto; all readers end here, so nobody keeps one beyond its body.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "actors/kernel_identity.hpp"
#include "protocol/words.hpp"
#include "runtime/kernel/request.hpp"

namespace volley::actors {

namespace api = runtime::api;

struct greeting {
  std::string token;  ///< empty on a Unix socket
  std::string version;
  std::string key;          ///< by which the client comes back to its session; empty: it does not
  std::string kernel;       ///< its name; empty: the default one
  std::uint64_t knows = 0;  ///< the identity of the kernel that the client comes back to
};

struct welcome {
  std::uint64_t session = 0, kernel = 0, generation = 0;
  kernel_identity of = {};
  std::uint64_t changes = 0;
};

/// Every decode function throws protocol::malformed for bytes that are no such message, and runtime::api_error for
/// values that no call may carry (a Parameter outside its domain).
greeting decode_greeting(const protocol::body& body);
api::request decode_request(const protocol::body& body);
/// Tells requests apart by their bytes.
std::uint64_t digest_of_request(const protocol::body& body);

/// Every encode function throws protocol::oversized for what no message holds (a column of 512 MiB).
protocol::body encode_welcome(const welcome& content);
/// For `refused`, where there is no reply yet.
protocol::body encode_refusal(const std::string& message);
/// A failed call is told as `kind` and `message`.
protocol::body encode_error(const api::answer& content, const std::string& kind, const std::string& message);
/// REQUIRES: the call did not fail.
protocol::body encode_answer(const api::answer& content);
/// Announces an encoded answer that goes in pages.
protocol::body encode_paged(std::size_t words);
protocol::body encode_progress(const api::job_progress& content);
/// A line of the log while a call is on.
protocol::body encode_note(const api::log_line& content);

}  // namespace volley::actors
