#include "runtime/shard/order.hpp"

#include <type_traits>

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

reply::reply() = default;
reply::reply(const reply&) = default;
reply::reply(reply&&) noexcept = default;
reply& reply::operator=(const reply&) = default;
reply& reply::operator=(reply&&) noexcept = default;
reply::~reply() = default;
void reply::snapshot(snapshot_writer& s) const { s(static_cast<const variant&>(*this)); }
void reply::snapshot(snapshot_reader& s) { s(static_cast<variant&>(*this)); }

order::order() = default;
order::order(const order&) = default;
order::order(order&&) noexcept = default;
order& order::operator=(const order&) = default;
order& order::operator=(order&&) noexcept = default;
order::~order() = default;
void order::snapshot(snapshot_writer& s) const { s(static_cast<const variant&>(*this)); }
void order::snapshot(snapshot_reader& s) { s(static_cast<variant&>(*this)); }

bool is_change(const order& o) { return o.index() < 9; }
static_assert(std::is_same_v<std::variant_alternative_t<8, order::variant>, orders::become_loaded>,
              "the changes come first");
bool is_question(const order& o) { return o.index() >= 16; }
static_assert(std::is_same_v<std::variant_alternative_t<16, order::variant>, orders::save_part>,
              "the questions come last");

bool answers(const reply& r, const order& o) {
  return std::visit([&]<class O>(const O&) { return std::holds_alternative<typename O::answer>(r); }, o);
}

}  // namespace volley::runtime
