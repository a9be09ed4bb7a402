// all_to_all: every source to every target, sources in order.
#include <numeric>
#include <vector>

#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

class all_to_all : public batch_source {
 public:
  all_to_all(const rule_spec& spec, const layout& place) : target_(spec, place), all_(target_.sources().size()) {
    std::iota(all_.begin(), all_.end(), 0u);
  }

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      batch_ = {.one = target_.position(), .first_entry = std::uint64_t{target_.position()} * all_.size()};
      if (target_.banned()) {
        leave_out(*target_.banned());
        batch_.many = batch_.entry_offsets = others_;  // the array has an entry for the pair left out, too
      } else {
        batch_.many = all_;
      }
      if (!batch_.many.empty()) return {&batch_, 1};
    }
    return {};
  }

 private:
  void leave_out(std::uint32_t banned) {
    others_.assign(all_.begin(), all_.begin() + banned);
    others_.insert(others_.end(), all_.begin() + banned + 1, all_.end());
  }

  target_cursor target_;
  std::vector<std::uint32_t> all_, others_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_all_to_all(const rule_spec& spec, const layout& place) {
  return std::make_unique<all_to_all>(spec, place);
}

}  // namespace volley::runtime
