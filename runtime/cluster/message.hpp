// What supervisor and workers tell each other of one kernel. Values, with one codec for all: both are of one build.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/cluster/image.hpp"
#include "runtime/cluster/placement.hpp"
#include "runtime/cluster/worker.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/slice_mark.hpp"
#include "runtime/exchange/update_times.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/order.hpp"

namespace volley::runtime::cluster {

// ---- to a worker

namespace told {

/// Make empty shards of your VPs and link up with the others that hold some; then you are `ready`.
struct place {
  struct peer {
    worker_number number;
    std::string address;
    std::uint16_t port = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(number, address, port); }
  };
  placement where;
  std::vector<peer> peers;                ///< all that hold VPs, by number, the receiver among them
  std::string secret;                     ///< of all connections between workers in this placement
  std::optional<cut_name> back_to = {};   ///< VPs will go on from there: the images of all other cuts are of no use
  std::vector<module_name> modules = {};  ///< that shards have the models of; whoever holds some has loaded them
  template <class Snapshot> void snapshot(Snapshot& s) { s(where, peers, secret, back_to, modules); }
};
/// All your VPs do this, and vote. Orders are numbered without a gap from 1 on in each placement.
struct obey {
  std::uint64_t number = 0;
  std::shared_ptr<const order> what;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(number, what);
    if constexpr (Snapshot::loads)
      if (what == nullptr) s.refuse();
  }
};
/// All keep or drop what the order of this number tried.
struct decide {
  std::uint64_t number = 0;
  bool keep = false;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, keep); }
};
/// Compute so many steps from `now` on, then say where you rest; with 0, batches of the interval before are delivered,
/// no more. Runs are numbered as orders are.
struct run {
  std::uint64_t number = 0;
  step_t now = 0, steps = 0, interval_steps = 1;
  bool cuts = false;  ///< as soon as an interval opens
  double update_limit_s = update_times::infinity;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(number, now, steps, interval_steps, cuts, update_limit_s);
    if constexpr (Snapshot::loads)
      if (now < 0 || steps < 0 || interval_steps < 1) s.refuse();
  }
};
/// Stops the run at an interval's end, the same one everywhere; or cuts it there.
struct ask {
  request what = request::cancel;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(what);
    if constexpr (Snapshot::loads)
      if (what != request::cancel && what != request::pause && what != request::cut) s.refuse();
  }
};
/// A worker is lost: the run ends where the VPs have come to, and fails.
struct abandon {
  template <class Snapshot> void snapshot(Snapshot&) {}
};
/// Images of earlier cuts are of no use any more.
struct commit {
  cut_name cut;
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut); }
};
/// Bring this image, which you keep, to another worker, who keeps it, too.
struct give {
  cut_name cut;
  std::uint32_t vp = 0;
  place::peer to;
  std::optional<cut_name> base = {};  ///< the other has the VP's image at this cut, and so have you
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut, vp, to, base); }
};
/// Your VPs go on from the images that you keep, and vote. It is numbered as orders are.
struct load {
  std::uint64_t number = 0;
  cut_name cut;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, cut); }
};
/// With an empty fence: your process belongs to the cluster no more. Else its kernel needs you no more.
inline constexpr const char *supervisor_ends = "the supervisor ends", *drained = "it was drained";
struct leave {
  std::string why;
  template <class Snapshot> void snapshot(Snapshot& s) { s(why); }
};

/// Load these modules and no others, and say whether you have: shards will be made with them. Shards of an earlier
/// placement than the message's are of a network that is gone.
struct modules {
  std::uint64_t number = 0;
  std::vector<module_name> all;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, all); }
};

using content = std::variant<place, obey, decide, run, ask, abandon, commit, give, load, leave, modules>;

}  // namespace told

// ---- of a worker

namespace said {

/// The shards are made, the links stand.
struct ready {
  template <class Snapshot> void snapshot(Snapshot&) {}
};
/// Of all VPs of the worker, by number: a reply or a refusal.
struct votes {
  struct vote {
    std::uint32_t vp = 0;
    std::optional<reply> answer;
    std::optional<refusal> reason;
    template <class Snapshot> void snapshot(Snapshot& s) {
      s(vp, answer, reason);
      if constexpr (Snapshot::loads)
        if (answer.has_value() == reason.has_value()) s.refuse();
    }
  };
  std::uint64_t number = 0;
  std::vector<vote> all;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, all); }
};
/// A VP could not carry out what was decided.
struct vp_failed {
  std::uint32_t vp = 0;
  refusal reason;
  template <class Snapshot> void snapshot(Snapshot& s) { s(vp, reason); }
};
/// The run of this number is over here.
struct rested {
  std::uint64_t number = 0;
  stop_reason why = stop_reason::reached;
  step_t now = 0;
  std::uint64_t spikes = 0;          ///< of this worker's VPs since it began
  std::optional<vp_failed> failure;  ///< the first VP here that failed, by number
  update_times updates = {};
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(number);
    s.enumerator(why, stop_reason::failed);
    s(now, spikes, failure, updates);
  }
};
/// The link to another worker broke.
struct link_lost {
  worker_number peer;
  std::string why;
  template <class Snapshot> void snapshot(Snapshot& s) { s(peer, why); }
};
/// The image of a VP at a cut is here.
struct copy {
  cut_name cut;
  std::uint32_t vp = 0;
  bool is_made = false;  ///< else there was no room for it
  double computed = 0;   ///< seconds that the VP has computed so far
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut, vp, is_made, computed); }
};
/// The image of another worker's VP is here.
struct kept {
  cut_name cut;
  std::uint32_t vp = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut, vp); }
};
/// Of what was brought to this worker lately, some may not have come.
struct images_lost {
  worker_number peer;
  template <class Snapshot> void snapshot(Snapshot& s) { s(peer); }
};
/// So far the run has come here.
struct beat {
  step_t now = 0;
  std::uint64_t spikes = 0;
  // Since the worker began.
  std::uint64_t stale_frames = 0, repeated_frames = 0;  ///< that were dropped
  std::uint64_t sent_frames = 0, sent_bytes = 0;        ///< to other workers, of batches
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(now, spikes, stale_frames, repeated_frames, sent_frames, sent_bytes);
  }
};

/// The worker was told to end, and would be drained first.
struct leaving {
  template <class Snapshot> void snapshot(Snapshot&) {}
};

/// A VP has stood still in a slice of a run, and the worker ends.
struct stuck {
  slice_place at;
  template <class Snapshot> void snapshot(Snapshot& s) { s(at.vp, at.from, at.first, at.last); }
};

/// The modules of this number are loaded, or why they are not.
struct modules {
  std::uint64_t number = 0;
  std::optional<std::string> why_not;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, why_not); }
};

using content =
    std::variant<ready, votes, vp_failed, rested, link_lost, copy, kept, images_lost, beat, leaving, stuck, modules>;

}  // namespace said

/// Messages of another epoch or placement are dropped, except `place`, which begins one, `told::leave`, `said::beat`,
/// `said::leaving`, `said::stuck` and both `modules`. That somebody is there at all is shown by whatever carries
/// messages.
struct order_message {
  fence at;
  told::content what;
  template <class Snapshot> void snapshot(Snapshot& s) { s(at, what); }
};
struct report_message {
  fence at;
  said::content what;
  template <class Snapshot> void snapshot(Snapshot& s) { s(at, what); }
};

/// Errors of decoding: std::invalid_argument for bytes that are no such message.
std::vector<std::byte> encoded(const order_message& m);
std::vector<std::byte> encoded(const report_message& m);
order_message decoded_order_message(std::span<const std::byte> bytes);
report_message decoded_report_message(std::span<const std::byte> bytes);

}  // namespace volley::runtime::cluster
