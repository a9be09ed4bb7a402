#include "runtime/cluster/order_log.hpp"

#include <gtest/gtest.h>

#include <string>

namespace volley::runtime::cluster {
namespace {

order_log::order_ref some(order o) { return std::make_shared<const order>(std::move(o)); }

/// A letter a step: c(onnect), s(et), p(repare), l(oad), r(un).
std::string letters(const order_log& log) {
  std::string all;
  for (const auto& step : log.way_back()) {
    const auto* const o = std::get_if<order_log::order_ref>(&step);
    if (o == nullptr)
      all += std::holds_alternative<order_log::load>(step) ? 'l' : 'r';
    else
      all += std::holds_alternative<orders::connect>(**o)   ? 'c'
             : std::holds_alternative<orders::prepare>(**o) ? 'p'
                                                            : 's';
  }
  return all;
}

orders::set_nodes with(value v) {
  orders::set_nodes o;
  o.values["I_e"] = std::move(v);
  return o;
}

TEST(an_order_log, leads_from_empty_shards_to_where_they_are) {
  order_log log;
  EXPECT_EQ(letters(log), "");
  log.add(some(orders::connect()));
  log.add(some(orders::read_nodes()));
  log.begin({0, 50, 10});
  log.add(some(with(1.0)));
  EXPECT_EQ(letters(log), "crs");
}

TEST(an_order_log, forgets_before_a_cut_what_images_have) {
  order_log log;
  log.add(some(orders::connect()));
  log.add(some(with(1.0)));
  auto both = with(std::vector{1.0, 2.0});
  both.values["V_m"] = -70.0;
  log.add(some(std::move(both)));
  log.begin({0, 50, 10});
  log.begin({50, 100, 10});
  const auto mark = log.mark();
  log.end(90);
  log.add(some(with(2.0)));
  log.commit(mark, 70);
  EXPECT_EQ(letters(log), "cslrs") << "lists of values may have made receptors";
  const auto run = std::get<order_log::stretch>(log.way_back().at(3));
  EXPECT_EQ(run.from, 70);
  EXPECT_EQ(run.to, 90);
  log.begin({90, 200, 10});
  log.commit(log.mark(), 150);
  EXPECT_EQ(letters(log), "cslr");
  EXPECT_EQ(log.size(), 3u);
}

TEST(an_order_log, files_that_were_made_may_be_made_again) {
  order_log log;
  log.add(some(orders::prepare()));
  const auto again = std::get<order_log::order_ref>(log.way_back().at(0));
  EXPECT_TRUE(std::get<orders::prepare>(*again).overwrite_files);
}

}  // namespace
}  // namespace volley::runtime::cluster
