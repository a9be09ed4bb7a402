// A worker's side of a cluster: does what its supervisor says, in the order of the numbers, and drops what is of
// another placement. A machine like coordinator.hpp: what happens comes in, what is to be done comes out.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/cluster/message.hpp"

namespace volley::runtime::cluster {

class member {
 public:
  // ---- what is to be done, in this order

  /// Empty shards for these VPs instead of those before, and links to the others that hold some; linked() follows.
  struct make {
    fence at;
    std::vector<std::uint32_t> vps;
    told::place what;
  };
  /// All VPs vote on this.
  struct obey {
    std::shared_ptr<const order> what;
  };
  struct decide {
    bool keep = false;
  };
  struct run {
    told::run what;
  };
  /// All VPs go on from these, in their order, and vote.
  struct load {
    std::vector<image> images;
  };
  /// Another worker keeps this image, too; it has image_arrived(), or there is images_lost() here.
  struct bring {
    told::place::peer to;
    parcel what;
  };
  struct ask {
    request what;
  };
  struct abandon {};
  /// These modules and no others; the supervisor is told whether that is so.
  struct have_modules {
    fence at;
    bool is_over = false;  ///< nobody needs the shards any more, which would keep the modules of before
    told::modules what;
  };
  /// Tell the supervisor.
  struct say {
    report_message what;
  };
  /// The worker is done.
  struct leave {
    std::string why;
  };
  using effect = std::variant<make, obey, decide, run, load, bring, ask, abandon, have_modules, say, leave>;
  using effects = std::vector<effect>;

  explicit member(worker_number me) : me_(me) {}

  // ---- what happens

  effects take(order_message&& m);
  /// A VP of this worker votes.
  effects vote(said::votes::vote&& one);
  // Late news of another placement is dropped.

  /// A VP could not carry out what was decided.
  effects fail(fence at, std::uint32_t vp, const refusal& why);
  /// The links stand.
  effects linked(fence at);
  effects link_lost(fence at, worker_number peer, const std::string& why);
  /// A VP of this worker has made its image before this step of the run. Null: there was no room for it. `computed`:
  /// see said::copy.
  effects copied(fence at, step_t step, std::uint32_t vp, image made, double computed);
  /// Another worker has brought this.
  effects image_arrived(fence at, parcel&& what);
  effects images_lost(fence at, worker_number peer);
  /// All VPs of this worker rest.
  effects rest(stop_reason why, step_t now, std::uint64_t spikes, std::optional<said::vp_failed> failure,
               const update_times& updates = {});
  /// Now and then while a run is on.
  effects tell_progress(const said::beat& news) { return say_it(news); }

  const fence& here() const { return here_; }
  std::uint64_t stale() const { return stale_; }
  bool has_image(const cut_name& of, std::uint32_t vp) const { return image_of(of, vp) != nullptr; }

 private:
  /// Null: it is not here.
  image image_of(const cut_name& cut, std::uint32_t vp) const;
  /// A list in braces would copy it: images, replies.
  static effects only(effect one) {
    effects all;
    all.push_back(std::move(one));
    return all;
  }
  effects say_it(said::content what) const { return only(say{{here_, std::move(what)}}); }
  effects out_of_turn(const char* what, std::uint64_t number) const;
  bool is_next(std::uint64_t number) const;
  void await_votes();

  effects take(fence at, told::place&& what);
  effects take(told::obey&& what);
  effects take(told::decide&& what);
  effects take(told::run&& what);
  effects take(told::ask&& what);
  effects take(told::abandon&& what);
  effects take(told::commit&& what);
  effects take(told::give&& what);
  effects take(told::load&& what);

  const worker_number me_;
  fence here_;
  std::vector<std::uint32_t> vps_;
  std::uint64_t number_ = 0;                             // of the last order or run
  std::uint64_t undecided_ = 0;                          // the change that was tried; 0: none
  std::vector<std::optional<said::votes::vote>> votes_;  // in the order of vps_
  std::size_t votes_missing_ = 0;
  bool runs_ = false, is_linked_ = false;
  std::map<cut_name, std::map<std::uint32_t, image>> images_;  // by VP
  std::uint64_t stale_ = 0;
};

}  // namespace volley::runtime::cluster
