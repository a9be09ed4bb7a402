// pairwise_bernoulli and pairwise_poisson of nodes with positions: each pair that the mask lets through has a coin, or
// a count. A target's pairs are found and drawn on its VP alone, whichever end the mask lies at.
#include <algorithm>
#include <optional>
#include <vector>

#include "models/core/bulk_draws.hpp"
#include "models/core/distributions.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/spatial_pool.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

class pairs_in_space : public batch_source {
 public:
  pairs_in_space(const rule_spec& spec, const layout& place)
      : spec_(spec),
        target_(spec, place),
        drawn_(std::get_if<parameter_ref>(&spec.number)),
        pool_(spec, endpoint::target, drawn_ == nullptr ? nullptr : drawn_->get()) {}

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      pool_.find(target_.id());
      chosen_.clear();
      if (pool_.size() == 0) continue;
      spec_.kind == rule_kind::pairwise_poisson ? draw_counts() : throw_coins();
      if (chosen_.empty()) continue;
      batch_ = {.one = target_.position(), .many = chosen_};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  bool is_banned(std::size_t i) const { return target_.banned() && pool_.positions()[i] == *target_.banned(); }

  /// The probability or mean of each pair.
  std::span<const double> numbers() {
    if (drawn_ != nullptr) return pool_.values();
    same_.assign(pool_.size(), std::get<double>(spec_.number));
    return same_;
  }

  /// A uniform number of each pair, by target and position of the source.
  void draw_uniforms() {
    uniforms_.resize(pool_.size());
    const auto id = target_.id();
    const auto low = low_half(id), high = high_half(id);
    const models::block_counters counters{{&low, &high, pool_.positions().data()}, {false, false, true}, 0};
    models::uniform_numbers({spec_.seed, models::purpose::rule_target, spec_.call}, counters, uniforms_);
  }

  void throw_coins() {
    const auto* const fixed = std::get_if<double>(&spec_.number);
    if (fixed != nullptr && *fixed >= 1) {
      for (std::size_t i = 0; i < pool_.size(); ++i)
        if (!is_banned(i)) chosen_.push_back(pool_.positions()[i]);
      return;
    }
    const auto p = numbers();
    draw_uniforms();
    const auto positions = pool_.positions();
    chosen_.resize(pool_.size());
    std::size_t n = 0;
    for (std::size_t i = 0; i < positions.size(); ++i) {  // without a branch: nobody can foretell a coin
      chosen_[n] = positions[i];
      n += uniforms_[i] < p[i];
    }
    chosen_.resize(n);
    if (target_.banned()) std::erase(chosen_, *target_.banned());
  }

  void draw_counts() {
    const auto means = numbers();
    draw_uniforms();
    for (std::size_t i = 0; i < means.size(); ++i) {
      if (!(means[i] <= static_cast<double>(max_degree))) refuse_mean(means[i], target_.id());
      if (is_banned(i) || !(means[i] > 0)) continue;
      chosen_.insert(chosen_.end(), models::poisson(means[i], uniforms_[i]), pool_.positions()[i]);
    }
  }

  const rule_spec& spec_;
  target_cursor target_;
  const parameter_ref* drawn_;
  spatial_pool pool_;
  std::vector<double> same_, uniforms_;
  std::vector<std::uint32_t> chosen_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_in_space(const rule_spec& spec, const layout& place) {
  if (spec.has_fixed_degree()) return walk_degrees_in_space(spec, place);
  return std::make_unique<pairs_in_space>(spec, place);
}

}  // namespace volley::runtime
