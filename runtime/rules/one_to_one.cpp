// one_to_one: the i-th source to the i-th target; with make_symmetric once more, from the i-th target to the i-th
// source.
#include <array>

#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/local_nodes.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

class one_to_one : public batch_source {
 public:
  one_to_one(const rule_spec& spec, const layout& place)
      : spec_(spec), place_(place), sources_(spec.sources), targets_(spec.targets), locals_(spec.targets, place) {}

  /// Batches of one connection, many at a time.
  std::span<const connection_batch> next() override {
    std::size_t n = fill();
    if (n == 0 && spec_.make_symmetric && !reversed_) {
      reversed_ = true;
      locals_ = local_nodes(spec_.sources, place_);
      n = fill();
    }
    return {batches_.data(), n};
  }

 private:
  std::size_t fill() {
    const node_index& others = reversed_ ? targets_ : sources_;
    std::size_t n = 0;
    for (local_nodes::entry at; n < batches_.size() && locals_.next(at);) {
      if (!spec_.allow_autapses && others.id(at.position) == at.id) continue;
      positions_[n] = at.position;
      batches_[n] = {
          .reversed = reversed_, .one = at.position, .many = {&positions_[n], 1}, .first_entry = at.position};
      ++n;
    }
    return n;
  }

  const rule_spec& spec_;
  layout place_;
  node_index sources_, targets_;
  local_nodes locals_;
  bool reversed_ = false;
  std::array<std::uint32_t, 128> positions_;
  std::array<connection_batch, 128> batches_;
};

}  // namespace

std::unique_ptr<batch_source> walk_one_to_one(const rule_spec& spec, const layout& place) {
  return std::make_unique<one_to_one>(spec, place);
}

}  // namespace volley::runtime
