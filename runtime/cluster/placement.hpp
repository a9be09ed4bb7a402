// Which worker holds which VP.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/cluster/worker.hpp"

namespace volley::runtime::cluster {

/// The worker of each VP.
using placement = std::vector<worker_number>;

/// Who may hold VPs.
struct candidate {
  worker_number number;
  std::uint32_t lanes = 1;
  std::uint64_t memory = 0;  ///< bytes that its part of a network may take
};

/// VPs by turns, in proportion to lanes: with equal ones VP v is held by candidate v mod their count.
/// REQUIRES: candidates, each with a lane.
placement spread(std::uint32_t vps, const std::vector<candidate>& all);

/// Who has the image of each VP.
using image_holders = std::vector<std::vector<worker_number>>;
/// Who keeps the image of a VP beside its own worker, so that what one worker held is spread over all others.
/// REQUIRES: others than `own`.
worker_number buddy(std::uint32_t vp, worker_number own, const std::vector<candidate>& all);
/// VPs stay where they are, or go where their images are; nothing where an image is nowhere.
std::optional<placement> after_loss(placement before, const image_holders& images);

/// With the fewest moves: nobody of `all` has more VPs a lane than it must, and those that are not among them have
/// none. REQUIRES: as spread().
placement evened(placement p, const std::vector<candidate>& all);

/// Those that hold VPs, by number.
std::vector<worker_number> workers_of(const placement& p);
/// The VPs of one of them, by number.
std::vector<std::uint32_t> vps_of(const placement& p, worker_number who);

/// The largest network, in bytes, of which no worker gets more than its memory, each VP holding as much as another.
std::uint64_t room(const placement& p, const std::vector<candidate>& all);

}  // namespace volley::runtime::cluster
