// Who lies in a mask: the nodes near one point after another.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/space/cell_index.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/space/mask.hpp"

namespace volley::runtime {

/// How a mask lies: its origin at one node, over the layer of the others, which says whether space wraps.
struct laid_mask {
  mask_ref region;  ///< null: everything
  layer_ref pool;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(region, pool);
    if constexpr (Snapshot::loads)
      if (pool == nullptr || (region != nullptr && region->dimensions != pool->dimensions())) s.refuse();
  }
};

/// More images of a wrapping layer than this a mask may not reach over.
inline constexpr double most_images = 64;

/// Errors: BadProperty for a mask of other dimensions than the layer, for a grid over free positions, and, unless
/// `oversized`, for one that is wider than a layer that wraps. `what` begins messages.
void check_mask(const mask& m, const layer& pool, bool oversized, const std::string& what);

class neighbour_search {
 public:
  /// Which end the mask's origin is at: the point that is searched from, or each node that may be found.
  enum class origin { at_point, at_found };

  /// Among `nodes` of `where`. What is kept by reference must outlive this. REQUIRES: check_mask() passed.
  neighbour_search(const layer& where, const node_set& nodes, const laid_mask& mask, origin at);

  /// Finds the nodes for a point. Their order follows from nodes, mask and point alone.
  void find(const point& from);

  /// What was found: ids, positions in the set, coordinates.
  std::size_t size() const { return ids().size(); }
  std::span<const std::uint32_t> ids() const { return mask_.region == nullptr ? index_.ids() : ids_; }
  std::span<const std::uint32_t> positions() const { return mask_.region == nullptr ? index_.positions() : positions_; }
  point_columns coordinates() const;

 private:
  /// Copies of the mask along one axis of a space that wraps.
  struct images {
    std::int64_t first = 0, last = 0;
    bool all = false;  ///< it reaches around: every node is near in this dimension, and may be so by several images
  };

  bounding_box box_around(const point& from) const;
  images images_of(int axis, const bounding_box& box) const;
  void search(const point& from, const bounding_box& box, const std::array<images, 3>& by_axis);
  void take(const point& from, const point& shift, std::uint32_t begin, std::uint32_t end);
  void test(const point& from, const point& shift, std::uint32_t begin, std::uint32_t end);
  void test_cells(const point& from, std::uint32_t begin);
  void test_images(std::size_t n);

  const layer& where_;
  const laid_mask& mask_;
  origin at_;
  cell_index index_;
  std::array<images, 3> by_axis_;
  std::array<std::int64_t, 3> image_ = {};  ///< that is searched
  std::array<std::vector<double>, 3> apart_, columns_;
  std::vector<std::uint8_t> inside_;
  std::vector<std::uint32_t> ids_, positions_;
};

}  // namespace volley::runtime
