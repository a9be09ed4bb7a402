// Cross-correlation of the spikes on two receptors, as a histogram of the lags of all pairs. Delays of connections do
// not matter.
//
//   histogram[b] = sum of w_0 w_1 over pairs of spikes at t_0 (receptor 0) and t_1 (receptor 1) whose lag t_1 - t_0 is
//   in
//                  [-tau_max + (b - 1/2) delta_tau, -tau_max + (b + 1/2) delta_tau), summed by Kahan's method
//   a pair counts where its later spike is in [Tstart, Tstop]
#pragma once
#include "models/devices/correlation.hpp"

namespace volley::devices {

struct correlation_detector {
  struct params : correlation {};
  using in_steps = correlation_steps;
  struct state {
    std::vector<double> histogram, correction, counts;  // by bin
    std::array<std::int64_t, 2> n_events{};
    std::array<models::recent_spikes, 2> recent;  // by receptor
    template <class Snapshot> void snapshot(Snapshot& s) {
      s(histogram, correction, counts, n_events, recent[0], recent[1]);
    }
  };

  static constexpr std::string_view name = "correlation_detector";
  static constexpr std::string_view meaning = "cross-correlation of the spikes on receptors 0 and 1";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::results;
  static constexpr auto cleared_by = models::cleared_by::zeros;
  static constexpr auto fields = correlation_fields<params>;
  static constexpr std::array<models::result_row, 4> results{{
      {"histogram", "", "by lag, sums of the weights of pairs"},
      {"histogram_correction", "", "what rounding has taken from these sums"},
      {"count_histogram", "", "by lag, numbers of pairs"},
      {"n_events", "", "by receptor, spikes that counted"},
  }};

  static void check(const models::setting& s, params& p) {
    check_correlation(s, p);
    check_number_of_results(s, p, numbers(p));
  }
  static void follow_grid(params& p, const models::time_grid& time) { follow_grid_of_bins(p, 5, time); }
  static in_steps calibrate(const params& p, const models::time_grid& time) { return steps_of(p, 2, time); }
  static std::int64_t receptors(const params&) { return 2; }
  static double numbers(const params& p) { return 3 * (2 * lags_of(p) + 1); }

  static state begin(const in_steps& d) {
    const std::vector<double> zeros(static_cast<std::size_t>(2 * d.lags() + 1));
    return {zeros, zeros, zeros, {}, {}};
  }
  static bool fits(const in_steps& d, const state& s) {
    const auto bins = static_cast<std::size_t>(2 * d.lags() + 1);
    return s.histogram.size() == bins && s.correction.size() == bins && s.counts.size() == bins &&
           s.recent[0].fits(2) && s.recent[1].fits(2);
  }

  static void hear(const in_steps& d, state& s, const models::heard_spikes& h) {
    if (d.counts(h.stamp)) ++s.n_events[h.receptor];
    const auto& others = s.recent[1 - h.receptor];
    for (std::size_t i = 0; i < others.size(); ++i) {
      const auto stamp = others.stamps[i];
      if (!d.counts(std::max(stamp, h.stamp))) continue;
      const auto lag = h.receptor == 1 ? h.stamp - stamp : stamp - h.stamp;
      const auto from_first = 2 * (d.reach + lag) + d.bin;
      const auto bin = static_cast<std::size_t>(from_first / (2 * d.bin));
      if (from_first >= 0 && bin < s.histogram.size()) add(s, bin, h.amount * others.amounts[i]);
    }
    s.recent[h.receptor].add(h);
  }
  static void forget(const in_steps& d, state& s, models::step_t upto) {
    for (auto& recent : s.recent) recent.forget(upto - d.reach - d.bin);
  }

  static std::uint64_t bytes_of_recent(const state& s) { return s.recent[0].bytes() + s.recent[1].bytes(); }

  template <class Show> static void show(const params&, const state& s, Show&& show) {
    show("histogram", s.histogram);
    show("histogram_correction", s.correction);
    show("count_histogram", s.counts);
    show("n_events", std::vector<std::int64_t>(s.n_events.begin(), s.n_events.end()));
  }

 private:
  static void add(state& s, std::size_t bin, double amount) {
    const double more = amount - s.correction[bin], sum = s.histogram[bin] + more;
    s.correction[bin] = (sum - s.histogram[bin]) - more;
    s.histogram[bin] = sum;
    ++s.counts[bin];
  }
};

}  // namespace volley::devices
