#include "runtime/cluster/order_log.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

template <class... Orders> bool is_any_of(const order& o) { return (std::holds_alternative<Orders>(o) || ...); }

/// What an image takes for granted. Lists of values may give nodes more receptors.
bool is_lasting(const order& o) {
  using namespace orders;
  if (const auto* const values = std::get_if<set_nodes>(&o))
    return std::ranges::any_of(values->values, [](const auto& one) {
      return !number_of(one.second) && !one.second.template is<parameter_ref>();
    });
  return is_any_of<add_nodes, add_devices, connect, set_store, become_loaded, build, begin_load, load_part>(o);
}

}  // namespace

// Files that an order has made are its own when it is obeyed again.
void order_log::add(order_ref what) {
  if (is_question(*what)) return;
  if (auto files = std::get_if<orders::prepare>(what.get())) {
    auto again = *files;
    again.overwrite_files = true;
    what = std::make_shared<const order>(std::move(again));
  }
  recent_.emplace_back(std::move(what));
}

void order_log::begin(const stretch& what) { recent_.emplace_back(what); }

void order_log::end(step_t at) { std::get<stretch>(recent_.back()).to = at; }

void order_log::commit(std::uint64_t mark, step_t at) {
  expects(mark >= dropped_ && mark - dropped_ < recent_.size(), "cuts are committed in their order");
  for (; dropped_ < mark; ++dropped_) {
    if (const auto* const o = std::get_if<order_ref>(&recent_.front()); o != nullptr && is_lasting(**o))
      lasting_.push_back(*o);
    recent_.pop_front();
  }
  std::get<stretch>(recent_.front()).from = at;
  has_images_ = true;
}

std::deque<order_log::step> order_log::way_back() const {
  std::deque<step> way(lasting_.begin(), lasting_.end());
  if (has_images_) way.emplace_back(load());
  way.insert(way.end(), recent_.begin(), recent_.end());
  return way;
}

}  // namespace volley::runtime::cluster
