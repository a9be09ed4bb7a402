// nest.spatial in C++: positions for Create, masks, and the Parameters that read where nodes are.
#pragma once
#include <optional>
#include <vector>

#include "client/cpp/parameter.hpp"
#include "client/cpp/value.hpp"

namespace volley::client::spatial {

using coordinates = std::vector<double>;

/// Nodes in the cells of a grid: columns, rows (and planes), column by column from the top down.
Dictionary grid(const std::vector<std::int64_t>& shape, const std::optional<coordinates>& center = {},
                const std::optional<coordinates>& extent = {}, bool edge_wrap = false);
/// Positions by rows, or a Parameter for each dimension.
Dictionary free(const Matrix& positions, const std::optional<coordinates>& extent = {}, bool edge_wrap = false);
Dictionary free(const std::vector<Parameter>& positions, const std::optional<coordinates>& extent = {},
                bool edge_wrap = false);

/// Masks. Angles in degrees, axes are whole lengths; the kernel tells what is wrong with them.
Dictionary circular(double radius);
Dictionary spherical(double radius);
Dictionary doughnut(double inner_radius, double outer_radius);
Dictionary rectangular(const coordinates& lower_left, const coordinates& upper_right, double azimuth_angle = 0);
Dictionary box(const coordinates& lower_left, const coordinates& upper_right, double azimuth_angle = 0,
               double polar_angle = 0);
Dictionary elliptical(double major_axis, double minor_axis, double azimuth_angle = 0);
Dictionary ellipsoidal(double major_axis, double minor_axis, double polar_axis, double azimuth_angle = 0,
                       double polar_angle = 0);
/// So many columns and rows (and planes) of a layer on a grid.
Dictionary grid_mask(const std::vector<std::int64_t>& shape);
/// The mask with its origin moved; of a grid mask, the cell that lies at the node.
Dictionary anchored(Dictionary mask, const Value& anchor);
Dictionary both(const Dictionary& a, const Dictionary& b);
Dictionary either(const Dictionary& a, const Dictionary& b);
/// What is in `a` and not in `b`.
Dictionary without(const Dictionary& a, const Dictionary& b);

/// Between source and target: 0 the distance itself, 1 to 3 along x, y, z.
Parameter distance(int axis = 0);
/// Coordinate 0 to 2 of a node, and, while nodes are connected, of the ends.
Parameter pos(int dimension);
Parameter source_pos(int dimension);
Parameter target_pos(int dimension);

}  // namespace volley::client::spatial

namespace volley::client::spatial_distributions {

Parameter exponential(const Parameter& x, double beta = 1);
Parameter gaussian(const Parameter& x, double mean = 0, double std = 1);
Parameter gaussian2D(const Parameter& x, const Parameter& y, double mean_x = 0, double mean_y = 0, double std_x = 1,
                     double std_y = 1, double rho = 0);
Parameter gamma(const Parameter& x, double kappa = 1, double theta = 1);
Parameter gabor(const Parameter& x, const Parameter& y, double theta = 0, double gamma = 1, double std = 1,
                double lam = 1, double psi = 0);

}  // namespace volley::client::spatial_distributions
