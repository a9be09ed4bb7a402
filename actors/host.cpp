#include "actors/host.hpp"

#include <utility>

#include "actors/lanes.hpp"
#include "actors/supervisor.hpp"
#include "caf/send.hpp"

namespace volley::actors {

host::on_lanes::on_lanes(std::size_t lanes) { use_lanes(*this, lanes); }

host::host(const host_options& options)
    : config_(options.lanes),
      system_(config_),
      supervisor_(system_.spawn<supervisor>(
          runtime::kernel_options{options.vps, &files_, options.data_path, options.data_prefix})) {}

// The actor system waits for all its actors; sessions and VPs follow their supervisor.
host::~host() {
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
}

session_actor host::open(std::shared_ptr<outlet> client, when_client_leaves policy) {
  return system_.spawn<session>(++sessions_opened_, supervisor_, std::move(client), policy);
}

}  // namespace volley::actors
