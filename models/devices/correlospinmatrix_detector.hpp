// Covariance of the states of binary neurons, which are its channels: two spikes of one time say that a channel goes
// up, one that it goes down. Delays of connections do not matter.
//
//   count_covariance[i][j][b] = steps in which channel i is up, and channel j was up (b - tau_max / delta_tau)
//   delta_tau
//                               before
//   an up counts as a whole, when it is over and a spike has come after its end; Tstart and Tstop have no effect
#pragma once
#include "models/devices/correlation.hpp"

namespace volley::devices {

struct correlospinmatrix_detector {
  struct params : correlation {
    params() { delta_tau = 0.1, tau_max = 1; }
    std::int64_t N_channels = 1;
  };
  using in_steps = correlation_steps;
  /// Channels that were up, from one step to another.
  struct ups {
    std::vector<std::uint32_t> channels;
    std::vector<models::step_t> from, to;
    std::size_t size() const { return channels.size(); }
    void add(std::uint32_t channel, models::step_t begin, models::step_t end) {
      channels.push_back(channel);
      from.push_back(begin);
      to.push_back(end);
    }
    std::uint64_t bytes() const {
      return channels.capacity() * sizeof(std::uint32_t) + (from.capacity() + to.capacity()) * sizeof(models::step_t);
    }
    template <class Snapshot> void snapshot(Snapshot& s) { s(channels, from, to); }
  };
  struct state {
    static constexpr models::step_t down = -1;
    std::vector<double> counts;            // by channel, channel and bin
    std::vector<models::step_t> up_since;  // by channel
    ups over;                              // those that may matter to later ones
    ups ending;                            // the one that ended with the last spike, or none
    template <class Snapshot> void snapshot(Snapshot& s) { s(counts, up_since, over, ending); }
  };

  static constexpr std::string_view name = "correlospinmatrix_detector";
  static constexpr std::string_view meaning = "covariance of the states of binary neurons";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::results;
  static constexpr auto fields = models::join<params>(
      models::activity_fields<params>,
      std::array<models::device_field<params>, 5>{{
          {"delta_tau", &params::delta_tau, "ms", "between two lags", models::bound::non_negative},
          {"tau_max", &params::tau_max, "ms", "longest lag, a multiple of delta_tau", models::bound::non_negative},
          {"Tstart", &params::Tstart, "ms", "without effect", models::bound::non_negative},
          {"Tstop", &params::Tstop, "ms", "without effect", models::bound::non_negative},
          {"N_channels", &params::N_channels, "", "receptors", models::bound::none, models::access::unconnected},
      }});
  static constexpr std::array<models::result_row, 1> results{{
      {"count_covariance", "", "by channel, channel and lag, steps in which both were up"},
  }};

  static void check(const models::setting& s, params& p) {
    check_channels(s, p.N_channels);
    check_correlation(s, p);
    check_number_of_results(s, p, numbers(p));
  }
  static void follow_grid(params& p, const models::time_grid& time) { follow_grid_of_bins(p, 1, time); }
  static in_steps calibrate(const params& p, const models::time_grid& time) { return steps_of(p, p.N_channels, time); }
  static std::int64_t receptors(const params& p) { return p.N_channels; }
  static double numbers(const params& p) {
    const auto channels = static_cast<double>(p.N_channels);
    return channels * channels * (2 * lags_of(p) + 1);
  }

  static state begin(const in_steps& d) {
    return {
        std::vector<double>(place(d, d.channels, 0, 0)), std::vector<models::step_t>(d.channels, state::down), {}, {}};
  }
  static bool fits(const in_steps& d, const state& s) {
    const auto fit = [&](const ups& some) {
      return some.from.size() == some.size() && some.to.size() == some.size() &&
             std::ranges::all_of(some.channels, [&](std::uint32_t c) { return c < d.channels; });
    };
    return s.counts.size() == place(d, d.channels, 0, 0) && s.up_since.size() == d.channels && fit(s.over) &&
           fit(s.ending);
  }

  static void hear(const in_steps& d, state& s, const models::heard_spikes& h) {
    end(d, s);
    auto& since = s.up_since[h.receptor];
    if (h.multiplicity == 2 && since == state::down) since = h.stamp;
    if (h.multiplicity != 1 || since == state::down) return;
    s.ending.add(h.receptor, since, h.stamp);
    since = state::down;
  }
  static void forget(const in_steps& d, state& s, models::step_t upto) {
    for (const auto since : s.up_since)
      if (since != state::down) upto = std::min(upto, since);
    for (const auto since : s.ending.from) upto = std::min(upto, since);
    ups kept;
    for (std::size_t i = 0; i < s.over.size(); ++i)
      if (s.over.to[i] + d.reach > upto) kept.add(s.over.channels[i], s.over.from[i], s.over.to[i]);
    if (kept.size() != s.over.size()) s.over = std::move(kept);
  }

  static std::uint64_t bytes_of_recent(const state& s) {
    return s.over.bytes() + s.up_since.size() * sizeof(models::step_t);
  }

  template <class Show> static void show(const params& p, const state& s, Show&& show) {
    show("count_covariance", s.counts, static_cast<std::size_t>(p.N_channels));
  }

 private:
  static std::size_t place(const in_steps& d, std::uint32_t i, std::uint32_t j, models::step_t bin) {
    return (std::size_t{i} * d.channels + j) * static_cast<std::size_t>(2 * d.lags() + 1) +
           static_cast<std::size_t>(bin);
  }
  static void end(const in_steps& d, state& s) {
    if (s.ending.size() == 0) return;
    s.over.add(s.ending.channels[0], s.ending.from[0], s.ending.to[0]);
    s.ending = {};
    const auto last = s.over.size() - 1;
    for (std::size_t other = 0; other < last; ++other) {
      add(d, s, last, other);
      add(d, s, other, last);
    }
    add(d, s, last, last);
  }
  /// What two ups have in common, at every lag.
  static void add(const in_steps& d, state& s, std::size_t i, std::size_t j) {
    const auto [from_i, to_i, from_j, to_j] = std::array{s.over.from[i], s.over.to[i], s.over.from[j], s.over.to[j]};
    const auto first = std::max(-d.lags(), (from_i - to_j) / d.bin - 1),
               last = std::min(d.lags(), (to_i - from_j) / d.bin + 1);
    for (auto lag = first; lag <= last; ++lag) {
      const auto both = std::min(to_i, to_j + lag * d.bin) - std::max(from_i, from_j + lag * d.bin);
      if (both > 0)
        s.counts[place(d, s.over.channels[i], s.over.channels[j], d.lags() + lag)] += static_cast<double>(both);
    }
  }
};

}  // namespace volley::devices
