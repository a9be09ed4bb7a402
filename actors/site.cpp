#include "actors/site.hpp"

#include <utility>
#include <variant>

#include "actors/lanes.hpp"
#include "actors/vp.hpp"
#include "caf/send.hpp"
#include "runtime/base/contract.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

void site::take(cluster::order_message m, const overseer_actor& self) {
  self_ = self;
  carry_out(member_.take(std::move(m)));
}

void site::carry_out(member::effects what) {
  for (auto& effect : what) std::visit([this](auto&& one) { act(std::move(one)); }, std::move(effect));
}

// VPs know their overseer, and it knows them.
void site::dismiss() {
  if (links_) links_->close();
  links_.reset();
  if (images_) images_->close();
  images_.reset();
  if (mates_) mates_->leave();
  end_vps();
  mates_.reset();
  self_ = nullptr;
  runs_ = false;
}

bool site::give_up(const runtime::slice_place& at) {
  if (!runs_ || at.epoch != member_.here().epoch) return false;
  dismiss();
  return true;
}

void site::clear() {
  end_vps();
  if (mates_) mates_->assemble({});
}

void site::end_vps() {
  if (!mates_) return;
  for (const auto& vp : mates_->vps()) caf::anon_send_exit(vp, caf::exit_reason::user_shutdown);
}

void site::act(member::make&& what) {
  const auto self = self_;
  dismiss();
  self_ = self;
  if (around_.door != nullptr) open_for_images(what.at, what.what.secret);
  if (what.vps.empty()) return carry_out(member_.linked(what.at));
  const auto n_vps = static_cast<std::uint32_t>(what.what.where.size());
  mates_ = std::make_shared<ensemble>(what.at, what.what.where, around_.me, self_);
  std::vector<vp_actor> vps;
  for (const auto number : what.vps)
    vps.push_back(around_.system.spawn<vp>(lane_of(around_.system, around_.first_lane + vps.size()),
                                           around_.make_shard(runtime::layout{number, n_vps}, what.what.modules),
                                           mates_, self_));
  mates_->assemble(std::move(vps));
  if (what.what.peers.size() == 1) return carry_out(member_.linked(what.at));
  runtime::expects(around_.door != nullptr, "who has peers has a door");
  links_ = around_.door->open(what.at, around_.me, what.what, mates_);
  mates_->use_links(links_);
}

void site::open_for_images(cluster::fence at, const std::string& secret) {
  const auto arrived = [at, to = self_](cluster::parcel what) {
    caf::anon_send(to, image_arrived{at, std::move(what)});
  };
  const auto lost = [at, to = self_](cluster::worker_number peer) { caf::anon_send(to, images_lost{at, peer}); };
  const auto unreachable = [at, to = self_](cluster::worker_number peer, const std::string& why) {
    caf::anon_send(to, link_broke{at, peer, why});
  };
  images_ = around_.door->open_for_images(at, around_.me, secret, {arrived, lost, unreachable});
}

void site::act(member::bring&& what) {
  runtime::expects(images_ != nullptr, "who has peers brings images");
  images_->bring(what.to, what.what);
}

template <class Order> void site::tell_vps(const Order& order) {
  for (const auto& vp : mates_->vps()) caf::anon_send(vp, order);
}

void site::count(const voted& vote) {
  cluster::said::votes::vote one{vote.vp, std::nullopt, vote.reason};
  if (vote.answer) one.answer = std::move(*vote.answer);
  carry_out(member_.vote(std::move(one)));
}

void site::act(member::run&& what) {
  runs_ = true;
  updates_ = {.limit_s = what.what.update_limit_s};
  auto& exchange = mates_->open(what.what.interval_steps, what.what.now, &updates_);
  if (links_) links_->resume();
  exchange.start(what.what.steps, what.what.cuts);
}

void site::act(member::load&& what) {
  auto next = what.images.begin();
  for (const auto& vp : mates_->vps()) caf::anon_send(vp, load_image{std::move(*next++)});
}

void site::act(member::have_modules&& what) {
  if (what.is_over) clear();
  around_.say({what.at, cluster::said::modules{what.what.number, around_.have_modules(what.what.all)}});
}

void site::take(const run_stopped& end) {
  if (end.at != member_.here() || !std::exchange(runs_, false)) return;
  if (links_) links_->rest();
  if (around_.door != nullptr) tell_progress();  // what was sent, before anybody begins another run
  std::optional<cluster::said::vp_failed> failure;
  if (const auto first = mates_->take_failure())
    failure = cluster::said::vp_failed{first->vp, runtime::refusal_of(first->reason)};
  carry_out(member_.rest(end.reason, end.now, mates_->exchange().progress().spikes, std::move(failure), updates_));
}

cluster::said::beat site::progress() const {
  cluster::said::beat news;
  if (mates_ && mates_->is_open()) {
    const auto [now, spikes] = mates_->exchange().progress();
    news.now = now;
    news.spikes = spikes;
  }
  if (around_.door != nullptr) {
    const auto frames = around_.door->counts();
    news.stale_frames = frames.stale;
    news.repeated_frames = frames.repeated;
    news.sent_frames = frames.sent;
    news.sent_bytes = frames.sent_bytes;
  }
  return news;
}

}  // namespace volley::actors
