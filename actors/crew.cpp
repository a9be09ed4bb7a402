#include "actors/crew.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "caf/send.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

crew::~crew() {
  for (const auto& [epoch, one] : kernels_) caf::anon_send(one.who, kernel_ended{});
}

// Kernels that hold one VP here each are on lanes of their own, as far as there are any.
std::size_t crew::free_lane() const {
  std::size_t lane = 0;
  while (std::ranges::any_of(kernels_, [&](const auto& one) { return one.second.first_lane == lane; })) ++lane;
  return lane;
}

// Nothing comes behind what ends a kernel: its orders take one way.
void crew::take(cluster::order_message m) {
  const auto epoch = m.at.epoch;
  if (std::holds_alternative<cluster::told::leave>(m.what)) {
    if (const auto gone = kernels_.extract(epoch)) caf::anon_send(gone.mapped().who, kernel_ended{});
    return;
  }
  auto found = kernels_.find(epoch);
  if (found == kernels_.end()) {
    if (!std::holds_alternative<cluster::told::place>(m.what) &&
        !std::holds_alternative<cluster::told::modules>(m.what))
      return;
    auto setup = setup_;
    setup.first_lane = free_lane();
    const auto lane = setup.first_lane;
    found = kernels_.emplace(epoch, member{system_.spawn<worker>(std::move(setup)), lane}).first;
  }
  caf::anon_send(found->second.who, order_arrived{std::make_shared<cluster::order_message>(std::move(m))});
}

}  // namespace volley::actors
