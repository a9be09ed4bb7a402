#include "runtime/rules/spatial_pool.hpp"

#include <cmath>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

bool by_target(endpoint drivers) { return drivers == endpoint::target; }

}  // namespace

spatial_pool::spatial_pool(const rule_spec& spec, endpoint drivers, const parameter* value)
    : spec_(spec),
      drivers_(drivers),
      value_(value),
      of_drivers_(by_target(drivers) ? *spec.space->targets : *spec.space->sources),
      search_(by_target(drivers) ? *spec.space->sources : *spec.space->targets,
              by_target(drivers) ? spec.sources : spec.targets, spec.space->mask,
              by_target(drivers) == spec.space->origin_at_target ? neighbour_search::origin::at_point
                                                                 : neighbour_search::origin::at_found),
      geometry_(spec.space->within(), value == nullptr ? spatial_reads{} : value->reads()) {}

void spatial_pool::find(std::uint64_t driver) {
  driver_ = driver;
  search_.find(of_drivers_[driver - of_drivers_.first()]);
}

std::span<const double> spatial_pool::values() {
  values_.resize(size());
  if (values_.empty()) return values_;
  const auto site = by_target(drivers_) ? connection_site(spec_.seed, spec_.call, 0, driver_, 0, 0)
                                        : connection_site(spec_.seed, spec_.call, driver_, 0, 0, 0);
  const auto own = by_target(drivers_) ? std::span(&site.owner[1], 1) : std::span(&site.owner[0], 1);
  const auto& geometry = geometry_.between(of_drivers_[driver_ - of_drivers_.first()], search_.coordinates(), size(),
                                           !by_target(drivers_));
  draw_sites sites{site.key, {ids(), own, std::span(&site.owner[2], 1)}, site.place, &geometry};
  if (!by_target(drivers_)) sites.owners = {own, ids(), std::span(&site.owner[2], 1)};
  value_->evaluate(sites, values_);
  bool numbers = true;
  for (const double x : values_) numbers &= x == x;
  if (!numbers)
    throw api_error(error_kind::BadProperty,
                    std::string("Connect: ") + to_string(spec_.kind) + ": a drawn p is not a number", driver_);
  return values_;
}

}  // namespace volley::runtime
