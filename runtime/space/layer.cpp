#include "runtime/space/layer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// Places that no parameter of a node takes: an even one first.
constexpr std::uint32_t first_place_of_positions = draw_site::places - 4;

constexpr std::size_t at_once = 1024;

}  // namespace

layer_ref layer::on_grid(std::uint64_t first, const grid_shape& shape, const frame& within) {
  expects(std::ranges::all_of(shape.counts, [](auto n) { return n > 0; }), "a grid has columns, rows and planes");
  layer made;
  made.first_ = first;
  made.size_ = shape.size();
  made.frame_ = within;
  made.grid_ = shape;
  return layer_ref(new layer(std::move(made)));
}

layer_ref layer::at_points(std::uint64_t first, std::array<std::vector<double>, 3> columns, const frame& within) {
  layer made;
  made.first_ = first;
  made.size_ = columns[0].size();
  made.frame_ = within;
  made.columns_ = std::move(columns);
  made.expect_columns();
  return layer_ref(new layer(std::move(made)));
}

void layer::expect_columns() const {
  for (int axis = 0; axis < dimensions(); ++axis)
    expects(columns_[static_cast<std::size_t>(axis)].size() == size_, "each node has a coordinate in each dimension");
}

const std::array<std::vector<double>, 3>& layer::columns() const {
  if (undrawn_ != nullptr) std::call_once(*undrawn_, [this] { columns_ = draw(first_, size_, *drawn_); });
  return columns_;
}

layer_ref layer::drawn(std::uint64_t first, drawn_positions how, std::array<std::vector<double>, 3> columns,
                       const frame& within) {
  layer made;
  made.first_ = first;
  made.size_ = columns[0].size();
  made.frame_ = within;
  made.columns_ = std::move(columns);
  made.drawn_ = std::move(how);
  made.expect_columns();
  return layer_ref(new layer(std::move(made)));
}

std::array<std::vector<double>, 3> layer::draw(std::uint64_t first, std::uint64_t n, const drawn_positions& how) {
  std::array<std::vector<double>, 3> columns;
  std::vector<std::uint32_t> low(std::min<std::uint64_t>(n, at_once)), high(low.size());
  const std::uint32_t none = 0;
  for (std::size_t axis = 0; axis < how.coordinates.size(); ++axis) {
    const auto site = node_site(how.draws, first, first_place_of_positions + static_cast<std::uint32_t>(axis));
    columns[axis].resize(n);
    for (std::uint64_t begin = 0; begin < n; begin += at_once) {
      const auto count = std::min<std::uint64_t>(n - begin, at_once);
      for (std::uint64_t i = 0; i < count; ++i) {
        low[i] = low_half(first + begin + i);
        high[i] = high_half(first + begin + i);
      }
      const draw_sites sites{
          site.key, {std::span(low).first(count), std::span(high).first(count), std::span(&none, 1)}, site.place};
      how.coordinates[axis]->evaluate(sites, std::span(columns[axis]).subspan(begin, count));
    }
  }
  return columns;
}

double layer::grid_coordinate(int axis, std::uint64_t index) const {
  const auto& n = grid_->counts;
  const auto rows = static_cast<std::uint64_t>(n[1]), planes = static_cast<std::uint64_t>(n[2]);
  const auto at = axis == 0 ? index / (rows * planes) : axis == 1 ? index / planes % rows : index % planes;
  const double side = frame_.extent[axis] / static_cast<double>(n[axis]);
  const double along = side * static_cast<double>(at) + side * 0.5;
  return axis == 1 ? frame_.low[1] + frame_.extent[1] - along : frame_.low[axis] + along;
}

point layer::operator[](std::uint64_t index) const {
  expects(index < size_, "a node is one of its layer");
  point p{};
  for (int axis = 0; axis < dimensions(); ++axis)
    p[axis] = grid_ ? grid_coordinate(axis, index) : columns()[axis][index];
  return p;
}

void layer::coordinates(int axis, std::span<const std::uint32_t> ids, std::span<double> out) const {
  if (grid_) {
    for (std::size_t i = 0; i < ids.size(); ++i) out[i] = grid_coordinate(axis, ids[i] - first_);
    return;
  }
  const double* const column = columns()[static_cast<std::size_t>(axis)].data();
  for (std::size_t i = 0; i < ids.size(); ++i) out[i] = column[ids[i] - first_];
}

std::array<std::int64_t, 3> layer::cell_of(const point& at) const {
  std::array<std::int64_t, 3> cell{};
  for (int axis = 0; axis < dimensions(); ++axis) {
    const double along = axis == 1 ? frame_.low[1] + frame_.extent[1] - at[1] : at[axis] - frame_.low[axis];
    const double place = std::floor(along / frame_.extent[axis] * static_cast<double>(grid_->counts[axis]));
    cell[axis] = static_cast<std::int64_t>(std::fmax(-0x1p40, std::fmin(place, 0x1p40)));
  }
  return cell;
}

std::uint64_t layer::bytes() const {
  std::uint64_t numbers = 0;
  for (const auto& column : columns_) numbers += column.capacity();
  return sizeof(layer) + numbers * sizeof(double);
}

void layer::save(snapshot_writer& s) const {
  s(first_, size_, frame_, grid_, drawn_);
  if (!grid_ && !drawn_) s(columns_[0], columns_[1], columns_[2]);
}

layer_ref layer::load(snapshot_reader& s) {
  layer made;
  s(made.first_, made.size_, made.frame_, made.grid_, made.drawn_);
  const auto dimensions = static_cast<std::size_t>(made.frame_.dimensions);
  if (made.grid_) {
    constexpr std::int64_t most = std::int64_t{1} << 32;
    std::int64_t left = most;
    for (const auto count : made.grid_->counts) {
      if (count < 1 || count > left) s.refuse();
      left /= count;
    }
    if (made.grid_->size() != made.size_) s.refuse();
  } else if (made.drawn_) {
    if (made.drawn_->coordinates.size() != dimensions || made.size_ >> 32 != 0) s.refuse();
    for (const auto& p : made.drawn_->coordinates)
      if (p == nullptr) s.refuse();
    made.undrawn_ = std::make_unique<std::once_flag>();
  } else {
    s(made.columns_[0], made.columns_[1], made.columns_[2]);
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (made.columns_[axis].size() != (axis < dimensions ? made.size_ : 0)) s.refuse();
  }
  return layer_ref(new layer(std::move(made)));
}

}  // namespace volley::runtime
