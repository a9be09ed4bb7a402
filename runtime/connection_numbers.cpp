#include "runtime/connection_numbers.hpp"

#include <algorithm>

#include "runtime/connection_store.hpp"
#include "runtime/draw_site.hpp"
#include "runtime/error.hpp"
#include "runtime/parameter.hpp"
#include "runtime/projection_walk.hpp"

namespace volley::runtime {

std::uint64_t delay_steps(double ms, const time_grid& time) {
  const auto steps = time.nearest_steps(ms);
  if (steps < 1) {
    throw api_error(error_kind::BadDelay, "Connect: delay = " + to_text(value(ms)) +
                                              " ms. Delay must be greater than or equal to resolution, " +
                                              to_text(value(time.resolution_ms())) + " ms");
  }
  if (steps > max_delay_steps) {
    throw api_error(error_kind::BadDelay, "Connect: delay = " + to_text(value(ms)) + " ms is above the largest, " +
                                              to_text(value(time.to_ms(max_delay_steps))) + " ms");
  }
  return static_cast<std::uint64_t>(steps);
}

void number_column::draw(std::uint64_t source, std::span<const std::uint64_t> target_ids, std::span<double> out) {
  occurrences_.resize(target_ids.size());
  for (std::size_t i = 0; i < target_ids.size(); ++i)
    occurrences_[i] = i != 0 && target_ids[i] == target_ids[i - 1] ? occurrences_[i - 1] + 1 : 0;
  targets_.assign(target_ids.begin(), target_ids.end());
  const auto from = static_cast<std::uint32_t>(source);
  const draw_sites sites{{p_.seed, models::purpose::connection_parameter, p_.call},
                         {std::span(&from, 1), targets_, occurrences_}, slot_};
  std::get<parameter_ref>(number_)->evaluate(sites, out);
}

void check_drawn_delays(const projection& p, const layout& place, const time_grid& time, step_t low, step_t high) {
  if (!std::holds_alternative<parameter_ref>(p.delay_ms)) return;
  number_column delay(p, p.delay_ms, delay_leaf);
  // Keyed by connection: walk by source, as the rows will be drawn.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;
  walk(p, place, [&](const id_batch& b) {
    for (std::size_t i = 0; i < b.size(); ++i) pairs.emplace_back(b.source(i), b.target(i));
  });
  std::stable_sort(pairs.begin(), pairs.end());
  std::vector<std::uint64_t> ids;
  std::vector<double> numbers;
  for (std::size_t i = 0; i < pairs.size();) {
    ids.clear();
    std::size_t end = i;
    for (; end < pairs.size() && pairs[end].first == pairs[i].first; ++end) ids.push_back(pairs[end].second);
    numbers.resize(ids.size());
    delay.draw(pairs[i].first, ids, numbers);
    for (const double ms : numbers) {
      const auto steps = static_cast<step_t>(delay_steps(ms, time));
      if (steps < low || steps > high)
        throw api_error(error_kind::BadDelay, "Connect: a drawn delay of " + to_text(value(ms)) + " ms is outside [min_delay, max_delay]");
    }
    i = end;
  }
}

}  // namespace volley::runtime
