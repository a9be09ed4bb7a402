#include "actors/known_sessions.hpp"

#include <algorithm>
#include <utility>

namespace volley::actors {

namespace {

kept_answer kept(const std::string& session, const known_sessions::last_call& last) {
  const auto& a = *last.answer;
  kept_answer to{{session, last.number}, last.digest, a.generation, a.changes, {}, {}};
  for (const auto& line : a.log) to.log.emplace_back(line.severity, line.text);
  std::visit(
      [&]<class Result>(const Result& result) {
        if constexpr (std::is_same_v<Result, api::failed_call>)
          to.result = runtime::refusal_of(result.reason);
        else
          to.result = result;
      },
      a.outcome);
  return to;
}

known_sessions::answer_ref answer_of(const kept_answer& from) {
  api::answer a{from.generation, {}, {}, from.changes};
  for (const auto& [severity, text] : from.log) a.log.push_back({severity, text});
  std::visit(
      [&]<class Result>(const Result& result) {
        if constexpr (std::is_same_v<Result, runtime::refusal>)
          a.outcome = api::failed_call{runtime::exception_of(result)};
        else
          a.outcome = result;
      },
      from.result);
  return std::make_shared<const api::answer>(std::move(a));
}

}  // namespace

const known_sessions::last_call* known_sessions::find(const std::string& session) const {
  const auto one = all_.find(session);
  return one == all_.end() || one->second.last.answer == nullptr ? nullptr : &one->second.last;
}

void known_sessions::remember(const runtime::cluster::request_name& to, std::uint64_t digest, answer_ref answer) {
  if (!to.session.empty()) all_[to.session].last = {to.number, digest, std::move(answer)};
}

void known_sessions::come(const std::string& session) {
  if (!session.empty()) ++all_[session].connections;
}

void known_sessions::go_away(const std::string& session, time_point now) {
  const auto one = all_.find(session);
  if (one == all_.end()) return;
  if (one->second.connections > 0) --one->second.connections;
  one->second.away_since = now;
  tidy(now);
}

void known_sessions::tidy(time_point now) {
  std::vector<std::pair<time_point, std::string>> away;
  std::erase_if(all_, [&](const auto& one) {
    const auto& [name, k] = one;
    if (k.connections > 0) return false;
    away.emplace_back(k.away_since, name);
    return now - k.away_since > forgotten_after || k.last.answer == nullptr;
  });
  if (away.size() <= most_away) return;
  std::ranges::sort(away);
  for (std::size_t i = 0; i + most_away < away.size(); ++i) all_.erase(away[i].second);
}

std::vector<kept_answer> known_sessions::keep() const {
  std::vector<kept_answer> all;
  for (const auto& [name, one] : all_)
    if (one.last.answer != nullptr) all.push_back(kept(name, one.last));
  return all;
}

void known_sessions::restore(const std::vector<kept_answer>& kept, time_point now) {
  for (const auto& one : kept) all_[one.to.session] = {{one.to.number, one.digest, answer_of(one)}, 0, now};
}

}  // namespace volley::actors
