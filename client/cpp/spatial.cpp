#include "client/cpp/spatial.hpp"

#include <utility>

namespace volley::client {
namespace spatial {
namespace {

Value numbers(const coordinates& of) { return Column<double>(of); }

Dictionary mask(const char* type, Dictionary specs) { return {{type, Value(std::move(specs))}}; }

Dictionary joined(const char* how, const Dictionary& a, const Dictionary& b) {
  return {{how, std::vector<Value>{Value(a), Value(b)}}};
}

Dictionary with_frame(Dictionary positions, const std::optional<coordinates>& extent, bool edge_wrap) {
  if (extent) positions["extent"] = numbers(*extent);
  positions["edge_wrap"] = edge_wrap;
  return positions;
}

Parameter position(int dimension, int endpoint) {
  return Parameter({{operation::position, {}, {static_cast<double>(dimension), static_cast<double>(endpoint)}}});
}

}  // namespace

Dictionary grid(const std::vector<std::int64_t>& shape, const std::optional<coordinates>& center,
                const std::optional<coordinates>& extent, bool edge_wrap) {
  Dictionary positions{{"shape", Column<std::int64_t>(shape)}};
  if (center) positions["center"] = numbers(*center);
  return with_frame(std::move(positions), extent, edge_wrap);
}

Dictionary free(const Matrix& positions, const std::optional<coordinates>& extent, bool edge_wrap) {
  return with_frame({{"positions", positions}}, extent, edge_wrap);
}

Dictionary free(const std::vector<Parameter>& positions, const std::optional<coordinates>& extent, bool edge_wrap) {
  return with_frame({{"positions", std::vector<Value>(positions.begin(), positions.end())}}, extent, edge_wrap);
}

Dictionary circular(double radius) { return mask("circular", {{"radius", radius}}); }
Dictionary spherical(double radius) { return mask("spherical", {{"radius", radius}}); }
Dictionary doughnut(double inner_radius, double outer_radius) {
  return mask("doughnut", {{"inner_radius", inner_radius}, {"outer_radius", outer_radius}});
}

Dictionary rectangular(const coordinates& lower_left, const coordinates& upper_right, double azimuth_angle) {
  return mask(
      "rectangular",
      {{"lower_left", numbers(lower_left)}, {"upper_right", numbers(upper_right)}, {"azimuth_angle", azimuth_angle}});
}

Dictionary box(const coordinates& lower_left, const coordinates& upper_right, double azimuth_angle,
               double polar_angle) {
  return mask("box", {{"lower_left", numbers(lower_left)},
                      {"upper_right", numbers(upper_right)},
                      {"azimuth_angle", azimuth_angle},
                      {"polar_angle", polar_angle}});
}

Dictionary elliptical(double major_axis, double minor_axis, double azimuth_angle) {
  return mask("elliptical", {{"major_axis", major_axis}, {"minor_axis", minor_axis}, {"azimuth_angle", azimuth_angle}});
}

Dictionary ellipsoidal(double major_axis, double minor_axis, double polar_axis, double azimuth_angle,
                       double polar_angle) {
  return mask("ellipsoidal", {{"major_axis", major_axis},
                              {"minor_axis", minor_axis},
                              {"polar_axis", polar_axis},
                              {"azimuth_angle", azimuth_angle},
                              {"polar_angle", polar_angle}});
}

Dictionary grid_mask(const std::vector<std::int64_t>& shape) {
  return mask("grid", {{"shape", Column<std::int64_t>(shape)}});
}

Dictionary anchored(Dictionary of, const Value& anchor) {
  of["anchor"] = anchor;
  return of;
}

Dictionary both(const Dictionary& a, const Dictionary& b) { return joined("and", a, b); }
Dictionary either(const Dictionary& a, const Dictionary& b) { return joined("or", a, b); }
Dictionary without(const Dictionary& a, const Dictionary& b) { return joined("without", a, b); }

Parameter distance(int axis) { return Parameter({{operation::distance, {}, {static_cast<double>(axis)}}}); }
Parameter pos(int dimension) { return position(dimension, 0); }
Parameter source_pos(int dimension) { return position(dimension, 1); }
Parameter target_pos(int dimension) { return position(dimension, 2); }

}  // namespace spatial

namespace spatial_distributions {

Parameter exponential(const Parameter& x, double beta) {
  return Parameter::join(operation::exp_distribution, {x}, {beta});
}
Parameter gaussian(const Parameter& x, double mean, double std) {
  return Parameter::join(operation::gaussian, {x}, {mean, std});
}
Parameter gaussian2D(const Parameter& x, const Parameter& y, double mean_x, double mean_y, double std_x, double std_y,
                     double rho) {
  return Parameter::join(operation::gaussian2d, {x, y}, {mean_x, mean_y, std_x, std_y, rho});
}
Parameter gamma(const Parameter& x, double kappa, double theta) {
  return Parameter::join(operation::gamma, {x}, {kappa, theta});
}
Parameter gabor(const Parameter& x, const Parameter& y, double theta, double gamma, double std, double lam,
                double psi) {
  return Parameter::join(operation::gabor, {x, y}, {theta, gamma, std, lam, psi});
}

}  // namespace spatial_distributions
}  // namespace volley::client
