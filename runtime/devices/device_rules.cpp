#include "runtime/devices/device_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace volley::runtime {
namespace {

constexpr double for_ever = std::numeric_limits<double>::max();

void check_activity(const device_setting& s, models::activity& a) {
  for (const auto& [key, ms] : {std::pair{"origin", &a.origin}, {"start", &a.start}, {"stop", &a.stop}}) {
    if (!s.time().reaches(*ms))
      *ms = std::copysign(for_ever, *ms);
    else
      s.put_on_grid(key, *ms, models::steps::any);
  }
  if (a.stop < a.start) s.refuse("stop", a.stop, "ms must not be before start = " + s.text(a.start) + " ms");
  if (a.origin < 0) s.refuse("origin", a.origin, "ms must be >= 0");
  if (a.start < 0) s.refuse("start", a.start, "ms must be >= 0");
}

}  // namespace

void check(const device_setting& s, models::stimulation& p) {
  check_activity(s, p);
  if (!p.stimulus_source.empty())
    s.fail(error_kind::BadProperty, "stimulus_source", p.stimulus_source,
           "is no stimulation backend; none is built in");
}

void check(const device_setting& s, models::recording& p) {
  check_activity(s, p);
  static const std::vector<std::string> backends{"ascii", "memory", "screen"};
  if (std::ranges::find(backends, p.record_to) == backends.end())
    s.fail(error_kind::BadProperty, "record_to", p.record_to,
           "is no recording backend; there are ascii, memory and screen");
  if (p.label.find('\0') != std::string::npos)
    s.fail(error_kind::BadProperty, "label", p.label, "must not contain a zero byte");
  if (p.file_extension.find('/') != std::string::npos)
    s.fail(error_kind::BadProperty, "file_extension", p.file_extension, "must not contain a slash");
  if (p.precision < 0 || p.precision > 17)
    s.fail(error_kind::BadProperty, "precision", p.precision, "must be in 0..17");
}

}  // namespace volley::runtime
