#include "actors/vp.hpp"

#include <new>
#include <utility>

#include "runtime/shard/obey.hpp"

namespace volley::actors {

vp::vp(caf::actor_config& config, caf::execution_unit* lane, std::unique_ptr<runtime::shard> shard,
       std::shared_ptr<ensemble> mates, overseer_actor overseer)
    : pinned(config, lane),
      shard_(std::move(shard)),
      mates_(std::move(mates)),
      overseer_(std::move(overseer)),
      mark_(mark_of(lane)) {}

vp::behavior_type vp::make_behavior() {
  return {
      [this](const obey& o) { vote_on(o.what); },
      [this](const decided& d) { decide(d.keep); },
      [this](const load_image& l) {
        vote([&] {
          shard_->load(*l.content);
          return runtime::reply();
        });
      },
      [this](const advance& a) { compute(a.part); },
  };
}

// Shard and mates hold much memory and, by way of handles, each other.
void vp::on_exit() {
  shard_.reset();
  mates_.reset();
  overseer_ = nullptr;
}

// After the last slice of a run the order to flush recorders ends the wait.
void vp::end_wait() {
  if (arrived_) shard_->add_time(&runtime::shard_times::wait, runtime::seconds_since(*arrived_));
  arrived_.reset();
}

void vp::compute(const runtime::slice& part) {
  end_wait();
  if (mark_) mark_->begin({.vp = number(), .from = part.from, .epoch = mates_->at().epoch});
  const std::uint64_t before = shard_->spikes_emitted();
  bool ok = true;
  try {
    if (part.opens && part.interval > 0) deliver(part.interval - 1, part.from);
    if (part.cuts) hand_over_image(part.from);
    shard_->update(part.from, part.to, mark_);
    if (part.closes) publish(part.interval);
  } catch (...) {
    mates_->fail(number(), std::current_exception());
    ok = false;
  }
  if (mark_) mark_->end();
  arrived_ = runtime::stopwatch::clock::now();
  if (mates_->is_left()) return;
  mates_->exchange().arrive(shard_->spikes_emitted() - before, ok);
}

void vp::deliver(std::uint64_t interval, runtime::step_t boundary) {
  const auto& batches = mates_->batches();
  arriving_.clear();
  for (std::size_t sender = 0; sender < batches.vps(); ++sender)
    arriving_.push_back(batches.get(interval, sender).view);
  shard_->deliver(boundary, arriving_);
}

void vp::publish(std::uint64_t interval) {
  double seconds = 0;
  {
    const runtime::stopwatch timer(seconds);
    mates_->batches().put(interval, number(), share_batch(number(), interval, shard_->close_interval()));
    if (shard_->is_full()) mates_->exchange().ask(runtime::request::full);
  }
  shard_->add_time(&runtime::shard_times::gather, seconds);
}

// Where there is no room for one, the network goes on without.
void vp::hand_over_image(runtime::step_t step) {
  const auto times = shard_->times();
  image_made news{mates_->at(), step, number(), nullptr, times.deliver + times.update + times.gather};
  try {
    news.content = std::make_shared<const runtime::shard_image>(shard_->save());
  } catch (const std::bad_alloc&) {
  }
  send(overseer_, std::move(news));
}

template <class Obey> void vp::vote(Obey&& obey) {
  end_wait();
  voted vote{number(), nullptr, std::nullopt};
  try {
    vote.answer = std::make_shared<runtime::reply>(obey());
  } catch (...) {
    vote.reason = runtime::refusal_of(std::current_exception());
  }
  send(overseer_, std::move(vote));
}

void vp::vote_on(const std::shared_ptr<const runtime::order>& what) {
  vote([&] {
    auto answer = runtime::obey(*shard_, *what);
    if (runtime::is_change(*what)) tried_ = what;
    return answer;
  });
}

void vp::decide(bool keep) {
  const auto what = std::exchange(tried_, nullptr);
  if (what == nullptr) return;  // it refused, so there is nothing to drop
  try {
    keep ? runtime::keep(*shard_, *what) : runtime::drop(*shard_, *what);
  } catch (...) {
    send(overseer_, vp_lost{mates_->at(), number(), runtime::refusal_of(std::current_exception())});
  }
}

}  // namespace volley::actors
