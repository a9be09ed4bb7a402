#include "runtime/cluster/member.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {

member::effects member::take(order_message&& m) {
  if (auto* end = std::get_if<told::leave>(&m.what)) return only(leave{std::move(end->why)});
  if (auto* wanted = std::get_if<told::modules>(&m.what))
    return only(have_modules{m.at, m.at > here_, std::move(*wanted)});
  if (auto* placed = std::get_if<told::place>(&m.what)) return take(m.at, std::move(*placed));
  if (m.at != here_) return ++stale_, effects();
  return std::visit(
      [&]<class Told>(Told&& what) -> effects {
        if constexpr (requires { take(std::move(what)); })
          return take(std::move(what));
        else
          return {};
      },
      std::move(m.what));
}

member::effects member::out_of_turn(const char* what, std::uint64_t number) const {
  return only(leave{std::string(what) + " " + std::to_string(number) + " came after " + std::to_string(number_)});
}

member::effects member::take(fence at, told::place&& what) {
  if (at <= here_) return ++stale_, effects();
  here_ = at;
  vps_ = vps_of(what.where, me_);
  number_ = undecided_ = 0;
  votes_missing_ = 0;
  runs_ = is_linked_ = false;
  std::erase_if(images_, [&](const auto& one) { return one.first != what.back_to; });
  return only(make{at, vps_, std::move(what)});
}

bool member::is_next(std::uint64_t number) const {
  return number == number_ + 1 && undecided_ == 0 && votes_missing_ == 0 && !runs_;
}

void member::await_votes() {
  ++number_;
  votes_.assign(vps_.size(), std::nullopt);
  votes_missing_ = vps_.size();
}

member::effects member::take(told::obey&& what) {
  if (!is_next(what.number)) return out_of_turn("order", what.number);
  await_votes();
  if (is_change(*what.what)) undecided_ = number_;
  return only(obey{std::move(what.what)});
}

member::effects member::vote(said::votes::vote&& one) {
  const auto place = std::ranges::lower_bound(vps_, one.vp);
  expects(votes_missing_ != 0 && place != vps_.end() && *place == one.vp, "a VP of here votes when it is asked");
  auto& vote = votes_[static_cast<std::size_t>(place - vps_.begin())];
  expects(!vote, "a VP votes once");
  vote = std::move(one);
  if (--votes_missing_ != 0) return {};
  said::votes all{number_, {}};
  all.all.reserve(votes_.size());
  for (auto& each : votes_) all.all.push_back(std::move(*each));
  return say_it(std::move(all));
}

member::effects member::take(told::decide&& what) {
  if (what.number != undecided_) return out_of_turn("the decision on order", what.number);
  undecided_ = 0;
  return only(decide{what.keep});
}

member::effects member::fail(fence at, std::uint32_t vp, const refusal& why) {
  if (at != here_) return ++stale_, effects();
  return say_it(said::vp_failed{vp, why});
}

member::effects member::linked(fence at) {
  if (at != here_ || std::exchange(is_linked_, true)) return {};
  return say_it(said::ready{});
}

member::effects member::link_lost(fence at, worker_number peer, const std::string& why) {
  if (at != here_) return {};
  auto out = say_it(said::link_lost{peer, why});
  if (runs_) out.emplace_back(abandon{});
  return out;
}

member::effects member::take(told::run&& what) {
  if (!is_next(what.number) || !is_linked_) return out_of_turn("run", what.number);
  number_ = what.number;
  runs_ = true;
  return only(run{what});
}

member::effects member::rest(stop_reason why, step_t now, std::uint64_t spikes, std::optional<said::vp_failed> failure,
                             const update_times& updates) {
  if (!std::exchange(runs_, false)) return {};
  return say_it(said::rested{number_, why, now, spikes, std::move(failure), updates});
}

// A request that comes when the run is over is of no use any more.
member::effects member::take(told::ask&& what) {
  if (!runs_) return {};
  return only(ask{what.what});
}

member::effects member::take(told::abandon&&) {
  if (!runs_) return {};
  return only(abandon{});
}

// ---- images

member::effects member::copied(fence at, step_t step, std::uint32_t vp, image made, double computed) {
  if (at != here_ || !runs_) return ++stale_, effects();
  const cut_name cut{here_.placement, number_, step};
  const bool is_made = made != nullptr;
  if (is_made) images_[cut][vp] = std::move(made);
  return say_it(said::copy{cut, vp, is_made, computed});
}

member::effects member::image_arrived(fence at, parcel&& what) {
  if (at != here_) return ++stale_, effects();
  if (what.left_out != 0) {
    // It may be of a cut that was given up, and a later one was committed since.
    if (!images_.empty() && what.cut < images_.begin()->first) return ++stale_, effects();
    const auto before = image_of(what.base, what.vp);
    if (before == nullptr || before->events.size() < what.left_out)
      return only(leave{"what the image of VP " + std::to_string(what.vp) + " goes on from is not here"});
    const auto known = before->events.begin();
    std::vector<shared_bytes> events(known, known + static_cast<std::ptrdiff_t>(what.left_out));
    events.insert(events.end(), what.content->events.begin(), what.content->events.end());
    what.content = std::make_shared<const shard_image>(shard_image{what.content->state, std::move(events)});
  }
  images_[what.cut][what.vp] = std::move(what.content);
  return say_it(said::kept{what.cut, what.vp});
}

member::effects member::images_lost(fence at, worker_number peer) {
  if (at != here_) return {};
  return say_it(said::images_lost{peer});
}

// It may be of no use any more.
member::effects member::take(told::give&& what) {
  const auto content = image_of(what.cut, what.vp);
  if (content == nullptr) return ++stale_, effects();
  parcel all{what.cut, what.vp, content};
  if (const auto before = what.base ? image_of(*what.base, what.vp) : nullptr) {
    const auto& now = content->events;
    const auto first = std::ranges::mismatch(now, before->events).in1;
    all.left_out = static_cast<std::uint64_t>(first - now.begin());
    all.base = *what.base;
    all.content = std::make_shared<const shard_image>(shard_image{content->state, {first, now.end()}});
  }
  return only(bring{std::move(what.to), std::move(all)});
}

image member::image_of(const cut_name& cut, std::uint32_t vp) const {
  const auto made = images_.find(cut);
  if (made == images_.end()) return nullptr;
  const auto one = made->second.find(vp);
  return one == made->second.end() ? nullptr : one->second;
}

// Those of the next cut may have begun to come.
member::effects member::take(told::commit&& what) {
  images_.erase(images_.begin(), images_.lower_bound(what.cut));
  return {};
}

member::effects member::take(told::load&& what) {
  if (!is_next(what.number)) return out_of_turn("images", what.number);
  await_votes();
  load all;
  for (const auto vp : vps_) {
    all.images.push_back(image_of(what.cut, vp));
    if (all.images.back() == nullptr) return only(leave{"the image of VP " + std::to_string(vp) + " is not here"});
  }
  return only(std::move(all));
}

}  // namespace volley::runtime::cluster
