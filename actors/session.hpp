// One client's side of the conversation: frames in, calls to the supervisor, answers out. The wire's faults and users'
// mistakes end here, as replies; a session that dies takes nobody along.
#pragma once
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/audit_log.hpp"
#include "actors/kernels.hpp"
#include "actors/messages.hpp"
#include "actors/outlet.hpp"
#include "actors/role.hpp"

namespace volley::actors {

/// What becomes of a running job when its client leaves.
enum class when_client_leaves { job_goes_on, job_ends };

class session : public session_actor::base {
 public:
  /// `digests`: calls carry a digest of what the client has sent. `name`: by which the client comes back when its
  /// connection is lost; empty: it does not. `audit`: gets what it changes, or may not; null: nobody reads that.
  session(caf::actor_config& config, std::uint64_t number, std::shared_ptr<kernels::lease> kernel,
          std::shared_ptr<outlet> client, role may, when_client_leaves policy, bool digests = false,
          std::string name = {}, audit_log* audit = nullptr);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "session"; }

 private:
  void receive(const protocol::frame& f);
  void receive_request(const protocol::frame& f);
  void receive_page_request(const protocol::header& wanted);
  void drop_kernel(std::uint64_t sequence, const std::string& name);
  void count(std::uint64_t sequence);
  void greet(const kernel_introduced& kernel);
  void reply(std::uint64_t sequence, const api::answer& content);
  void report(const job_advanced& news);
  void tell(const call_noted& news);
  void refuse(std::uint64_t sequence, const std::exception_ptr& fault, const std::vector<api::log_line>& log,
              std::uint64_t changes = 0);
  void leave(bool comes_back = false);
  void audit(std::uint64_t sequence, const std::string& outcome);
  protocol::header heading(protocol::frame_kind kind, std::uint64_t sequence) const;

  const std::uint64_t number_;
  std::shared_ptr<kernels::lease> lease_;
  const std::uint64_t kernel_number_;
  supervisor_actor kernel_;
  std::shared_ptr<outlet> client_;
  const role may_;
  const when_client_leaves policy_;
  const bool digests_;
  const std::string name_;
  audit_log* const audit_;
  std::map<std::uint64_t, std::string> audited_;  // calls whose outcome is due, by their number
  std::uint64_t last_sequence_ = 0;
  std::uint64_t greeting_sequence_ = 0;
  std::uint64_t generation_ = 0;  // as of the last answer
  protocol::body paged_;          // the last reply, when it goes in pages; until the next request
};

}  // namespace volley::actors
