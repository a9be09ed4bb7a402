// fixed_indegree and fixed_outdegree of nodes with positions: so many of those in the mask, all alike or by their
// chances. As without space, a target's draws are on its VP alone, and a source's on every VP.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/core/bulk_draws.hpp"
#include "models/core/math.hpp"
#include "runtime/base/error.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/node_index.hpp"
#include "runtime/rules/spatial_pool.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

/// Draws some of a pool for one owner, by their chances.
class weighted_sampler {
 public:
  weighted_sampler(models::random_key key, bool repeats) : key_(key), repeats_(repeats) {}

  /// `count` entries of `chances`, all positive. REQUIRES: there are as many where none may repeat, else one.
  std::span<const std::uint32_t> draw(std::uint64_t owner, std::uint64_t count, std::span<const double> chances,
                                      std::span<const std::uint32_t> numbers) {
    drawn_.clear();
    repeats_ ? draw_repeated(owner, count, chances) : draw_distinct(owner, count, chances, numbers);
    return drawn_;
  }

 private:
  void draw_uniforms(std::uint64_t owner, std::span<const std::uint32_t> numbers) {
    uniforms_.resize(numbers.size());
    const auto low = low_half(owner), high = high_half(owner);
    models::uniform_numbers(key_, {{&low, &high, numbers.data()}, {false, false, true}, 0}, uniforms_);
  }

  void draw_repeated(std::uint64_t owner, std::uint64_t count, std::span<const double> chances) {
    sums_.resize(chances.size());
    double sum = 0;
    for (std::size_t i = 0; i < chances.size(); ++i) sums_[i] = sum += chances[i];
    while (numbers_.size() < count) numbers_.push_back(static_cast<std::uint32_t>(numbers_.size()));
    draw_uniforms(owner, std::span(numbers_).first(count));
    for (const double u : uniforms_) {
      const auto at = static_cast<std::size_t>(std::ranges::upper_bound(sums_, u * sum) - sums_.begin());
      drawn_.push_back(static_cast<std::uint32_t>(std::min(at, sums_.size() - 1)));
    }
  }

  /// Each gets an exponential time with its chance as rate; the first ones are drawn (Efraimidis and Spirakis 2006).
  void draw_distinct(std::uint64_t owner, std::uint64_t count, std::span<const double> chances,
                     std::span<const std::uint32_t> numbers) {
    draw_uniforms(owner, numbers);
    times_.resize(chances.size());
    for (std::size_t i = 0; i < chances.size(); ++i) times_[i] = -models::log(1 - uniforms_[i]) / chances[i];
    for (std::uint32_t i = 0; i < chances.size(); ++i) drawn_.push_back(i);
    const auto before = [this](auto a, auto b) { return times_[a] != times_[b] ? times_[a] < times_[b] : a < b; };
    const auto end = drawn_.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(drawn_.begin(), end, drawn_.end(), before);
    drawn_.resize(count);
    std::ranges::sort(drawn_);
  }

  models::random_key key_;
  bool repeats_;
  std::vector<double> uniforms_, sums_, times_;
  std::vector<std::uint32_t> numbers_, drawn_;
};

/// What both rules share: the pool of one driver, and what is drawn of it.
class pool_sampler {
 public:
  pool_sampler(const rule_spec& spec, endpoint drivers)
      : spec_(spec),
        by_target_(drivers == endpoint::target),
        pool_(spec, drivers, spec.space->chance.get()),
        alike_(key(), 0, spec.allow_multapses),
        weighted_(key(), spec.allow_multapses) {}

  /// Positions of the other ends of `driver`'s connections, where `banned` may not be one. Errors: KernelException
  /// where the mask holds too few; those of degree_at.
  std::span<const std::uint32_t> draw(std::uint64_t driver, std::optional<std::uint32_t> banned) {
    chosen_.clear();
    const auto degree = degree_of(driver);
    if (degree == 0) return chosen_;
    pool_.find(driver);
    find_candidates(banned);
    if (candidates_.empty() || (!spec_.allow_multapses && degree > candidates_.size())) refuse(driver, degree);
    alike_.resize(static_cast<std::uint32_t>(candidates_.size()));
    const auto entries =
        chances_.empty() ? alike_.draw(driver, degree, {}) : weighted_.draw(driver, degree, chances_, candidates_);
    for (const auto at : entries) chosen_.push_back(candidates_[at]);
    return chosen_;
  }

 private:
  models::random_key key() const {
    return {spec_.seed, by_target_ ? models::purpose::rule_target : models::purpose::rule_source, spec_.call};
  }

  std::uint64_t degree_of(std::uint64_t driver) {
    auto site = by_target_ ? connection_site(spec_.seed, spec_.call, 0, driver, 0, 0)
                           : connection_site(spec_.seed, spec_.call, driver, 0, 0, 0);
    const layer& where = by_target_ ? *spec_.space->targets : *spec_.space->sources;
    const point at = where[driver - where.first()];
    site_geometry geometry;
    for (int axis = 0; axis < where.dimensions(); ++axis)
      geometry.node[static_cast<std::size_t>(axis)] = std::span(&at[axis], 1);
    site.geometry = &geometry;
    return degree_at(spec_, driver, site, max_degree);
  }

  /// Who may be drawn: their positions, and, where they differ, their chances.
  void find_candidates(std::optional<std::uint32_t> banned) {
    candidates_.clear();
    chances_.clear();
    const auto positions = pool_.positions();
    const auto chances = spec_.space->chance == nullptr ? std::span<const double>() : pool_.values();
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (positions[i] == banned || (!chances.empty() && !(chances[i] > 0))) continue;
      candidates_.push_back(positions[i]);
      if (!chances.empty()) chances_.push_back(std::min(chances[i], 1e100));
    }
  }

  [[noreturn]] void refuse(std::uint64_t driver, std::uint64_t degree) const {
    throw api_error(error_kind::KernelException,
                    std::string("Connect: ") + to_string(spec_.kind) + ": node " + std::to_string(driver) +
                        " is to have " + std::to_string(degree) + (by_target_ ? " sources, but " : " targets, but ") +
                        std::to_string(candidates_.size()) + " can be chosen",
                    driver);
  }

  const rule_spec& spec_;
  bool by_target_;
  spatial_pool pool_;
  index_sampler alike_;
  weighted_sampler weighted_;
  std::vector<std::uint32_t> candidates_, chosen_;
  std::vector<double> chances_;
};

class indegrees_in_space : public batch_source {
 public:
  indegrees_in_space(const rule_spec& spec, const layout& place)
      : target_(spec, place), sampler_(spec, endpoint::target) {}

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      const auto drawn = sampler_.draw(target_.id(), target_.banned());
      if (drawn.empty()) continue;
      batch_ = {.one = target_.position(), .many = drawn};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  target_cursor target_;
  pool_sampler sampler_;
  connection_batch batch_;
};

class outdegrees_in_space : public batch_source {
 public:
  outdegrees_in_space(const rule_spec& spec, const layout& place)
      : spec_(spec), place_(place), sources_(spec.sources), targets_(spec.targets), sampler_(spec, endpoint::source) {}

  std::span<const connection_batch> next() override {
    while (source_ < sources_.size()) {
      const auto position = source_++;
      const auto id = sources_.id(position);
      const auto drawn = sampler_.draw(id, spec_.allow_autapses ? std::nullopt : targets_.position(id));
      local_.clear();
      for (const auto target : drawn)
        if (place_.holds(targets_.id(target))) local_.push_back(target);
      if (local_.empty()) continue;
      batch_ = {.shared = endpoint::source, .one = position, .many = local_};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  const rule_spec& spec_;
  layout place_;
  node_index sources_, targets_;
  pool_sampler sampler_;
  std::uint32_t source_ = 0;
  std::vector<std::uint32_t> local_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_degrees_in_space(const rule_spec& spec, const layout& place) {
  if (spec.kind == rule_kind::fixed_indegree) return std::make_unique<indegrees_in_space>(spec, place);
  return std::make_unique<outdegrees_in_space>(spec, place);
}

}  // namespace volley::runtime
