// What clients were told last, by the names of their sessions, so that one who lost its connection, or its server,
// asks again and is told the same. Only of calls that have changed something: others are asked anew.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/cluster/command_log.hpp"
#include "runtime/kernel/request.hpp"

namespace volley::actors {

namespace api = runtime::api;

/// The last answer of a session, as it outlives its process.
struct kept_answer {
  runtime::cluster::request_name to;
  std::uint64_t digest = 0;  ///< of the request
  std::uint64_t generation = 0, changes = 0;
  std::variant<std::monostate, runtime::node_set, runtime::connection_columns, runtime::value, runtime::refusal> result;
  std::vector<std::pair<std::int32_t, std::string>> log;
  template <class Snapshot> void snapshot(Snapshot& s) { s(to, digest, generation, changes, result, log); }
};

/// Thread safety: none.
class known_sessions {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using answer_ref = std::shared_ptr<const api::answer>;
  static constexpr std::chrono::minutes forgotten_after{10};  ///< without a connection
  static constexpr std::size_t most_away = 256;               ///< who has been away for the longest makes room

  struct last_call {
    std::uint64_t number = 0, digest = 0;
    answer_ref answer;
  };

  /// Null: nobody of this name, or it has changed nothing yet.
  const last_call* find(const std::string& session) const;
  void remember(const runtime::cluster::request_name& to, std::uint64_t digest, answer_ref answer);
  void come(const std::string& session);
  void go_away(const std::string& session, time_point now);
  /// It has said goodbye.
  void forget(const std::string& session) { all_.erase(session); }

  std::vector<kept_answer> keep() const;
  /// Everybody is away.
  void restore(const std::vector<kept_answer>& kept, time_point now);

 private:
  struct known {
    last_call last;
    std::size_t connections = 0;
    time_point away_since{};
  };
  void tidy(time_point now);

  std::map<std::string, known> all_;
};

}  // namespace volley::actors
