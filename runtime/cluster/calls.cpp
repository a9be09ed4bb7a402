#include "runtime/cluster/calls.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {

ballot::ballot(std::uint64_t number, const placement& where) : number_(number), missing_(where.size()) {
  by_vp_.reserve(where.size());
  for (const auto who : where) by_vp_.push_back({who, false, {}, {}});
}

bool ballot::count(worker_number who, std::uint64_t number, said::votes::vote&& one) {
  if (number != number_ || one.vp >= by_vp_.size()) return false;
  auto& e = by_vp_[one.vp];
  if (e.counted || e.of != who) return false;
  e = {who, true, std::move(one.answer), std::move(one.reason)};
  --missing_;
  return true;
}

void ballot::lose(worker_number who, const refusal& why) {
  for (auto& e : by_vp_) {
    if (e.of != who || e.counted) continue;
    e.counted = true;
    e.reason = why;
    --missing_;
  }
}

std::vector<std::optional<refusal>> ballot::refusals() const {
  expects(is_complete(), "votes are counted when all are in");
  std::vector<std::optional<refusal>> all;
  all.reserve(by_vp_.size());
  for (const auto& e : by_vp_) all.push_back(e.reason);
  return all;
}

std::vector<reply> ballot::take_replies() {
  expects(is_complete(), "replies are read when all are in");
  std::vector<reply> all;
  all.reserve(by_vp_.size());
  for (auto& e : by_vp_) {
    expects(e.answer.has_value(), "nobody has refused");
    all.push_back(std::move(*e.answer));
  }
  return all;
}

finish::finish(std::uint64_t number, const placement& where) : number_(number) {
  missing_.insert(where.begin(), where.end());
}

bool finish::count(worker_number who, const said::rested& end) {
  if (end.number != number_ || missing_.erase(who) == 0) return false;
  ends_.push_back(end);
  return true;
}

void finish::lose(worker_number who, const refusal& why) {
  if (missing_.erase(who) != 0 && !lost_) lost_ = why;
}

finish::result finish::outcome() const {
  expects(is_complete(), "a run is over when all rest");
  result r;
  const said::vp_failed* first = nullptr;
  for (const auto& end : ends_) {
    r.now = std::max(r.now, end.now);
    r.spikes += end.spikes;
    r.updates.add(end.updates);
    if (end.failure && (first == nullptr || end.failure->vp < first->vp)) first = &*end.failure;
  }
  r.failure = lost_;
  if (!r.failure && first != nullptr) r.failure = first->reason;
  const auto differs = [&](const auto& end) { return end.why != ends_[0].why || end.now != ends_[0].now; };
  const bool failed = r.failure || std::ranges::any_of(ends_, differs);
  r.why = failed || ends_.empty() ? stop_reason::failed : ends_[0].why;
  if (r.why == stop_reason::failed && !r.failure)
    r.failure = refusal{error_kind::InternalError, "the workers of a run do not rest at one step"};
  return r;
}

}  // namespace volley::runtime::cluster
