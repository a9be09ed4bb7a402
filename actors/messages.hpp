// What the actors of one process tell each other. Payloads are shared by pointer; nothing here is ever serialised.
#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>

#include "caf/allowed_unsafe_message_type.hpp"
#include "caf/typed_actor.hpp"
#include "caf/typed_event_based_actor.hpp"
#include "protocol/frame.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/kernel/request.hpp"
#include "runtime/shard/order.hpp"

namespace volley::actors {

namespace api = runtime::api;

// ---- to a VP

/// Do this with your shard, then vote. What changes the network is only tried: `decided` follows.
struct obey {
  std::shared_ptr<const runtime::order> what;
};
/// Keep or drop the change that was tried last.
struct decided {
  bool keep = false;
};
/// Compute this slice, then arrive at the exchange.
struct advance {
  runtime::slice part;
};

using vp_actor = caf::typed_actor<caf::reacts_to<obey>, caf::reacts_to<decided>, caf::reacts_to<advance>>;

// ---- to a session

/// The client sent this.
struct frame_arrived {
  protocol::frame content;
};
/// The client cannot be reached any more.
struct connection_closed {};
struct call_answered {
  std::uint64_t sequence = 0;
  std::shared_ptr<const api::answer> content;
};
struct job_advanced {
  std::uint64_t sequence = 0;
  api::job_progress content;
};
/// Answer to a greeting: what a welcome says.
struct kernel_introduced {
  std::uint64_t generation = 0;
};

using session_actor =
    caf::typed_actor<caf::reacts_to<frame_arrived>, caf::reacts_to<connection_closed>, caf::reacts_to<call_answered>,
                     caf::reacts_to<job_advanced>, caf::reacts_to<kernel_introduced>>;

// ---- to the supervisor

/// Introduce the kernel to this session.
struct introduce {
  session_actor to;
};
/// Serve this when what came before is done.
struct call {
  session_actor from;
  std::uint64_t sequence = 0;
  std::shared_ptr<const api::request> content;
};
/// End this session's running job, if any, at the next interval's end.
struct cancel_job {
  session_actor of;
};
/// Nobody waits for this session's calls any more. Those that have not begun are dropped.
struct session_left {
  session_actor who;
  bool cancels_its_job = false;
};
/// A VP has obeyed, or refused.
struct voted {
  std::uint32_t vp = 0;
  std::shared_ptr<runtime::reply> answer;  ///< the supervisor takes it out; null: refused
  std::optional<runtime::refusal> reason;
};
/// A VP could not carry out what was decided: its shard is not what the kernel believes.
struct vp_lost {
  std::uint32_t vp = 0;
  runtime::refusal reason;
};
/// All VPs have stopped.
struct run_stopped {
  runtime::stop_reason reason = runtime::stop_reason::reached;
  runtime::step_t now = 0;
};
/// Tell the session how far its job is.
struct report_progress {};
/// Let the run rest, since somebody waits to look at it.
struct let_rest {};

using supervisor_actor =
    caf::typed_actor<caf::reacts_to<introduce>, caf::reacts_to<call>, caf::reacts_to<cancel_job>,
                     caf::reacts_to<session_left>, caf::reacts_to<voted>, caf::reacts_to<vp_lost>,
                     caf::reacts_to<run_stopped>, caf::reacts_to<report_progress>, caf::reacts_to<let_rest>>;

}  // namespace volley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::obey)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::decided)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::advance)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::frame_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::connection_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::call_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::job_advanced)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::kernel_introduced)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::introduce)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::cancel_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::session_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::voted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::vp_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::run_stopped)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::report_progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::let_rest)
