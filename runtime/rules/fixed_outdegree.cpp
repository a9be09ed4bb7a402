// fixed_outdegree: each source draws its targets. A source's draws are not split by VP, so every VP draws the targets
// of all sources and keeps its own: the work of a call grows with the number of VPs (about 0.5 ns per draw and VP).
#include <vector>

#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/local_nodes.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

class fixed_outdegree : public batch_source {
 public:
  fixed_outdegree(const rule_spec& spec, const layout& place)
      : spec_(spec),
        sources_(spec.sources),
        targets_(spec.targets),
        sampler_({spec.seed, models::purpose::rule_source, spec.call}, targets_.size(), spec.allow_multapses),
        all_are_local_(place.n_vps == 1) {
    if (all_are_local_) return;
    local_.resize(targets_.size());
    local_nodes locals(spec.targets, place);
    for (local_nodes::entry at; locals.next(at);) local_[at.position] = 1;
  }

  std::span<const connection_batch> next() override {
    while (source_ < sources_.size()) {
      const std::uint32_t position = source_++;
      const std::uint64_t id = sources_.id(position);
      const auto banned = spec_.allow_autapses ? std::nullopt : targets_.position(id);
      const auto site = connection_site(spec_.seed, spec_.call, id, 0, 0, 0);
      const std::uint64_t degree = degree_at(spec_, id, site, targets_.size() - (banned ? 1 : 0));
      const auto drawn = sampler_.draw(id, degree, banned);
      batch_ = {.shared = endpoint::source, .one = position, .many = drawn, .first_entry = position * degree};
      if (!all_are_local_) keep_local(drawn);
      if (!batch_.many.empty()) return {&batch_, 1};
    }
    return {};
  }

 private:
  void keep_local(std::span<const std::uint32_t> drawn) {
    kept_.resize(drawn.size());
    offsets_.resize(drawn.size());
    std::size_t n = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {  // without a branch: which draws are local is unpredictable
      kept_[n] = drawn[i];
      offsets_[n] = static_cast<std::uint32_t>(i);
      n += local_[drawn[i]];
    }
    batch_.many = {kept_.data(), n};
    batch_.entry_offsets = {offsets_.data(), n};
  }

  const rule_spec& spec_;
  node_index sources_, targets_;
  index_sampler sampler_;
  bool all_are_local_;
  std::vector<std::uint8_t> local_;  // by position of the target
  std::uint32_t source_ = 0;
  std::vector<std::uint32_t> kept_, offsets_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_fixed_outdegree(const rule_spec& spec, const layout& place) {
  return std::make_unique<fixed_outdegree>(spec, place);
}

}  // namespace volley::runtime
