// fixed_indegree: each target draws its sources.
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

class fixed_indegree : public batch_source {
 public:
  fixed_indegree(const rule_spec& spec, const layout& place)
      : spec_(spec),
        target_(spec, place),
        sampler_({spec.seed, models::purpose::rule_target, spec.call}, target_.sources().size(), spec.allow_multapses) {
  }

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      const auto site = connection_site(spec_.seed, spec_.call, 0, target_.id(), 0, 0);
      const std::uint64_t degree = degree_at(spec_, target_.id(), site, target_.free_sources());
      if (degree == 0) continue;
      batch_ = {.one = target_.position(),
                .many = sampler_.draw(target_.id(), degree, target_.banned()),
                .first_entry = target_.position() * degree};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  const rule_spec& spec_;
  target_cursor target_;
  index_sampler sampler_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_fixed_indegree(const rule_spec& spec, const layout& place) {
  return std::make_unique<fixed_indegree>(spec, place);
}

}  // namespace volley::runtime
