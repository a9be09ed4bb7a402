#include "runtime/devices/device_rules.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "runtime/base/nearest_name.hpp"

namespace volley::runtime {
namespace {

constexpr double for_ever = std::numeric_limits<double>::max();

/// "there are a, b and c".
std::string listed(const std::vector<std::string>& names) {
  std::string text = names.empty() ? "there is none" : "there are ";
  for (std::size_t i = 0; i < names.size(); ++i)
    text.append(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ").append(names[i]);
  return text;
}

/// Errors: BadProperty. Backends of other builds are told from those that nobody has.
void check_backend(const device_setting& s, const char* key, const std::string& name, const char* kind,
                   const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) != known.end()) return;
  const auto* needs = name == "mpi" ? "MPI" : name == "sionlib" ? "SIONlib" : nullptr;
  s.fail(error_kind::BadProperty, key, name,
         std::string("is no ") + kind + " backend of this build" +
             (needs == nullptr ? "" : std::string(", which has no ") + needs) + "; " + listed(known) +
             did_you_mean(name, known));
}

void check_populations(const device_setting& s, const models::recording& p) {
  if (p.populations.size() != p.first_nodes.size())
    s.refuse("populations and first_nodes go together: there are " + std::to_string(p.populations.size()) + " and " +
             std::to_string(p.first_nodes.size()));
  if (std::ranges::adjacent_find(p.first_nodes, std::ranges::greater_equal()) != p.first_nodes.end() ||
      (!p.first_nodes.empty() && p.first_nodes.front() < 1))
    s.fail(error_kind::BadProperty, "first_nodes", p.first_nodes, "must be ids of nodes, ascending");
  auto names = p.populations;
  std::ranges::sort(names);
  const auto is_wrong = [](const std::string& name) {
    return name.empty() || name == "." || name.find_first_of(std::string_view("/\0", 2)) != std::string::npos;
  };
  if (std::ranges::any_of(names, is_wrong) || std::ranges::adjacent_find(names) != names.end())
    s.fail(error_kind::BadProperty, "populations", p.populations,
           "must be different names without slashes and zero bytes");
}

}  // namespace

const std::vector<std::string>& recording_backends() {
  static const std::vector<std::string> names{"ascii", "memory", "screen", "sonata"};
  return names;
}

const std::vector<std::string>& stimulation_backends() {
  static const std::vector<std::string> names;
  return names;
}

void check(const device_setting& s, models::activity& a) {
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

void check(const device_setting& s, models::stimulation& p) {
  check(s, static_cast<models::activity&>(p));
  if (!p.stimulus_source.empty())
    check_backend(s, "stimulus_source", p.stimulus_source, "stimulation", stimulation_backends());
}

void check(const device_setting& s, models::recording& p) {
  check(s, static_cast<models::activity&>(p));
  check_backend(s, "record_to", p.record_to, "recording", recording_backends());
  for (const auto& [key, text] : {std::pair("label", &p.label), {"file_name", &p.file_name}})
    if (text->find('\0') != std::string::npos)
      s.fail(error_kind::BadProperty, key, *text, "must not contain a zero byte");
  if (p.file_extension.find('/') != std::string::npos)
    s.fail(error_kind::BadProperty, "file_extension", p.file_extension, "must not contain a slash");
  if (p.precision < 0 || p.precision > 17)
    s.fail(error_kind::BadProperty, "precision", p.precision, "must be in 0..17");
  check_populations(s, p);
}

}  // namespace volley::runtime
