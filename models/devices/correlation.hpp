// What correlation detectors share: bins of time lags, and when spikes count.
#pragma once
#include <cmath>
#include <string>

#include "models/core/detector.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct correlation : models::activity {
  double delta_tau = 0.5, tau_max = 5;
  double Tstart = 0, Tstop = std::numeric_limits<double>::max();
};

/// Without those of activity.
template <class P> constexpr auto correlation_fields = models::join<P>(
    models::activity_fields<P>, std::array<models::device_field<P>, 4>{{
                                    {"delta_tau", &P::delta_tau, "ms", "width of a bin of lags"},
                                    {"tau_max", &P::tau_max, "ms", "longest lag, a multiple of delta_tau"},
                                    {"Tstart", &P::Tstart, "ms", "first time of spikes that count"},
                                    {"Tstop", &P::Tstop, "ms", "last time of spikes that count"},
                                }});

/// As many steps, and the step at which the time begins and ends.
struct correlation_steps {
  models::step_t bin = 1, reach = 0, first = 0, last = 0;
  std::uint32_t channels = 2;

  bool counts(models::step_t stamp) const { return first <= stamp && stamp <= last; }
  models::step_t lags() const { return reach / bin; }  ///< above 0
  bool has_shape_of(const correlation_steps& other) const {
    return bin == other.bin && reach == other.reach && channels == other.channels;
  }
};

inline correlation_steps steps_of(const correlation& p, std::int64_t channels, const models::time_grid& time) {
  return {std::max<models::step_t>(1, time.nearest_steps(p.delta_tau)),
          std::max<models::step_t>(0, time.nearest_steps(p.tau_max)), time.steps_up(p.Tstart), time.steps_down(p.Tstop),
          static_cast<std::uint32_t>(channels)};
}

/// Lags above 0, before anybody has checked that they can be counted.
inline double lags_of(const correlation& p) { return std::floor(p.tau_max / p.delta_tau + 0.5); }

inline void check_correlation(const models::setting& s, correlation& p) {
  const auto& time = s.time();
  s.put_on_grid("delta_tau", p.delta_tau, models::steps::from_1, models::refusal::StepMultipleRequired);
  if (!time.reaches(p.tau_max) || p.tau_max < 0 || time.tics(p.tau_max) % time.tics(p.delta_tau) != 0)
    s.refuse("tau_max", p.tau_max, "ms must be 0 or a positive multiple of delta_tau, " + s.text(p.delta_tau) + " ms",
             models::refusal::TimeMultipleRequired);
  p.tau_max = time.to_ms(time.nearest_steps(p.tau_max));
  for (double* ms : {&p.Tstart, &p.Tstop})
    if (!time.reaches(*ms)) *ms = std::copysign(std::numeric_limits<double>::max(), *ms);
}

/// Bins lie evenly around a lag of whole steps.
inline void check_odd_bins(const models::setting& s, const correlation& p) {
  if (s.time().nearest_steps(p.delta_tau) % 2 == 0)
    s.refuse("delta_tau", p.delta_tau,
             "ms must be an odd multiple of the resolution, " + s.text(s.time().resolution_ms()) + " ms");
}

inline constexpr double most_numbers = 0x1p31;  // of a detector

inline void check_number_of_results(const models::setting& s, const correlation& p, double numbers) {
  if (!(numbers <= most_numbers))
    s.refuse("tau_max = " + s.text(p.tau_max) + " ms in bins of " + s.text(p.delta_tau) + " ms makes " +
             s.text(numbers) + " numbers; a detector has at most 2^31");
}

inline void check_channels(const models::setting& s, std::int64_t n) {
  if (n < 1) s.refuse("N_channels", std::to_string(n), "must be at least 1");
}

/// Bins of `width` steps. The longest lag stays where it is a multiple of them, and has ten elsewhere.
inline void follow_grid_of_bins(correlation& p, int width, const models::time_grid& time) {
  p.delta_tau = time.to_ms(width);
  if (time.tics(p.tau_max) % time.tics(p.delta_tau) != 0) p.tau_max = time.to_ms(10 * width);
}

}  // namespace volley::devices
