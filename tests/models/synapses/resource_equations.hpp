// The differential equations of Tsodyks, Uziel & Markram (2000), solved in small steps.
#pragma once
#include <cmath>

namespace volley::synapses::tests {

struct resource_equations {
  double U, tau_psc, tau_rec, tau_fac;
  double x = 1, y = 0, u = 0;

  /// Eq. 3, from one spike to the next (Runge & Kutta).
  void wait(double ms) {
    const int steps = 2000;
    const double h = ms / steps;
    struct slope {
      double x, y;
    };
    const auto at = [&](double x0, double y0) { return slope{(1 - x0 - y0) / tau_rec, -y0 / tau_psc}; };
    for (int i = 0; i < steps; ++i) {
      const auto a = at(x, y), b = at(x + h / 2 * a.x, y + h / 2 * a.y), c = at(x + h / 2 * b.x, y + h / 2 * b.y),
                 d = at(x + h * c.x, y + h * c.y);
      x += h / 6 * (a.x + 2 * b.x + 2 * c.x + d.x);
      y += h / 6 * (a.y + 2 * b.y + 2 * c.y + d.y);
    }
    u = tau_fac == 0 ? 0 : u * std::exp(-ms / tau_fac);
  }
  /// Eqs. 3 and 4 at a spike: what becomes active.
  double spike() {
    u += U * (1 - u);
    const double active = u * x;
    x -= active;
    y += active;
    return active;
  }
};

}  // namespace volley::synapses::tests
