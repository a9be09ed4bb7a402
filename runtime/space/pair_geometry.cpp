#include "runtime/space/pair_geometry.hpp"

#include <cmath>

namespace volley::runtime {

const site_geometry* node_geometry::of(std::span<const std::uint32_t> ids) {
  if (where_ == nullptr) return nullptr;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(where_->dimensions()); ++axis) {
    columns_[axis].resize(ids.size());
    where_->coordinates(static_cast<int>(axis), ids, columns_[axis]);
    geometry_.node[axis] = columns_[axis];
  }
  return &geometry_;
}

const site_geometry& pair_geometry::between(const point& one, const point_columns& many, std::size_t n,
                                            bool many_are_targets) {
  one_ = one;
  geometry_ = {};
  geometry_.of_pairs = true;
  const auto dimensions = static_cast<std::size_t>(frame_.dimensions);
  for (std::size_t axis = 0; axis < dimensions; ++axis) {
    const std::span<const double> alone(&one_[axis], 1);
    const auto others = many[axis].first(n);
    geometry_.source[axis] = many_are_targets ? alone : others;
    geometry_.target[axis] = many_are_targets ? others : alone;
    if (!reads_.distance && reads_.apart == 0) continue;
    auto& apart = apart_[axis];
    apart.resize(n);
    for (std::size_t i = 0; i < n; ++i) apart[i] = others[i] - one[axis];
    wrap_all(frame_, static_cast<int>(axis), apart);
  }
  if (reads_.distance) {
    distances_.resize(n);
    lengths(frame_.dimensions, {apart_[0], apart_[1], apart_[2]}, distances_);
    geometry_.distance = distances_;
  }
  for (std::size_t axis = 0; axis < dimensions && reads_.apart != 0; ++axis) {
    for (double& d : apart_[axis]) d = std::fabs(d);
    geometry_.apart[axis] = apart_[axis];
  }
  return geometry_;
}

const site_geometry& connection_geometry::between(std::span<const std::uint32_t> sources,
                                                  std::span<const std::uint32_t> targets) {
  const bool many_are_targets = sources.size() == 1;
  const auto& many = many_are_targets ? targets : sources;
  const layer &of_many = many_are_targets ? targets_ : sources_, &of_one = many_are_targets ? sources_ : targets_;
  for (int axis = 0; axis < of_many.dimensions(); ++axis) {
    auto& column = columns_[static_cast<std::size_t>(axis)];
    column.resize(many.size());
    of_many.coordinates(axis, many, column);
  }
  const auto one = many_are_targets ? sources[0] : targets[0];
  return geometry_.between(of_one[one - of_one.first()], {columns_[0], columns_[1], columns_[2]}, many.size(),
                           many_are_targets);
}

}  // namespace volley::runtime
