// The first rank's side of what ranks agree on. A meeting begins with the first rank's word that comes and ends with
// the last one's: then all are told the same. Ranks that have come to different things are told so, in a text that
// names what two of them do. A machine: what happens comes in, what is to be told comes out.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/cluster/rank_message.hpp"

namespace volley::runtime::cluster {

struct rank_limits {
  std::chrono::milliseconds told_after{60'000};  ///< whoever waits longer is told for whom; then after twice as long
  std::chrono::milliseconds given_up_after{3'600'000};  ///< the call fails
};

/// "60 s"
std::string seconds_text(std::chrono::milliseconds time);

class rank_meeting {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// One message for all of these ranks.
  struct tell {
    std::vector<std::uint32_t> to;
    of_first_rank what;
  };
  using effects = std::vector<tell>;

  rank_meeting(std::uint32_t ranks, const rank_limits& limits) : limits_(limits), words_(ranks), calls_(ranks) {}

  effects take(std::uint32_t rank, rank_word&& word, time_point now);
  /// The rank has died: all are told at once, and what is left of the network.
  effects lose(std::uint32_t rank, const std::string& why, const std::string& left);
  /// Its script has ended: whoever waits for it, now or later, is told.
  effects end(std::uint32_t rank);
  /// Now and then while somebody waits.
  effects tick(time_point now);

 private:
  bool is_on() const { return n_words_ != 0; }
  std::vector<std::uint32_t> waiting() const;
  std::vector<std::uint32_t> others_than(std::uint32_t rank) const;
  template <class Word> bool all_are() const;
  template <class Word> const Word& word(std::size_t rank) const { return std::get<Word>(words_[rank]->what); }

  effects tell_of_end();
  effects conclude();
  verdicts::content conclusion();
  verdicts::content compare_calls() const;
  verdicts::content count_votes();
  verdicts::content compare_runs() const;
  verdicts::content join_ends() const;
  verdicts::apart apart_in_call() const;
  std::string what_of(std::size_t rank) const;
  std::string missing_text() const;
  effects give(verdicts::content what);

  const rank_limits limits_;
  std::vector<std::optional<rank_word>> words_;  // by rank
  std::vector<std::string> calls_;               // that ranks are in, or were in last
  std::size_t n_words_ = 0;
  std::uint64_t number_ = 1, n_calls_ = 0;
  bool runs_ = false;
  time_point since_{};
  std::chrono::milliseconds next_note_{};
  std::optional<refusal> gone_;
  std::optional<std::uint32_t> ended_;   // a rank whose script has
  std::optional<verdicts::apart> late_;  // for whoever comes when the others have given up
};

}  // namespace volley::runtime::cluster
