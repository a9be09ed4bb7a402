// Nodes of a layer by place: a uniform grid of cells, so that those in a box are found without a look at the others.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/space/layer.hpp"
#include "runtime/space/mask.hpp"

namespace volley::runtime {

class cell_index {
 public:
  /// REQUIRES: `nodes` are nodes of the layer.
  cell_index(const layer& where, const node_set& nodes);

  std::size_t size() const { return ids_.size(); }
  /// All of them, in the order of cells: ids, positions in the set, coordinates.
  std::span<const std::uint32_t> ids() const { return ids_; }
  std::span<const std::uint32_t> positions() const { return positions_; }
  point_columns coordinates() const { return {columns_[0], columns_[1], columns_[2]}; }
  /// The smallest box that holds them.
  const bounding_box& bounds() const { return bounds_; }

  /// Calls visit(begin, end) for stretches that hold all nodes of the box, and some around it.
  template <class Visit> void for_each_stretch(const bounding_box& box, Visit&& visit) const {
    std::array<std::uint32_t, 3> low{}, high{};
    for (int axis = 0; axis < dimensions_; ++axis) {
      if (box.high[axis] < bounds_.low[axis] || box.low[axis] > bounds_.high[axis]) return;
      low[axis] = cell(axis, box.low[axis]);
      high[axis] = cell(axis, box.high[axis]);
    }
    for (auto z = low[2]; z <= high[2]; ++z)
      for (auto y = low[1]; y <= high[1]; ++y) {
        const auto row = (std::size_t{z} * counts_[1] + y) * counts_[0];
        const auto begin = starts_[row + low[0]], end = starts_[row + high[0] + 1];
        if (begin != end) visit(begin, end);
      }
  }

 private:
  /// Never falls where the coordinate grows.
  std::uint32_t cell(int axis, double coordinate) const {
    const double place = (coordinate - bounds_.low[axis]) * per_length_[axis];
    return static_cast<std::uint32_t>(std::clamp(place, 0.0, static_cast<double>(counts_[axis] - 1)));
  }
  void choose_cells(std::size_t nodes);

  int dimensions_;
  bounding_box bounds_;
  std::array<std::uint32_t, 3> counts_ = {1, 1, 1};
  point per_length_ = {};
  std::vector<std::uint32_t> starts_;  ///< by cell: its first node; one more at the end
  std::vector<std::uint32_t> ids_, positions_;
  std::array<std::vector<double>, 3> columns_;
};

}  // namespace volley::runtime
