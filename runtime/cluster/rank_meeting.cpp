#include "runtime/cluster/rank_meeting.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

verdicts::apart apart(const std::string& text, bool loses = false) {
  return {refusal{error_kind::KernelException, text}, loses};
}

std::string named(std::size_t rank) { return "rank " + std::to_string(rank); }

/// Why two ranks do not make the same call; nothing: they do.
std::optional<std::string> difference(const call_card& first, std::size_t rank, const call_card& its) {
  const auto both = "rank 0 and " + named(rank) + " both call " + first.text;
  if (first.text != its.text) return "rank 0 calls " + first.text + ", " + named(rank) + " calls " + its.text;
  if (first.digest != its.digest) return both + ", with different arguments";
  if (first.begins_anew) return std::nullopt;
  if (first.draws != its.draws)
    return both + ", and " + std::to_string(first.draws) + " and " + std::to_string(its.draws) +
           " of their calls before drew random numbers (GetValue and apply of a Parameter count, and set with one)";
  if (first.network != its.network) return both + ", but calls before it have not done the same on both";
  return std::nullopt;
}

}  // namespace

std::string seconds_text(std::chrono::milliseconds time) { return std::to_string(time.count() / 1000) + " s"; }

std::vector<std::uint32_t> rank_meeting::waiting() const {
  std::vector<std::uint32_t> some;
  for (std::uint32_t rank = 0; rank < words_.size(); ++rank)
    if (words_[rank]) some.push_back(rank);
  return some;
}

std::vector<std::uint32_t> rank_meeting::others_than(std::uint32_t who) const {
  std::vector<std::uint32_t> some;
  for (std::uint32_t rank = 0; rank < words_.size(); ++rank)
    if (rank != who) some.push_back(rank);
  return some;
}

template <class Word> bool rank_meeting::all_are() const {
  return std::ranges::all_of(words_, [](const auto& w) { return std::holds_alternative<Word>(w->what); });
}

rank_meeting::effects rank_meeting::take(std::uint32_t rank, rank_word&& word, time_point now) {
  if (gone_) return {{{rank}, rank_gone{*gone_}}};
  expects(rank < words_.size() && word.number <= number_ && !words_[rank], "a rank waits after each word");
  if (word.number < number_) {
    expects(late_.has_value(), "others have given up who is late");
    return {{{rank}, rank_verdict{word.number, *late_}}};
  }
  if (!is_on()) {
    since_ = now;
    next_note_ = limits_.told_after;
  }
  if (const auto* begun = std::get_if<words::begun>(&word.what)) calls_[rank] = begun->call.text;
  const auto* rested = std::get_if<words::rested>(&word.what);
  const bool failed = rested != nullptr && rested->end.why == stop_reason::failed;
  words_[rank] = std::move(word);
  ++n_words_;
  if (ended_) return tell_of_end();
  if (n_words_ == words_.size()) return conclude();
  // Those that had its frame know; whoever waits for the next one is told.
  if (failed) return {{others_than(rank), stop_waiting{}}};
  return {};
}

rank_meeting::effects rank_meeting::lose(std::uint32_t rank, const std::string& why, const std::string& left) {
  if (gone_) return {};
  const auto where = calls_[rank].empty() ? std::string() : " (its last call was " + calls_[rank] + ")";
  gone_ =
      refusal{error_kind::KernelException, named(rank) + " " + why + where + "; the network is lost with it; " + left};
  return {{others_than(rank), rank_gone{*gone_}}};
}

rank_meeting::effects rank_meeting::end(std::uint32_t rank) {
  if (gone_) return {};
  if (!ended_) ended_ = rank;
  return tell_of_end();
}

rank_meeting::effects rank_meeting::tell_of_end() {
  auto to = runs_ ? others_than(*ended_) : waiting();
  if (to.empty()) return {};
  const auto who = to.front();
  gone_ = refusal{error_kind::KernelException, "the script of " + named(*ended_) + " has ended, and " + named(who) +
                                                   " is in " + calls_[who] + ": all ranks must make the same calls"};
  return {{std::move(to), rank_gone{*gone_}}};
}

std::string rank_meeting::missing_text() const {
  constexpr std::size_t most = 3;
  std::vector<std::size_t> missing;
  for (std::size_t rank = 0; rank < words_.size(); ++rank)
    if (!words_[rank]) missing.push_back(rank);
  std::string text = missing.size() == 1 ? "rank" : "ranks";
  for (std::size_t i = 0; i < std::min(most, missing.size()); ++i)
    text += (i == 0 ? " " : ", ") + std::to_string(missing[i]);
  if (missing.size() > most) text += " and " + std::to_string(missing.size() - most) + " others";
  return text + (missing.size() == 1 ? " has" : " have");
}

rank_meeting::effects rank_meeting::tick(time_point now) {
  if (!is_on()) return {};
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_);
  const auto who = waiting();
  const auto text = missing_text() + " not come to " + calls_[who.front()] + ", where " + named(who.front()) +
                    (who.size() == 1 ? " has" : " and " + std::to_string(who.size() - 1) + " more have") +
                    " waited for " + seconds_text(waited);
  if (waited >= limits_.given_up_after) {
    const bool at_begin = std::holds_alternative<words::begun>(words_[who.front()]->what);
    late_ = apart(text + "; the call is given up", !at_begin);
    return give(*late_);
  }
  if (waited < next_note_) return {};
  next_note_ *= 2;
  return {{who, waiting_note{text}}};
}

// ---- what follows from the words of all

rank_meeting::effects rank_meeting::conclude() {
  const auto* votes = all_are<words::voted>() ? &word<words::voted>(0) : nullptr;
  const bool for_first = votes != nullptr && votes->heard_by == audience::first;
  const auto number = number_;
  auto out = give(conclusion());
  auto* told = std::get_if<rank_verdict>(&out[0].what);
  if (for_first && std::holds_alternative<verdicts::obeyed>(told->what)) {
    out[0].to = {0};
    out.push_back({others_than(0), rank_verdict{number, verdicts::obeyed{}}});
  }
  return out;
}

rank_meeting::effects rank_meeting::give(verdicts::content what) {
  runs_ = std::holds_alternative<verdicts::run>(what);
  effects out{{waiting(), rank_verdict{number_, std::move(what)}}};
  for (auto& w : words_) w.reset();
  n_words_ = 0;
  ++number_;
  return out;
}

verdicts::content rank_meeting::conclusion() {
  if (all_are<words::begun>()) {
    ++n_calls_;
    return compare_calls();
  }
  const auto begins = [](const auto& w) { return std::holds_alternative<words::begun>(w->what); };
  if (std::ranges::any_of(words_, begins)) return apart_in_call();
  for (const auto& w : words_)
    if (const auto* end = std::get_if<words::answered>(&w->what); end != nullptr && end->failed)
      return verdicts::refused{*end->failed, true};
  if (all_are<words::voted>()) return count_votes();
  if (all_are<words::ready>()) return compare_runs();
  if (all_are<words::rested>()) return join_ends();
  if (all_are<words::answered>()) return verdicts::done{};
  return apart_in_call();
}

verdicts::content rank_meeting::compare_calls() const {
  const auto& first = word<words::begun>(0);
  agreed_facts facts = first.facts;
  for (std::size_t rank = 1; rank < words_.size(); ++rank) {
    const auto& its = word<words::begun>(rank);
    if (const auto text = difference(first.call, rank, its.call))
      return apart("call " + std::to_string(n_calls_) + " of those that all ranks make: " + *text +
                   ". All ranks must make the same calls in the same order");
    facts.include(its.facts);
  }
  return verdicts::go_on{facts};
}

verdicts::content rank_meeting::count_votes() {
  const auto& first = word<words::voted>(0);
  std::vector<said::votes::vote> all;
  for (std::size_t rank = 0; rank < words_.size(); ++rank) {
    auto& its = std::get<words::voted>(words_[rank]->what);
    if (its.order != first.order || its.heard_by != first.heard_by) return apart_in_call();
    std::ranges::move(its.all, std::back_inserter(all));
  }
  std::ranges::sort(all, {}, &said::votes::vote::vp);
  const refusal* least = nullptr;
  for (const auto& one : all)
    if (one.reason && (least == nullptr || one.reason->place < least->place)) least = &*one.reason;
  if (least != nullptr) return verdicts::refused{*least, false};
  verdicts::obeyed what;
  for (auto& one : all) what.replies.push_back(std::move(*one.answer));
  return what;
}

verdicts::content rank_meeting::compare_runs() const {
  for (std::size_t rank = 1; rank < words_.size(); ++rank)
    if (!(word<words::ready>(rank) == word<words::ready>(0))) return apart_in_call();
  return verdicts::run{};
}

verdicts::content rank_meeting::join_ends() const {
  placement all;
  for (std::size_t rank = 0; rank < words_.size(); ++rank) all.push_back(worker_number(rank));
  finish end(0, all);
  for (std::size_t rank = 0; rank < words_.size(); ++rank) {
    auto its = word<words::rested>(rank).end;
    its.number = 0;
    end.count(worker_number(rank), its);
  }
  return verdicts::ran{end.outcome()};
}

std::string rank_meeting::what_of(std::size_t rank) const {
  const auto& what = words_[rank]->what;
  const char* does = std::holds_alternative<words::begun>(what)      ? " calls "
                     : std::holds_alternative<words::answered>(what) ? " is at the end of "
                     : std::holds_alternative<words::ready>(what)    ? " is to compute in "
                     : std::holds_alternative<words::rested>(what)   ? " has computed in "
                                                                     : " is in the midst of ";
  return named(rank) + does + calls_[rank];
}

verdicts::apart rank_meeting::apart_in_call() const {
  std::size_t other = 1;
  while (other + 1 < words_.size() && words_[other]->what.index() == words_[0]->what.index()) ++other;
  return apart("the ranks have come apart: " + what_of(0) + ", " + what_of(other) +
                   "; all ranks must make the same calls in the same order",
               true);
}

}  // namespace volley::runtime::cluster
