// Covariance of the spikes on any number of receptors, its channels. Delays of connections do not matter.
//
//   covariance[i][j][b] = sum of w_i w_j over pairs of a spike at t_i (receptor i) and one at t_j (receptor j) that is
//   not
//                         later, with t_i - t_j in [(b - 1/2) delta_tau, (b + 1/2) delta_tau); of b = 0, the pairs with
//                         t_j later, too. A spike is a pair with itself.
//   a pair counts where its later spike is in [Tstart, Tstop]
#pragma once
#include "models/devices/correlation.hpp"

namespace volley::devices {

struct correlomatrix_detector {
  struct params : correlation {
    std::int64_t N_channels = 1;
  };
  using in_steps = correlation_steps;
  struct state {
    std::vector<double> covariance, counts;  // by channel, channel and bin
    std::vector<std::int64_t> n_events;
    models::recent_spikes recent;
    template <class Snapshot> void snapshot(Snapshot& s) { s(covariance, counts, n_events, recent); }
  };

  static constexpr std::string_view name = "correlomatrix_detector";
  static constexpr std::string_view meaning = "covariance of the spikes on any number of receptors";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::results;
  static constexpr auto cleared_by = models::cleared_by::zero;
  static constexpr auto fields = models::join<params>(
      correlation_fields<params>,
      std::array<models::device_field<params>, 1>{{
          {"N_channels", &params::N_channels, "", "receptors", models::bound::none, models::access::unconnected},
      }});
  static constexpr std::array<models::result_row, 3> results{{
      {"covariance", "", "by channel, channel and lag, sums of the weights of pairs"},
      {"count_covariance", "", "by channel, channel and lag, numbers of pairs"},
      {"n_events", "", "by channel, spikes that counted"},
  }};

  static void check(const models::setting& s, params& p) {
    check_channels(s, p.N_channels);
    check_correlation(s, p);
    check_odd_bins(s, p);
    check_number_of_results(s, p, numbers(p));
  }
  static void follow_grid(params& p, const models::time_grid& time) { follow_grid_of_bins(p, 5, time); }
  static in_steps calibrate(const params& p, const models::time_grid& time) { return steps_of(p, p.N_channels, time); }
  static std::int64_t receptors(const params& p) { return p.N_channels; }
  static double numbers(const params& p) {
    const auto channels = static_cast<double>(p.N_channels);
    return 2 * channels * channels * (lags_of(p) + 1);
  }

  static state begin(const in_steps& d) {
    const std::vector<double> zeros(place(d, d.channels, 0, 0));
    return {zeros, zeros, std::vector<std::int64_t>(d.channels), {}};
  }
  static bool fits(const in_steps& d, const state& s) {
    const auto all = place(d, d.channels, 0, 0);
    return s.covariance.size() == all && s.counts.size() == all && s.n_events.size() == d.channels &&
           s.recent.fits(d.channels);
  }

  static void hear(const in_steps& d, state& s, const models::heard_spikes& h) {
    if (d.counts(h.stamp)) ++s.n_events[h.receptor];
    s.recent.add(h);
    for (std::size_t i = 0; i < s.recent.size(); ++i) {
      const auto stamp = s.recent.stamps[i];
      const auto lag = std::max(stamp, h.stamp) - std::min(stamp, h.stamp), bin = (2 * lag + d.bin) / (2 * d.bin);
      if (bin > d.lags() || !d.counts(std::max(stamp, h.stamp))) continue;
      auto later = h.receptor, earlier = s.recent.receptors[i];
      if (stamp > h.stamp) std::swap(later, earlier);
      const double amount = h.amount * s.recent.amounts[i];
      add(s, place(d, later, earlier, bin), amount);
      if (bin == 0 && (lag != 0 || later != earlier)) add(s, place(d, earlier, later, bin), amount);
    }
  }
  static void forget(const in_steps& d, state& s, models::step_t upto) { s.recent.forget(upto - d.reach - d.bin); }

  static std::uint64_t bytes_of_recent(const state& s) { return s.recent.bytes(); }

  template <class Show> static void show(const params& p, const state& s, Show&& show) {
    const auto channels = static_cast<std::size_t>(p.N_channels);
    show("covariance", s.covariance, channels);
    show("count_covariance", s.counts, channels);
    show("n_events", s.n_events.empty() ? std::vector<std::int64_t>(channels) : s.n_events);
  }

 private:
  static std::size_t place(const in_steps& d, std::uint32_t i, std::uint32_t j, models::step_t bin) {
    return (std::size_t{i} * d.channels + j) * static_cast<std::size_t>(d.lags() + 1) + static_cast<std::size_t>(bin);
  }
  static void add(state& s, std::size_t at, double amount) {
    s.covariance[at] += amount;
    ++s.counts[at];
  }
};

}  // namespace volley::devices
