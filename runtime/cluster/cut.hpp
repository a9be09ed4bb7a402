// A cut on its way to be one that a network can go back to: who has the images of its VPs.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/cluster/image.hpp"
#include "runtime/cluster/placement.hpp"

namespace volley::runtime::cluster {

class cut {
 public:
  /// `mark`: where its run stands in the order log. `copies`: of each image, until the cut is safe.
  cut(std::uint64_t mark, std::uint32_t vps, std::size_t copies = 2) : mark_(mark), copies_(copies), holders_(vps) {}

  /// This worker has the image of the VP, the VP's own worker first. False where that was known, or is of an earlier
  /// cut. The first image names the cut; those of a later one take its place.
  bool count(const cut_name& name, std::uint32_t vp, worker_number who);
  void lose(worker_number who);

  /// Some VP has made its image.
  bool is_made() const { return name_.has_value(); }
  /// Each image has its copies.
  bool is_safe() const;
  /// REQUIRES: is_made().
  const cut_name& name() const { return *name_; }
  std::uint64_t mark() const { return mark_; }
  /// By VP.
  const image_holders& holders() const { return holders_; }

 private:
  std::uint64_t mark_;
  std::size_t copies_;
  std::optional<cut_name> name_;
  image_holders holders_;
};

}  // namespace volley::runtime::cluster
