// `volley worker`: joins a supervisor and computes for it until it says goodbye; one that is lost may come back.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "protocol/tls.hpp"
#include "runtime/exchange/parking.hpp"
#include "runtime/footprint/memory_limit.hpp"

namespace volley::actors {

struct worker_options {
  std::string host = "127.0.0.1";  ///< of the supervisor's door for workers
  std::uint16_t port = 0;
  std::optional<protocol::tls_files> tls{};  ///< of all connections; the supervisor's certificate is for `host`
  bool insecure = false;                     ///< other machines may be reached without TLS
  std::string token;
  std::filesystem::path token_file{};  ///< has the token, and is read before each greeting; empty: `token` is it
  std::size_t lanes = runtime::usable_cores();
  std::uint64_t memory_limit = runtime::no_memory_limit;  ///< bytes that its part of a network may take
  std::filesystem::path data_root = ".";                  ///< files of recorders lie below it
  std::optional<std::filesystem::path> modules{};         ///< folder that modules may be loaded from; none: not at all
  std::chrono::milliseconds answer_within{30'000};        ///< a refusal may be long in coming
  std::chrono::milliseconds wait{60'000};                 ///< for a supervisor, when one was lost
  std::chrono::milliseconds stuck_after{10'000};          ///< see runtime::cluster::slice_watch
};

/// Returns when the supervisor says goodbye or this process is told to end (SIGINT, SIGTERM, SIGHUP). When its
/// supervisor is lost, all that it held is dropped, and it joins again as a new member whoever is there in time.
/// Throws std::runtime_error where its folder of modules is none, when it is not let in, with the supervisor's reason,
/// when it is put out, and when no supervisor has come back. Ends the process where a VP stands still in a slice: its
/// thread cannot be ended.
void work(const worker_options& options);

}  // namespace volley::actors
