// What the ranks of one network tell each other. Each has a kernel of its own; the first hears what all have come to
// and tells what follows. Values, with one codec for all: all ranks are of one build.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/cluster/calls.hpp"
#include "runtime/cluster/message.hpp"
#include "runtime/shard/ranked.hpp"

namespace volley::runtime::cluster {

/// What a call that all ranks make is known by.
struct call_card {
  std::string text;           ///< Create("iaf_psc_alpha", 100)
  std::uint64_t digest = 0;   ///< of all it says
  std::uint64_t network = 0;  ///< of the calls before
  std::uint32_t draws = 0;    ///< how many of them drew
  bool begins_anew = false;   ///< ResetKernel: what was before does not matter
  bool fails_alone = false;   ///< it may fail on one rank when all shards have obeyed
  template <class Snapshot> void snapshot(Snapshot& s) { s(text, digest, network, draws, begins_anew, fails_alone); }
};

// ---- to the first rank: what a rank has come to. It waits for the word that follows.

namespace words {

/// Its script makes this call.
struct begun {
  call_card call;
  agreed_facts facts;
  template <class Snapshot> void snapshot(Snapshot& s) { s(call, facts); }
};
/// Its VPs have obeyed or refused an order of the call.
struct voted {
  std::uint8_t order = 0;  ///< which of all kinds
  audience heard_by = audience::all;
  std::vector<said::votes::vote> all;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(order);
    s.enumerator(heard_by, audience::first);
    s(all);
  }
};
/// Its VPs are ready to compute.
struct ready {
  step_t now = 0, steps = 0, interval_steps = 1;
  bool operator==(const ready&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(now, steps, interval_steps); }
};
/// Its VPs have stopped.
struct rested {
  said::rested end;
  template <class Snapshot> void snapshot(Snapshot& s) { s(end); }
};
/// Its kernel has answered the call.
struct answered {
  std::optional<refusal> failed;
  template <class Snapshot> void snapshot(Snapshot& s) { s(failed); }
};

using content = std::variant<begun, voted, ready, rested, answered>;

}  // namespace words

struct rank_word {
  std::uint64_t number = 0;  ///< words of a rank are counted from 1 on
  words::content what;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, what); }
};

// ---- of the first rank, what all have come to

namespace verdicts {

/// All make the same call: go on, with these facts.
struct go_on {
  agreed_facts facts;
  template <class Snapshot> void snapshot(Snapshot& s) { s(facts); }
};
/// All VPs have obeyed. Replies by VP; none for ranks that hear only their own.
struct obeyed {
  std::vector<reply> replies;
  template <class Snapshot> void snapshot(Snapshot& s) { s(replies); }
};
struct run {
  template <class Snapshot> void snapshot(Snapshot&) {}
};
struct ran {
  finish::result end;
  template <class Snapshot> void snapshot(Snapshot& s) { s(end); }
};
/// All kernels have answered.
struct done {
  template <class Snapshot> void snapshot(Snapshot&) {}
};
/// Some VP has refused, or some kernel: all do. `is_over`: there the call has been answered; whatever follows here is
/// this rank's own.
struct refused {
  refusal why;
  bool is_over = false;
  template <class Snapshot> void snapshot(Snapshot& s) { s(why, is_over); }
};
/// The ranks have come to different things: the call fails. `loses`: in the midst of a call, and what has become of the
/// network is not known any more.
struct apart {
  refusal why;
  bool loses = false;
  template <class Snapshot> void snapshot(Snapshot& s) { s(why, loses); }
};

using content = std::variant<go_on, obeyed, run, ran, done, refused, apart>;

}  // namespace verdicts

/// Answers the word of this number.
struct rank_verdict {
  std::uint64_t number = 0;
  verdicts::content what;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, what); }
};
/// Others are waited for, and for whom.
struct waiting_note {
  std::string text;
  template <class Snapshot> void snapshot(Snapshot& s) { s(text); }
};
/// A VP has failed: whoever waits for frames of its rank abandons the run.
struct stop_waiting {
  template <class Snapshot> void snapshot(Snapshot&) {}
};
/// A rank is gone: there will be no call of all any more.
struct rank_gone {
  refusal why;
  template <class Snapshot> void snapshot(Snapshot& s) { s(why); }
};
using of_first_rank = std::variant<rank_verdict, waiting_note, stop_waiting, rank_gone>;

/// Errors of decoding: std::invalid_argument for bytes that are no such message.
std::vector<std::byte> encoded(const rank_word& m);
std::vector<std::byte> encoded(const of_first_rank& m);
rank_word decoded_rank_word(std::span<const std::byte> bytes);
of_first_rank decoded_of_first_rank(std::span<const std::byte> bytes);

}  // namespace volley::runtime::cluster
