// A session that keeps what it gets back.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/messages.hpp"
#include "runtime/base/error.hpp"

namespace volley::actors {

/// Why a call has failed. REQUIRES: it has, else std::bad_variant_access.
inline std::string failure(const api::result& of) {
  return runtime::refusal_of(std::get<api::failed_call>(of).reason).text;
}

class listening_session : public session_actor::base {
 public:
  struct heard {
    /// By the numbers of calls, in the order in which they came.
    std::vector<std::pair<std::uint64_t, std::shared_ptr<const api::answer>>> answers;
    std::vector<job_advanced> news;
  };

  listening_session(caf::actor_config& config, heard& to) : session_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[](const frame_arrived&) {},
            [](const connection_closed&) {},
            [this](const call_answered& a) { to_.answers.emplace_back(a.sequence, a.content); },
            [this](const job_advanced& j) { to_.news.push_back(j); },
            [](const call_noted&) {},
            [](const kernel_introduced&) {}};
  }

 private:
  heard& to_;
};

}  // namespace volley::actors
