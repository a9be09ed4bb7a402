// symmetric_pairwise_bernoulli: each pair of a source and a target throws a coin, and success makes connections in both
// directions. Where sources and targets are the same nodes, two of them meet in two pairs and can be connected twice,
// which is why the rule insists on multapses. A coin belongs to its pair, so the VPs of both nodes see the same one.
#include <vector>

#include "models/core/random.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/local_nodes.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

class symmetric_pairwise_bernoulli : public batch_source {
 public:
  symmetric_pairwise_bernoulli(const rule_spec& spec, const layout& place)
      : spec_(spec),
        place_(place),
        key_{spec.seed, models::purpose::rule_block, spec.call},
        p_(std::get<double>(spec.number)),
        sources_(spec.sources),
        targets_(spec.targets),
        locals_(spec.targets, place) {}

  /// First the connections from sources to targets, then those back.
  std::span<const connection_batch> next() override {
    if (p_ == 0) return {};
    if (find_partners()) return {&batch_, 1};
    if (reversed_) return {};
    reversed_ = true;
    locals_ = local_nodes(spec_.sources, place_);
    return find_partners() ? std::span<const connection_batch>(&batch_, 1) : std::span<const connection_batch>();
  }

 private:
  /// The next local node that any coin connects.
  bool find_partners() {
    for (local_nodes::entry at; locals_.next(at);) {
      throw_coins(at);
      if (partners_.empty()) continue;
      batch_ = {.reversed = reversed_, .one = at.position, .many = partners_};
      return true;
    }
    return false;
  }

  void throw_coins(const local_nodes::entry& at) {
    partners_.clear();
    const node_index& others = reversed_ ? targets_ : sources_;
    const auto itself = others.position(at.id);
    for (std::uint32_t other = 0; other < others.size(); ++other) {
      if (other == itself) continue;
      const std::uint32_t source = reversed_ ? at.position : other, target = reversed_ ? other : at.position;
      const auto coin = models::draw(key_, {source, target, 0, 0});
      if (models::uniform01(coin[0], coin[1]) < p_) partners_.push_back(other);
    }
  }

  const rule_spec& spec_;
  layout place_;
  models::random_key key_;
  double p_;
  node_index sources_, targets_;
  local_nodes locals_;
  bool reversed_ = false;
  std::vector<std::uint32_t> partners_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_symmetric_pairwise_bernoulli(const rule_spec& spec, const layout& place) {
  return std::make_unique<symmetric_pairwise_bernoulli>(spec, place);
}

}  // namespace volley::runtime
