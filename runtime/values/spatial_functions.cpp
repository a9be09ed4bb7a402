#include "runtime/values/spatial_functions.hpp"

#include <limits>

#include "models/core/math.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::runtime {
namespace {

constexpr double pi = 3.14159265358979323846;

double bell(double squares) { return models::precise_exp(-0.5 * squares); }

double gamma_density(double x, double kappa, double theta, double log_gamma_of_kappa) {
  const double ratio = x / theta;
  if (kappa == 1) return models::precise_exp(-ratio) / theta;
  if (ratio == 0) return kappa > 1 ? 0.0 : std::numeric_limits<double>::infinity();
  return models::precise_exp((kappa - 1) * models::log(ratio) - ratio - log_gamma_of_kappa) / theta;
}

double gabor(const std::array<double, 6>& n, double x, double y) {
  const auto [cosine, sine, gamma, std, lam, psi] = n;
  const double along = x * cosine + y * sine, across = y * cosine - x * sine;
  const double wave = models::cos(2 * pi * (across / lam) + psi);
  if (!(wave > 0)) return wave == wave ? 0.0 : wave;
  const double u = gamma * along / std, v = across / std;
  return wave * bell(u * u + v * v);
}

}  // namespace

// Lanczos' approximation with g = 7 and nine coefficients (Godfrey's), which is good to 15 digits.
double log_gamma(double x) {
  constexpr double coefficients[] = {676.5203681218851,     -1259.1392167224028,  771.32342877765313,
                                     -176.61502916214059,   12.507343278686905,   -0.13857109526572012,
                                     9.9843695780195716e-6, 1.5056327351493116e-7};
  if (x < 0.5) return models::log(pi / models::sin(pi * x)) - log_gamma(1 - x);
  double sum = 0.99999999999980993;
  for (int i = 0; i < 8; ++i) sum += coefficients[i] / (x + i);
  const double t = x + 6.5;
  return 0.91893853320467274178 + (x - 0.5) * models::log(t) - t + models::log(sum);
}

spatial_function spatial_function_of(const term& t) {
  spatial_function f{t.what, {}};
  for (std::size_t i = 0; i < t.numbers.size() && i < f.numbers.size(); ++i) f.numbers[i] = t.numbers[i];
  if (t.what == operation::gamma) f.numbers[2] = log_gamma(f.numbers[0]);
  if (t.what == operation::gabor) {
    const double theta = t.numbers[0] * (pi / 180), psi = t.numbers[4] * (pi / 180);
    f.numbers = {models::cos(theta), models::sin(theta), t.numbers[1], t.numbers[2], t.numbers[3], psi};
  }
  return f;
}

double spatial_function::operator()(double x) const {
  if (what == operation::gamma) return gamma_density(x, numbers[0], numbers[1], numbers[2]);
  if (what == operation::exp_distribution) return models::precise_exp(-x / numbers[0]);
  const double ratio = (x - numbers[0]) / numbers[1];
  return bell(ratio * ratio);
}

double spatial_function::operator()(double x, double y) const {
  if (what == operation::gabor) return gabor(numbers, x, y);
  const auto [mean_x, mean_y, std_x, std_y, rho, unused] = numbers;
  const double u = (x - mean_x) / std_x, v = (y - mean_y) / std_y;
  return bell((u * u + v * v - 2 * rho * u * v) / (1 - rho * rho));
}

}  // namespace volley::runtime
