// Bytes that are changed at random, of orders, messages of a cluster, images of shards and parts of saved networks:
// whatever they are, they are read or refused, and nothing else happens. VOLLEY_CHANGES: how often each.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/cluster/message.hpp"
#include "runtime/shard/network_loader.hpp"
#include "runtime/shard/order_codec.hpp"
#include "tests/runtime/saved_in_memory.hpp"
#include "tests/runtime/shard/example_orders.hpp"
#include "tests/runtime/varied_network.hpp"

namespace volley::runtime::tests {
namespace {

using bytes = std::vector<std::byte>;

class changer {
 public:
  explicit changer(std::uint64_t seed) : draw_(seed) {}

  bytes changed(const std::vector<bytes>& from) {
    auto b = any_of(from);
    for (auto times = 1 + draw_() % 4; times > 0 && !b.empty(); --times) change(b, from);
    return b;
  }

 private:
  const bytes& any_of(const std::vector<bytes>& from) { return from[draw_() % from.size()]; }

  void change(bytes& b, const std::vector<bytes>& from) {
    const auto at = draw_() % b.size(), n = std::min<std::uint64_t>(1 + draw_() % 16, b.size() - at);
    const auto place = b.begin() + static_cast<std::ptrdiff_t>(at);
    switch (draw_() % 6) {
      case 0: *place ^= static_cast<std::byte>(1u << draw_() % 8); break;
      case 1: *place = static_cast<std::byte>(draw_()); break;
      case 2: {  // a number as counts, sizes and ordinals are
        constexpr std::array<std::uint64_t, 8> odd{
            0, 1, 0xffff, 0x7fffffff, 0xffffffff, std::uint64_t{1} << 40, ~std::uint64_t{0} >> 1, ~std::uint64_t{0}};
        const auto number = odd[draw_() % odd.size()];
        std::memcpy(&*place, &number, std::min<std::size_t>(b.size() - at, draw_() % 2 ? 8 : 4));
        break;
      }
      case 3: b.erase(place, place + static_cast<std::ptrdiff_t>(n)); break;
      case 4: b.insert(place, n, static_cast<std::byte>(draw_())); break;
      default: {  // a piece of another
        const auto& other = any_of(from);
        if (other.empty()) break;
        const auto begin = draw_() % other.size(), size = std::min<std::uint64_t>(n, other.size() - begin);
        std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(begin), std::min(size, b.size() - at), place);
      }
    }
  }

  std::mt19937_64 draw_;
};

int changes() {
  const char* const told = std::getenv("VOLLEY_CHANGES");
  return told != nullptr ? std::atoi(told) : 2000;
}

/// Reads bytes that were changed. Returns how many were refused.
int read_changed(const std::vector<bytes>& from, const std::function<void(const bytes&)>& read) {
  changer some(17);
  int refused = 0;
  for (int i = 0; i < changes(); ++i) {
    SCOPED_TRACE(i);
    try {
      read(some.changed(from));
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  return refused;
}

TEST(wrong_bytes, of_an_order_are_read_or_refused) {
  std::vector<bytes> all;
  for (const auto& o : example_orders()) all.push_back(encoded(o));
  EXPECT_GT(read_changed(all, [](const bytes& b) { decoded_order(b); }), changes() / 4);
}

TEST(wrong_bytes, of_what_supervisor_and_workers_say_are_read_or_refused) {
  namespace told = cluster::told;
  namespace said = cluster::said;
  const cluster::worker_number one(1), two(2);
  const cluster::cut_name cut{1, 2, 30};
  const told::place::peer peer{two, "127.0.0.1", 77};
  std::vector<bytes> orders, reports;
  for (auto& o : example_orders())
    orders.push_back(encoded(cluster::order_message{{5, 1}, told::obey{3, std::make_shared<const order>(o)}}));
  for (const told::content& what : std::initializer_list<told::content>{
           told::place{{one, two, one}, {{one, "127.0.0.1", 5}, peer}, "secret", cut}, told::decide{3, true},
           told::run{4, 10, 20, 5, true}, told::ask{request::pause}, told::commit{cut}, told::give{cut, 1, peer, cut},
           told::load{5, cut}, told::leave{"enough"}})
    orders.push_back(encoded(cluster::order_message{{5, 1}, what}));
  for (const said::content& what : std::initializer_list<said::content>{
           said::ready(), said::votes{4, {{0, reply(replies::tally{8, 9, {}}), {}}, {2, {}, refusal{}}}},
           said::vp_failed{1, {error_kind::IOError, "disk"}}, said::rested{1, stop_reason::failed, 30, 4, {}},
           said::link_lost{two, "reset"}, said::copy{cut, 1, true, 0.5}, said::kept{cut, 1}, said::images_lost{two},
           said::beat{1, 2, 3, 4, 5, 6}, said::leaving(), said::stuck{{2, 70}}})
    reports.push_back(encoded(cluster::report_message{{5, 1}, what}));
  EXPECT_GT(read_changed(orders, [](const bytes& b) { cluster::decoded_order_message(b); }), changes() / 4);
  EXPECT_GT(read_changed(reports, [](const bytes& b) { cluster::decoded_report_message(b); }), changes() / 4);
}

// A shard that one has broken is made anew.
TEST(wrong_bytes, of_images_are_taken_or_refused) {
  std::optional<varied_network> n;
  std::vector<shard_image> images;
  const auto make = [&] {
    n.emplace(2, "iaf_psc_exp", 0);
    n->k.simulate(6.0);
    n->k.save();
    n->k.simulate(6.3);
    images = n->k.save();
  };
  make();
  const auto take = [&](const shard_image& changed) {
    auto& shard = n->k.shard_at(0);
    try {
      shard.load(changed);
      shard.load(images[0]);
    } catch (const std::invalid_argument&) {
      make();
      throw;
    }
    EXPECT_TRUE(shard.save() == images[0]);
  };
  const auto shared = [](const bytes& b) { return std::make_shared<const bytes>(b); };
  const int states = read_changed({*images[0].state, *images[1].state}, [&](const bytes& b) {
    take({shared(b), images[0].events});
  });
  EXPECT_GT(states, changes() / 4);
  ASSERT_EQ(images[0].events.size(), 2u);
  const int pieces = read_changed({*images[0].events[1], *images[1].events[1]}, [&](const bytes& b) {
    take({images[0].state, {images[0].events[0], shared(b)}});
  });
  EXPECT_GT(pieces, changes() / 4);
}

// Whichever has come, the right one can be loaded then.
TEST(wrong_bytes, of_saved_networks_are_loaded_or_refused) {
  saved_in_memory files;
  varied_network n(2, "iaf_psc_exp", 0, &files);
  n.k.simulate(12.3);
  n.k.call(api::save{"right"});
  const auto right = files.files.at("right");
  varied_network other(3, "iaf_psc_exp", 1, &files);
  changer some(23);
  std::mt19937_64 draw(29);
  int refused = 0;
  for (int i = 0; i < changes() / 10; ++i) {
    SCOPED_TRACE(i);
    auto& wrong = files.files["wrong"] = right;
    auto& section = wrong[draw() % wrong.size()];
    section = some.changed({section});
    try {
      other.k.call(api::load{"wrong"});
      other.k.call(api::load{"right"});
    } catch (const api_error& why) {
      ++refused;
      EXPECT_NE(why.kind(), error_kind::InternalError) << why.what();
    }
  }
  EXPECT_GT(refused, changes() / 40);
  other.k.call(api::load{"right"});
}

}  // namespace
}  // namespace volley::runtime::tests
