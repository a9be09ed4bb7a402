#include "runtime/kernel/clock.hpp"

namespace volley::runtime {

step_t max_steps(const network& net) { return time_grid::max_tics / net.settings.time.tics_per_step() - 1; }

std::pair<step_t, step_t> delay_range(const network& net) {
  if (net.settings.min_delay_steps != 0) return {net.settings.min_delay_steps, net.settings.max_delay_steps};
  if (net.extrema.max == 0) return {1, 1};
  return {net.extrema.min, net.extrema.max};
}

delay_limits limits_of_delays(const network& net) { return limits_of_delays(net, net.settings); }

delay_limits limits_of_delays(const network& net, const kernel_settings& settings) {
  if (settings.min_delay_steps != 0) return {settings.min_delay_steps, settings.max_delay_steps};
  if (!net.has_run) return {};
  const auto [low, high] = delay_range(net);
  return {low, high};
}

}  // namespace volley::runtime
