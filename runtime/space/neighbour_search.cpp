#include "runtime/space/neighbour_search.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

/// A box for the search is larger by this part of itself than the mask, so that rounding loses nobody.
constexpr double slack = 1e-9;

bool is_grid(const mask_ref& m) { return m != nullptr && m->kind == mask::form::grid; }

/// True where a mask reaches around a space that wraps, or so nearly that copies of it may meet.
bool reaches_around(double width, double length) { return width >= length * (1 - 1e-6); }

/// True for `x` in [0, count) on a circle of n cells, or on a line.
bool in_cells(std::int64_t x, std::int64_t count, std::int64_t n, bool around) {
  if (around) x = ((x % n) + n) % n;
  return x >= 0 && x < count;
}

}  // namespace

void check_mask(const mask& m, const layer& pool, bool oversized, const std::string& what) {
  const auto refuse = [&](const std::string& text) { throw api_error(error_kind::BadProperty, what + ": " + text); };
  if (m.dimensions != pool.dimensions())
    refuse("a mask of " + std::to_string(m.dimensions) + " dimensions cannot lie over a layer of " +
           std::to_string(pool.dimensions()));
  const bool grid = m.kind == mask::form::grid;
  if (grid && !pool.grid()) refuse("a grid mask needs a layer on a grid");
  if (!pool.within().wraps) return;
  for (int axis = 0; axis < m.dimensions; ++axis) {
    const double length = grid ? static_cast<double>(pool.grid()->counts[axis]) : pool.within().extent[axis];
    const double width = grid ? static_cast<double>(m.cells.counts[axis]) : m.bounds.high[axis] - m.bounds.low[axis];
    if (!oversized && width > length)
      refuse("the mask is wider than the layer, which wraps; allow_oversized_mask permits that");
    const double reach = std::max(std::fabs(m.bounds.low[axis]), std::fabs(m.bounds.high[axis]));
    if (!grid && reach > most_images / 2 * length)
      refuse("the mask reaches over more than " + std::to_string(static_cast<int>(most_images)) +
             " times the layer, which wraps");
  }
}

neighbour_search::neighbour_search(const layer& where, const node_set& nodes, const laid_mask& laid, origin at)
    : where_(where), mask_(laid), at_(at), index_(where, nodes) {
  expects(laid.pool != nullptr && laid.pool->dimensions() == where.dimensions(), "layers have the same dimensions");
  expects(laid.region == nullptr || laid.region->dimensions == where.dimensions(), "a mask fits its layer");
}

point_columns neighbour_search::coordinates() const {
  if (mask_.region == nullptr) return index_.coordinates();
  return {columns_[0], columns_[1], columns_[2]};
}

void neighbour_search::find(const point& from) {
  if (mask_.region == nullptr) return;
  ids_.clear();
  positions_.clear();
  for (auto& column : columns_) column.clear();
  const auto box = box_around(from);
  for (int axis = 0; axis < where_.dimensions(); ++axis) by_axis_[axis] = images_of(axis, box);
  search(from, box, by_axis_);
}

/// A box that holds all that is near, without the copies of a space that wraps.
bounding_box neighbour_search::box_around(const point& from) const {
  const mask& m = *mask_.region;
  const layer& pool = *mask_.pool;
  bounding_box box;
  const auto here = is_grid(mask_.region) ? pool.cell_of(from) : std::array<std::int64_t, 3>{};
  for (int axis = 0; axis < m.dimensions; ++axis) {
    double &low = box.low[axis], &high = box.high[axis];
    if (is_grid(mask_.region)) {
      // Cells from here, in the direction in which they are counted: down for rows.
      const auto first =
          at_ == origin::at_point ? -m.cells.anchor[axis] : m.cells.anchor[axis] - m.cells.counts[axis] + 1;
      const double side = pool.within().extent[axis] / static_cast<double>(pool.grid()->counts[axis]);
      const double begin = static_cast<double>(here[axis] + first) * side;
      const double end = begin + static_cast<double>(m.cells.counts[axis]) * side;
      const double edge = pool.within().low[axis] + (axis == 1 ? pool.within().extent[axis] : 0);
      low = axis == 1 ? edge - end : edge + begin;
      high = axis == 1 ? edge - begin : edge + end;
    } else {
      low = from[axis] + (at_ == origin::at_point ? m.bounds.low[axis] : -m.bounds.high[axis]);
      high = from[axis] + (at_ == origin::at_point ? m.bounds.high[axis] : -m.bounds.low[axis]);
    }
    const double more = slack * (high - low) + 1e-15 * (std::fabs(low) + std::fabs(high));
    low -= more;
    high += more;
  }
  return box;
}

neighbour_search::images neighbour_search::images_of(int axis, const bounding_box& box) const {
  const frame& in = mask_.pool->within();
  if (!in.wraps) return {};
  const double length = in.extent[axis];
  if (reaches_around(box.high[axis] - box.low[axis], length)) return {0, 0, true};
  const double first = std::ceil((index_.bounds().low[axis] - box.high[axis]) / length);
  const double last = std::floor((index_.bounds().high[axis] - box.low[axis]) / length);
  if (!(std::fabs(first) < 0x1p53 && std::fabs(last) < 0x1p53)) return {0, 0, true};
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last), false};
}

void neighbour_search::search(const point& from, const bounding_box& box, const std::array<images, 3>& by_axis) {
  const auto& [x, y, z] = by_axis;
  for (auto k = z.first; k <= z.last; ++k)
    for (auto j = y.first; j <= y.last; ++j)
      for (auto i = x.first; i <= x.last; ++i) {
        image_ = {i, j, k};
        bounding_box there = box;
        point shift{};
        for (int axis = 0; axis < where_.dimensions(); ++axis) {
          shift[axis] = static_cast<double>(image_[axis]) * mask_.pool->within().extent[axis];
          there.low[axis] = by_axis[axis].all ? index_.bounds().low[axis] : box.low[axis] + shift[axis];
          there.high[axis] = by_axis[axis].all ? index_.bounds().high[axis] : box.high[axis] + shift[axis];
        }
        index_.for_each_stretch(there, [&](auto begin, auto end) { take(from, shift, begin, end); });
      }
}

/// Takes those of a stretch that are inside.
void neighbour_search::take(const point& from, const point& shift, std::uint32_t begin, std::uint32_t end) {
  test(from, shift, begin, end);
  const auto all = index_.coordinates();
  const auto before = ids_.size();
  const auto n = end - begin;
  ids_.resize(before + n);
  positions_.resize(before + n);
  std::size_t at = before;
  const auto dimensions = static_cast<std::size_t>(where_.dimensions());
  for (std::size_t axis = 0; axis < dimensions; ++axis) columns_[axis].resize(before + n);
  for (std::uint32_t i = 0; i < n; ++i) {  // without a branch: who is inside is hard to foretell
    ids_[at] = index_.ids()[begin + i];
    positions_[at] = index_.positions()[begin + i];
    for (std::size_t axis = 0; axis < dimensions; ++axis) columns_[axis][at] = all[axis][begin + i];
    at += inside_[i];
  }
  ids_.resize(at);
  positions_.resize(at);
  for (std::size_t axis = 0; axis < dimensions; ++axis) columns_[axis].resize(at);
}

void neighbour_search::test(const point& from, const point& shift, std::uint32_t begin, std::uint32_t end) {
  const auto n = end - begin;
  inside_.resize(n);
  if (is_grid(mask_.region)) return test_cells(from, begin);
  const auto all = index_.coordinates();
  const double sign = at_ == origin::at_point ? 1 : -1;
  for (int axis = 0; axis < where_.dimensions(); ++axis) {
    auto& apart = apart_[static_cast<std::size_t>(axis)];
    apart.resize(n);
    const double* const x = all[static_cast<std::size_t>(axis)].data() + begin;
    const double here = from[axis], there = shift[axis];
    for (std::size_t i = 0; i < n; ++i) apart[i] = sign * ((x[i] - here) - there);
    if (by_axis_[axis].all) wrap_all(mask_.pool->within(), axis, apart);
  }
  if (std::ranges::any_of(by_axis_, &images::all)) return test_images(n);
  mask_.region->contains(point_columns{apart_[0], apart_[1], apart_[2]}, inside_);
}

void neighbour_search::test_cells(const point& from, std::uint32_t begin) {
  const layer& pool = *mask_.pool;
  const auto& cells = mask_.region->cells;
  const auto here = pool.cell_of(from);
  const auto all = index_.coordinates();
  for (std::size_t i = 0; i < inside_.size(); ++i) {
    point p{};
    for (int axis = 0; axis < where_.dimensions(); ++axis) p[axis] = all[static_cast<std::size_t>(axis)][begin + i];
    const auto there = pool.cell_of(p);
    bool in = true;
    for (int axis = 0; axis < where_.dimensions(); ++axis) {
      const auto n = pool.grid()->counts[axis];
      // Rows are counted down, copies of space up.
      const auto copies = axis == 1 ? -image_[axis] : image_[axis];
      const auto away = there[axis] - here[axis] - n * copies;
      const auto steps = (at_ == origin::at_point ? away : -away) + cells.anchor[axis];
      in = in && in_cells(steps, cells.counts[axis], n, by_axis_[axis].all);
    }
    inside_[i] = in;
  }
}

/// Where the mask reaches around: any copy of a displacement may be inside.
void neighbour_search::test_images(std::size_t n) {
  const mask& m = *mask_.region;
  const frame& in = mask_.pool->within();
  std::array<std::int64_t, 3> first{}, last{};
  for (int axis = 0; axis < m.dimensions; ++axis) {
    if (!by_axis_[axis].all) continue;
    const double length = in.extent[axis];
    first[axis] = static_cast<std::int64_t>(std::floor((m.bounds.low[axis] - length / 2) / length));
    last[axis] = static_cast<std::int64_t>(std::ceil((m.bounds.high[axis] + length / 2) / length));
  }
  for (std::size_t i = 0; i < n; ++i) {
    bool found = false;
    for (auto x = first[0]; x <= last[0] && !found; ++x)
      for (auto y = first[1]; y <= last[1] && !found; ++y)
        for (auto z = first[2]; z <= last[2] && !found; ++z) {
          const std::array<std::int64_t, 3> image{x, y, z};
          point p{};
          for (int axis = 0; axis < m.dimensions; ++axis)
            p[axis] = apart_[static_cast<std::size_t>(axis)][i] + static_cast<double>(image[axis]) * in.extent[axis];
          found = m.contains(p);
        }
    inside_[i] = found;
  }
}

}  // namespace volley::runtime
