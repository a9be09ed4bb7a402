// What the actors of one process tell each other. Payloads are shared by pointer; nothing here is ever serialised.
#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "actors/kernel_identity.hpp"
#include "actors/worker_outlet.hpp"
#include "caf/allowed_unsafe_message_type.hpp"
#include "caf/typed_actor.hpp"
#include "caf/typed_event_based_actor.hpp"
#include "protocol/frame.hpp"
#include "runtime/cluster/admission.hpp"
#include "runtime/cluster/message.hpp"
#include "runtime/cluster/rank_message.hpp"
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
/// Go on from this image, then vote.
struct load_image {
  runtime::cluster::image content;
};
/// Compute this slice, then arrive at the exchange.
struct advance {
  runtime::slice part;
};

using vp_actor = caf::typed_actor<caf::reacts_to<obey>, caf::reacts_to<decided>, caf::reacts_to<load_image>,
                                  caf::reacts_to<advance>>;

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
/// Something that the client may like to know while its call is on.
struct call_noted {
  std::uint64_t sequence = 0;
  api::log_line content;
};
/// Answer to a greeting: what a welcome says.
struct kernel_introduced {
  std::uint64_t generation = 0;
  kernel_identity of = {};
  std::uint64_t changes = 0;
};

using session_actor =
    caf::typed_actor<caf::reacts_to<frame_arrived>, caf::reacts_to<connection_closed>, caf::reacts_to<call_answered>,
                     caf::reacts_to<job_advanced>, caf::reacts_to<call_noted>, caf::reacts_to<kernel_introduced>>;

// ---- to whoever has VPs in its process: the supervisor, or a worker

/// A VP has obeyed, or refused.
struct voted {
  std::uint32_t vp = 0;
  std::shared_ptr<runtime::reply> answer;  ///< the receiver takes it out; null: refused
  std::optional<runtime::refusal> reason;
};
/// A VP could not carry out what was decided: its shard is not what the kernel believes.
struct vp_lost {
  runtime::cluster::fence at;  ///< of which placement
  std::uint32_t vp = 0;
  runtime::refusal reason;
};
/// The image of a VP before a step of the run.
struct image_made {
  runtime::cluster::fence at;  ///< of which placement
  runtime::step_t step = 0;
  std::uint32_t vp = 0;
  runtime::cluster::image content;  ///< null: there was no room for it
  double computed = 0;              ///< seconds, so far
};
/// Another worker has brought this.
struct image_arrived {
  runtime::cluster::fence at;  ///< of which placement
  runtime::cluster::parcel what;
};
/// Of what was brought to another worker, some may not have come.
struct images_lost {
  runtime::cluster::fence at;  ///< of which placement
  runtime::cluster::worker_number peer;
};
/// All VPs of this process have stopped.
struct run_stopped {
  runtime::cluster::fence at;  ///< of which placement
  runtime::stop_reason reason = runtime::stop_reason::reached;
  runtime::step_t now = 0;
};
/// The links of this placement stand.
struct links_stand {
  runtime::cluster::fence at;
};
struct link_broke {
  runtime::cluster::fence at;
  runtime::cluster::worker_number peer;
  std::string why;
};

using overseer_actor =
    caf::typed_actor<caf::reacts_to<voted>, caf::reacts_to<vp_lost>, caf::reacts_to<image_made>,
                     caf::reacts_to<image_arrived>, caf::reacts_to<images_lost>, caf::reacts_to<run_stopped>,
                     caf::reacts_to<links_stand>, caf::reacts_to<link_broke>>;

// ---- to a worker

/// The supervisor says this.
struct order_arrived {
  std::shared_ptr<runtime::cluster::order_message> what;  ///< the receiver takes it out
};
/// What this kernel has here is of no use any more.
struct kernel_ended {};
/// Tell the supervisor how far the run is.
struct tell_progress {};

using worker_actor =
    caf::typed_actor<caf::reacts_to<voted>, caf::reacts_to<vp_lost>, caf::reacts_to<image_made>,
                     caf::reacts_to<image_arrived>, caf::reacts_to<images_lost>, caf::reacts_to<run_stopped>,
                     caf::reacts_to<links_stand>, caf::reacts_to<link_broke>, caf::reacts_to<order_arrived>,
                     caf::reacts_to<kernel_ended>, caf::reacts_to<tell_progress>>;

// ---- to the supervisor

/// A worker was let in.
struct worker_joined {
  runtime::cluster::worker_number who;
  std::shared_ptr<const runtime::cluster::worker_card> card;
  std::shared_ptr<worker_outlet> outlet;
};
/// A worker says this.
struct worker_reported {
  runtime::cluster::worker_number who;
  std::shared_ptr<runtime::cluster::report_message> what;  ///< the supervisor takes it out
};
/// A worker cannot be reached any more.
struct worker_closed {
  runtime::cluster::worker_number who;
  std::string why;
};
/// Look who is alive, and for whom others wait.
struct count_workers {};
/// A rank has said goodbye, or has died.
struct rank_end {
  bool orderly = false;
  std::string how;   ///< "(process 123 on HOST) has died"
  std::string left;  ///< what of the network is: "nothing was saved"
};
/// Of another rank: words for the first one, what it has to tell, or an end.
struct rank_news {
  using content = std::variant<runtime::cluster::rank_word, runtime::cluster::of_first_rank, rank_end>;
  std::uint32_t from = 0;
  std::shared_ptr<content> what;  ///< the supervisor takes it out
};

/// Introduce the kernel to this session.
struct introduce {
  session_actor to;
  std::string name = {};  ///< by which its client comes back; empty: it does not
};
/// Serve this when what came before is done.
struct call {
  session_actor from;
  std::uint64_t sequence = 0;
  std::shared_ptr<const api::request> content;
  std::uint64_t digest = 0;   ///< of the request's bytes, where they are compared
  std::string session = {};   ///< as of introduce
  protocol::body bytes = {};  ///< of the request
};
/// End this session's running job, if any, at the next interval's end.
struct cancel_job {
  session_actor of;
};
/// Nobody waits for this session's calls any more. Those that have not begun are dropped.
struct session_left {
  session_actor who;
  bool cancels_its_job = false;
  std::string name = {};    ///< as of introduce
  bool comes_back = false;  ///< perhaps: it has not said goodbye
};
/// Go on with what the folder of state holds.
struct restart {};
/// The network may be written to the folder of state, when it rests.
struct make_checkpoint {};
/// Try again to write what the folder of state refused.
struct write_log {};
/// Tell the session how far its job is.
struct report_progress {};
/// A VP of this process stands still in a slice. Who has it gives it up.
struct vp_stuck {
  runtime::slice_place at;
};
/// Let the run rest, since somebody waits to look at it.
struct let_rest {};

using supervisor_actor = caf::typed_actor<
    caf::reacts_to<introduce>, caf::reacts_to<call>, caf::reacts_to<cancel_job>, caf::reacts_to<session_left>,
    caf::reacts_to<voted>, caf::reacts_to<vp_lost>, caf::reacts_to<image_made>, caf::reacts_to<image_arrived>,
    caf::reacts_to<images_lost>, caf::reacts_to<run_stopped>, caf::reacts_to<links_stand>, caf::reacts_to<link_broke>,
    caf::reacts_to<report_progress>, caf::reacts_to<let_rest>, caf::reacts_to<worker_joined>,
    caf::reacts_to<worker_reported>, caf::reacts_to<worker_closed>, caf::reacts_to<count_workers>,
    caf::reacts_to<rank_news>, caf::reacts_to<restart>, caf::reacts_to<make_checkpoint>, caf::reacts_to<write_log>,
    caf::reacts_to<vp_stuck>>;

}  // namespace volley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::obey)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::decided)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::load_image)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::advance)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::frame_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::connection_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::call_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::job_advanced)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::call_noted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::kernel_introduced)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::introduce)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::cancel_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::session_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::voted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::vp_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::image_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::image_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::images_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::run_stopped)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::report_progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::let_rest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::links_stand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::link_broke)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::order_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::kernel_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::tell_progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::worker_joined)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::worker_reported)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::worker_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::count_workers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::rank_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::restart)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::make_checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::write_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(volley::actors::vp_stuck)
