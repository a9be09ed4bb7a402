#include "runtime/space/cell_index.hpp"

#include <cmath>
#include <utility>

#include "models/core/math.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

constexpr double nodes_per_cell = 8;

}  // namespace

cell_index::cell_index(const layer& where, const node_set& nodes) : dimensions_(where.dimensions()) {
  std::vector<std::uint32_t> ids;
  ids.reserve(nodes.size());
  for (const auto& r : nodes.ranges)
    expects(r.first >= where.first() && r.last - where.first() < where.size(), "nodes are some of the layer's");
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) ids.push_back(low_half(id));
  const auto n = ids.size();
  std::array<std::vector<double>, 3> columns;
  for (int axis = 0; axis < dimensions_; ++axis) {
    auto& column = columns[static_cast<std::size_t>(axis)];
    column.resize(n);
    where.coordinates(axis, ids, column);
    if (n == 0) continue;
    const auto [least, most] = std::ranges::minmax(column);
    bounds_.low[axis] = least;
    bounds_.high[axis] = most;
  }
  choose_cells(n);

  std::vector<std::uint32_t> cells(n);
  const auto n_cells = std::size_t{counts_[0]} * counts_[1] * counts_[2];
  starts_.assign(n_cells + 1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    std::array<std::uint32_t, 3> at{};
    for (int axis = 0; axis < dimensions_; ++axis) at[axis] = cell(axis, columns[static_cast<std::size_t>(axis)][i]);
    cells[i] = static_cast<std::uint32_t>((std::size_t{at[2]} * counts_[1] + at[1]) * counts_[0] + at[0]);
    ++starts_[cells[i] + 1];
  }
  for (std::size_t c = 0; c < n_cells; ++c) starts_[c + 1] += starts_[c];
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  ids_.resize(n);
  positions_.resize(n);
  for (int axis = 0; axis < dimensions_; ++axis) columns_[static_cast<std::size_t>(axis)].resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto place = next[cells[i]]++;
    ids_[place] = ids[i];
    positions_[place] = static_cast<std::uint32_t>(i);
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimensions_); ++axis)
      columns_[axis][place] = columns[axis][i];
  }
}

/// Cells that are about as long in each dimension, so many that one holds a few nodes. A dimension in which the nodes
/// hardly differ has one cell.
void cell_index::choose_cells(std::size_t nodes) {
  double cells = std::max(1.0, static_cast<double>(nodes) / nodes_per_cell);
  const auto length = [this](int axis) { return bounds_.high[axis] - bounds_.low[axis]; };
  std::array<bool, 3> chosen{};
  // From the shortest on, each takes its share of what is left: the ratio of its length to the mean one.
  for (int left = dimensions_; left > 0; --left) {
    int axis = -1;
    for (int one = 0; one < dimensions_; ++one)
      if (!chosen[one] && (axis < 0 || length(one) < length(axis))) axis = one;
    chosen[axis] = true;
    double ratios = 1;
    for (int other = 0; other < dimensions_; ++other)
      if (!chosen[other]) ratios *= length(other) / length(axis);
    const double share = length(axis) > 0 ? models::pow(cells / ratios, 1.0 / left) : 0;
    if (share >= 1) counts_[axis] = static_cast<std::uint32_t>(std::min(share, cells));
    cells = std::max(1.0, cells / counts_[axis]);
    if (length(axis) > 0) per_length_[axis] = counts_[axis] / length(axis);
    if (!std::isfinite(per_length_[axis])) per_length_[axis] = 0;
  }
}

}  // namespace volley::runtime
