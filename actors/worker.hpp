// The actor that holds VPs of one kernel for a supervisor in another process.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/messages.hpp"
#include "actors/site.hpp"
#include "runtime/kernel/modules.hpp"

namespace volley::actors {

struct worker_setup {
  runtime::cluster::worker_number me;
  runtime::record_files* files = nullptr;                            ///< REQUIRES: outlives the worker
  link_maker* door = nullptr;                                        ///< REQUIRES: outlives the worker
  std::function<void(const runtime::cluster::report_message&)> say;  ///< to the supervisor
  std::function<void(const std::string& why)> done;                  ///< it cannot go on; once
  std::size_t first_lane = 0;                                        ///< of its first VP
  const runtime::module_files* modules = nullptr;  ///< REQUIRES: outlives the worker; null: it loads none
};

class worker : public worker_actor::base {
 public:
  worker(caf::actor_config& config, worker_setup setup);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "worker"; }

 private:
  void leave(const std::string& why);
  void tell_later();

  std::unique_ptr<runtime::shard> make_shard(const runtime::layout& place,
                                             const std::vector<runtime::module_name>& modules) const;
  std::optional<std::string> load(const std::vector<runtime::module_name>& modules);

  const worker_setup setup_;
  runtime::module_shelf modules_;  // before the VPs that have them
  site site_;
  bool has_left_ = false, telling_ = false;
};

}  // namespace volley::actors
