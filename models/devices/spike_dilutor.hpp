// Repeats the spikes that it hears: each of them reaches each connection with the same probability, independent of the
// others. A spike is repeated when it has arrived, by the delay of its connection.
#pragma once
#include <algorithm>

#include "models/core/detector.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct spike_dilutor {
  struct params : models::stimulation {
    double p_copy = 1;
  };
  struct in_steps {
    bool has_shape_of(const in_steps&) const { return true; }
  };
  struct state {
    std::vector<models::step_t> stamps;  // of spikes to come, ascending
    std::vector<std::uint32_t> numbers;  // of each stamp
    template <class Snapshot> void snapshot(Snapshot& s) { s(stamps, numbers); }
  };

  static constexpr std::string_view name = "spike_dilutor";
  static constexpr std::string_view meaning = "repeats spikes, each to each connection with a probability";
  static constexpr auto output = models::device_output::node_spikes;
  static constexpr auto records = models::recorder_kind::results;
  static constexpr auto fields =
      models::join<params>(models::stimulation_fields<params>,
                           std::array<models::device_field<params>, 1>{{
                               {"p_copy", &params::p_copy, "", "probability that a connection gets a spike, in [0, 1]"},
                           }});
  static constexpr std::array<models::result_row, 0> results{};

  static void check(const models::setting& s, const params& p) {
    if (!(p.p_copy >= 0 && p.p_copy <= 1)) s.refuse("p_copy", p.p_copy, "must be in [0, 1]");
  }
  static in_steps calibrate(const params&, const models::time_grid&) { return {}; }
  static std::int64_t receptors(const params&) { return 1; }
  static double numbers(const params&) { return 1; }
  static double copy_probability(const params& p) { return p.p_copy; }

  static state begin(const in_steps&) { return {}; }
  static bool fits(const in_steps&, const state& s) {
    return s.stamps.size() == s.numbers.size() && std::ranges::is_sorted(s.stamps);
  }
  static void hear(const in_steps&, state& s, const models::heard_spikes& h) {
    const auto at = std::ranges::lower_bound(s.stamps, h.stamp + h.delay) - s.stamps.begin();
    const auto i = static_cast<std::size_t>(at);
    if (i == s.stamps.size() || s.stamps[i] != h.stamp + h.delay) {
      s.stamps.insert(s.stamps.begin() + at, h.stamp + h.delay);
      s.numbers.insert(s.numbers.begin() + at, 0);
    }
    s.numbers[i] += h.multiplicity;
  }
  /// How many it repeats at the step that ends there.
  static std::uint32_t repeated(const state& s, models::step_t stamp) {
    const auto at = std::ranges::lower_bound(s.stamps, stamp);
    return at == s.stamps.end() || *at != stamp ? 0 : s.numbers[static_cast<std::size_t>(at - s.stamps.begin())];
  }
  static void forget(const in_steps&, state& s, models::step_t upto) {
    const auto n = std::ranges::upper_bound(s.stamps, upto) - s.stamps.begin();
    s.stamps.erase(s.stamps.begin(), s.stamps.begin() + n);
    s.numbers.erase(s.numbers.begin(), s.numbers.begin() + n);
  }
  static std::uint64_t bytes_of_recent(const state& s) {
    return s.stamps.capacity() * sizeof(models::step_t) + s.numbers.capacity() * sizeof(std::uint32_t);
  }
  template <class Show> static void show(const params&, const state&, Show&&) {}
};

}  // namespace volley::devices
