#include "runtime/space/mask_reader.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/base/nearest_name.hpp"
#include "runtime/space/number_lists.hpp"

namespace volley::runtime {
namespace {

constexpr std::int64_t most_cells = std::int64_t{1} << 31;
constexpr int deepest = 100;  // masks joined within each other

const std::vector<std::string> mask_types{"rectangular", "circular",  "doughnut",    "elliptical",
                                          "box",         "spherical", "ellipsoidal", "grid"};

/// The specs of one mask, with what messages need.
class specs_reader {
 public:
  specs_reader(const dictionary& specs, std::string what, unknown_keys& unknown)
      : specs_(specs), what_(std::move(what)), unknown_(unknown) {}

  [[noreturn]] void refuse(const std::string& text) const {
    throw api_error(error_kind::BadProperty, what_ + ": " + text);
  }

  double number(const std::string& key, std::optional<double> otherwise = {}) {
    known_.push_back(key);
    const value* v = specs_.find(key);
    if (v == nullptr && otherwise) return *otherwise;
    if (v == nullptr) refuse("'" + key + "' is missing");
    const auto x = number_of(*v);
    if (!x || !std::isfinite(*x)) refuse(key + " = " + to_text(*v) + " must be a finite number");
    return *x;
  }

  double positive(const std::string& key) {
    const double x = number(key);
    if (!(x > 0 && x <= largest_coordinate)) refuse(key + " = " + to_text(value(x)) + " must be > 0");
    return x;
  }

  point corner(const std::string& key, int dimensions) {
    known_.push_back(key);
    const value* v = specs_.find(key);
    if (v == nullptr) refuse("'" + key + "' is missing");
    const auto p = read_point(*v, what_, key);
    if (p.dimensions != dimensions) refuse(key + " must have " + std::to_string(dimensions) + " coordinates");
    return p.at;
  }

  const value* entry(const std::string& key) {
    known_.push_back(key);
    return specs_.find(key);
  }

  void finish() const {
    for (const auto& [key, v] : specs_)
      if (std::ranges::find(known_, key) == known_.end())
        unknown_.add("mask", key, what_ + ": " + unaccessed_entry(key, "this mask", known_));
  }

 private:
  const dictionary& specs_;
  std::string what_;
  unknown_keys& unknown_;
  std::vector<std::string> known_;
};

mask box_of(specs_reader& in, int dimensions) {
  const point low = in.corner("lower_left", dimensions), high = in.corner("upper_right", dimensions);
  for (int axis = 0; axis < dimensions; ++axis)
    if (!(low[axis] < high[axis])) in.refuse("lower_left must lie below and left of upper_right");
  const double azimuth = in.number("azimuth_angle", 0.0);
  return make_box(dimensions, low, high, azimuth, dimensions == 3 ? in.number("polar_angle", 0.0) : 0);
}

mask ball_of(int dimensions, double radius) { return make_ellipsoid(dimensions, {radius, radius, radius}, 0, 0); }

mask ellipsoid_of(specs_reader& in, int dimensions) {
  const double major = in.positive("major_axis"), minor = in.positive("minor_axis");
  if (minor > major)
    in.refuse("minor_axis = " + to_text(value(minor)) + " must be at most major_axis = " + to_text(value(major)));
  const double polar = dimensions == 3 ? in.positive("polar_axis") : 1;
  const double azimuth = in.number("azimuth_angle", 0.0);
  return make_ellipsoid(dimensions, {major / 2, minor / 2, polar / 2}, azimuth,
                        dimensions == 3 ? in.number("polar_angle", 0.0) : 0);
}

mask doughnut_of(specs_reader& in) {
  const double inner = in.positive("inner_radius"), outer = in.positive("outer_radius");
  if (!(inner < outer))
    in.refuse("inner_radius = " + to_text(value(inner)) + " must be below outer_radius = " + to_text(value(outer)));
  return make_joined(mask::form::without, std::make_shared<const mask>(ball_of(2, outer)),
                     std::make_shared<const mask>(ball_of(2, inner)));
}

/// [columns, rows(, planes)], or a dictionary with these keys.
std::vector<std::int64_t> cells_in(const value& v, const specs_reader& in, const std::string& key) {
  std::optional<std::vector<std::int64_t>> numbers = integers_in(v);
  if (const auto* named = v.get_if<dictionary>()) {
    numbers.emplace();
    for (const char* singular : {"column", "row", "plane"}) {
      const value* one = named->find(singular);
      if (one == nullptr) one = named->find(std::string(singular) + "s");
      if (one == nullptr) continue;
      const auto* count = one->get_if<std::int64_t>();
      if (count == nullptr) in.refuse(key + ": " + singular + " = " + to_text(*one) + " must be an integer");
      numbers->push_back(*count);
    }
  }
  if (!numbers) {
    // Whole floats are as good.
    const auto reals = numbers_in(v);
    if (reals && std::ranges::all_of(*reals, [](double x) { return x == std::floor(x) && std::fabs(x) < 0x1p31; }))
      numbers.emplace(reals->begin(), reals->end());
  }
  if (!numbers || numbers->size() < 2 || numbers->size() > 3)
    in.refuse(key + " = " + to_text(v) + " must be 2 or 3 integers");
  for (const auto n : *numbers)
    if (n > most_cells || n < -most_cells) in.refuse(key + " = " + to_text(v) + " is too large");
  return *numbers;
}

mask grid_of(specs_reader& in, const dictionary& specs, const value* anchor) {
  const value* shape = in.entry("shape");
  const auto counts = cells_in(shape != nullptr ? *shape : value(specs), in, "shape");
  if (shape == nullptr)
    for (const char* key : {"columns", "rows", "planes"}) in.entry(key);
  grid_cells cells;
  for (std::size_t axis = 0; axis < counts.size(); ++axis) {
    if (counts[axis] < 1) in.refuse("shape must be positive integers");
    cells.counts[axis] = counts[axis];
  }
  if (anchor != nullptr) {
    const auto at = cells_in(*anchor, in, "anchor");
    if (at.size() != counts.size()) in.refuse("anchor must have " + std::to_string(counts.size()) + " entries");
    std::ranges::copy(at, cells.anchor.begin());
  }
  return make_grid(static_cast<int>(counts.size()), cells);
}

mask plain_mask(const std::string& type, specs_reader& in, const dictionary& specs, const value* anchor) {
  if (type == "rectangular") return box_of(in, 2);
  if (type == "box") return box_of(in, 3);
  if (type == "circular") return ball_of(2, in.positive("radius"));
  if (type == "spherical") return ball_of(3, in.positive("radius"));
  if (type == "doughnut") return doughnut_of(in);
  if (type == "elliptical") return ellipsoid_of(in, 2);
  if (type == "ellipsoidal") return ellipsoid_of(in, 3);
  return grid_of(in, specs, anchor);
}

class mask_tree_reader {
 public:
  mask_tree_reader(const std::string& what, unknown_keys& unknown) : what_(what), unknown_(unknown) {}

  mask_ref read(const value& v, int depth) const {
    const auto* described = v.get_if<dictionary>();
    if (described == nullptr)
      throw api_error(error_kind::TypeError,
                      what_ + ": a mask must be a dict or a Mask, not " + type_name(v) + " " + to_text(v));
    if (depth > deepest) refuse("masks are joined on more than " + std::to_string(deepest) + " levels");
    std::string type;
    const value* specs = nullptr;
    for (const auto& [key, entry] : *described) {
      if (key == "anchor") continue;
      if (specs != nullptr) refuse("a mask has one type, not '" + type + "' and '" + key + "'");
      type = key;
      specs = &entry;
    }
    if (specs == nullptr) refuse("the mask has no type");
    const value* anchor = described->find("anchor");
    if (type == "and" || type == "or" || type == "without") return joined(type, *specs, anchor, depth);
    return plain(type, *specs, anchor);
  }

 private:
  [[noreturn]] void refuse(const std::string& text) const {
    throw api_error(error_kind::BadProperty, what_ + ": " + text);
  }

  mask_ref plain(const std::string& type, const value& v, const value* anchor) const {
    if (std::ranges::find(mask_types, type) == mask_types.end())
      refuse("there is no mask type '" + type + "'" + did_you_mean(type, mask_types));
    const auto* specs = v.get_if<dictionary>();
    if (specs == nullptr) refuse(type + " mask: its specification must be a dict, not " + to_text(v));
    specs_reader in(*specs, what_ + ": " + type + " mask", unknown_);
    if (const value* own = in.entry("anchor"); own != nullptr) anchor = own;
    mask m = plain_mask(type, in, *specs, anchor);
    in.finish();
    return anchored(std::move(m), anchor);
  }

  mask_ref joined(const std::string& type, const value& v, const value* anchor, int depth) const {
    const auto* parts = v.get_if<std::vector<value>>();
    if (parts == nullptr || parts->size() != 2) refuse("'" + type + "' joins a list of two masks");
    const auto first = read((*parts)[0], depth + 1), second = read((*parts)[1], depth + 1);
    if (first->kind == mask::form::grid || second->kind == mask::form::grid)
      throw api_error(error_kind::KernelException, what_ + ": grid masks cannot be joined with others");
    if (first->dimensions != second->dimensions) refuse("masks of different dimensions cannot be joined");
    const auto how = type == "and" ? mask::form::both : type == "or" ? mask::form::either : mask::form::without;
    return anchored(make_joined(how, first, second), anchor);
  }

  mask_ref anchored(mask m, const value* anchor) const {
    if (anchor == nullptr || m.kind == mask::form::grid) return std::make_shared<const mask>(std::move(m));
    const auto at = read_point(*anchor, what_, "anchor");
    if (at.dimensions != m.dimensions) refuse("anchor must have " + std::to_string(m.dimensions) + " coordinates");
    return std::make_shared<const mask>(shifted(std::move(m), at.at));
  }

  const std::string& what_;
  unknown_keys& unknown_;
};

}  // namespace

mask_ref read_mask(const value& v, const std::string& what, unknown_keys& unknown) {
  return mask_tree_reader(what, unknown).read(v, 0);
}

read_point_result read_point(const value& v, const std::string& what, const std::string& key) {
  const auto numbers = numbers_in(v);
  const auto refuse = [&](const std::string& rule) {
    throw api_error(error_kind::BadProperty, what + ": " + key + " = " + to_text(v) + " must be " + rule);
  };
  if (!numbers || numbers->size() < 2 || numbers->size() > 3) refuse("2 or 3 coordinates");
  read_point_result p;
  p.dimensions = static_cast<int>(numbers->size());
  for (int axis = 0; axis < p.dimensions; ++axis) {
    const double x = (*numbers)[static_cast<std::size_t>(axis)];
    if (!(std::fabs(x) <= largest_coordinate)) refuse("finite numbers of at most 1e100");
    p.at[axis] = x;
  }
  return p;
}

}  // namespace volley::runtime
