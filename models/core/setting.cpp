#include "models/core/setting.hpp"

#include <limits>
#include <string>

namespace volley::models {
namespace {

constexpr double max_spikes_per_step = 0x1p31;  // of one generator and connection

}  // namespace

void setting::refuse(std::string_view key, const std::string& shown, const std::string& rule, refusal kind) const {
  refuse(std::string(key) + " = " + shown + " " + rule, kind);
}

void setting::put_on_grid(std::string_view key, double& ms, steps which, refusal kind) const {
  constexpr const char* names[] = {"a ", "0 or a positive ", "a positive "};
  constexpr step_t least[] = {-time_grid::max_tics, 0, 1};
  const auto w = static_cast<std::size_t>(which);
  if (!time_.on_grid(ms) || time_.nearest_steps(ms) < least[w])
    refuse(key, ms,
           std::string("ms must be ") + names[w] + "multiple of the resolution, " + text(time_.resolution_ms()) + " ms",
           kind);
  ms = time_.to_ms(time_.nearest_steps(ms));
}

void setting::put_in_order(std::string_view key, std::vector<double>& times, off_grid between, ascent order) const {
  double least = -std::numeric_limits<double>::infinity();
  for (double& ms : times) {
    if (!time_.reaches(ms)) refuse(key, ms, "ms is beyond the largest time, T_max");
    if (between == off_grid::refused && !time_.on_grid(ms))
      refuse(std::string(key) + ": Time point " + text(ms) + " is not representable in current resolution (" +
             text(time_.resolution_ms()) + " ms); allow_offgrid_times rounds it up");
    const double used = between == off_grid::kept ? ms : time_.to_ms(time_.steps_up(ms));
    if (used < least || (used == least && order == ascent::strict))
      refuse(key, ms,
             order == ascent::may_repeat
                 ? "comes after a later time; times must not descend"
                 : "ms must be at least a step after the time before it; times must be strictly increasing");
    least = ms = used;
  }
}

void setting::require_size(std::string_view key, std::size_t n, std::string_view of, std::size_t wanted,
                           bool optional) const {
  if (n == wanted || (optional && n == 0)) return;
  refuse(std::string(key) + " has " + std::to_string(n) + " entries, " + std::string(of) + " " +
         std::to_string(wanted) + "; they must be equally long" +
         (optional ? ", or " + std::string(key) + " empty" : ""));
}

void setting::require_countable(std::string_view key, double rate) const {
  const double most = max_spikes_per_step * 1000 / time_.resolution_ms();
  if (!(rate < most))
    refuse(key, rate,
           "spikes/s must be below " + text(most) + ", 2^31 in a step, at a resolution of " +
               text(time_.resolution_ms()) + " ms");
}

void setting::require_one_a_step(std::string_view key, double rate) const {
  const double most = 1000 / time_.resolution_ms();
  if (!(rate <= most))
    refuse(key, rate,
           "spikes/s must not be above " + text(most) + ", one in a step, at a resolution of " +
               text(time_.resolution_ms()) + " ms");
}

void setting::require_between(std::string_view key, std::int64_t n, std::int64_t least, std::int64_t most) const {
  if (n < least || n > most)
    refuse(key, std::to_string(n), "must be in " + std::to_string(least) + ".." + std::to_string(most));
}

}  // namespace volley::models
