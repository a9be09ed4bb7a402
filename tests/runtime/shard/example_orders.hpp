// An order of each kind, with all that orders can have.
#pragma once
#include <memory>
#include <vector>

#include "runtime/devices/built_in_devices.hpp"
#include "runtime/rules/third_factor.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/order.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

inline std::vector<order> example_orders() {
  const parameter_ref drawn = parameter::make({{operation::uniform, {}, {1.0, 2.0}}});
  const attributes prototype(built_in_models().neurons[0]);
  const node_set nodes{3, {{1, 9, 2}, {20, 30, 1}}};
  const auto where = layer::on_grid(1, {{3, 3, 1}}, {2, {0, 0, 0}, {1, 1, 0}, true});
  drawn_positions how{{drawn, drawn}, {4, 5}};
  auto columns = layer::draw(20, 11, how);
  const auto others = layer::drawn(20, std::move(how), std::move(columns), {2, {0, 0, 0}, {3, 3, 0}, false});
  const auto region = std::make_shared<const mask>(
      make_joined(mask::form::without, std::make_shared<const mask>(make_ellipsoid(2, {1, 1, 1}, 0, 0)),
                  std::make_shared<const mask>(make_box(2, {-1, -1, 0}, {0, 0, 0}, 30, 0))));
  const auto rule = std::make_shared<rule_spec>();
  rule->space = std::make_shared<const spatial_rule>(spatial_rule{where, others, {region, others}, false, drawn});
  projection p;
  p.rule = rule;
  p.only = std::make_shared<pair_filter>(pair_filter{nodes, nodes});
  p.weight = drawn;
  p.told_call = 7;
  p.defaults = {1.0, 2.0};
  p.parameters = {{0, 3.0}};
  const auto with_third = std::make_shared<third_factor>(third_factor{rule, nodes, 0.5, 3, true});
  projection third = p;
  third.rule = std::make_shared<rule_spec>(into_third(with_third));
  const std::vector<element_use> uses{{"Axon", nodes, {2}}, {"Den", {0, {{7, 8, 1}}}, {1, -1}}};
  tap t;
  t.nodes = nodes;
  return {
      orders::add_nodes{1, 9, 0, prototype.image(), {{"V_m", drawn}}, {{4, 5}, true}, 2.5, where},
      orders::add_devices{
          {stimulator(11, parameters_of<devices::noise_generator>{}, time_grid())}, true, {recorder_spec()}},
      orders::set_nodes{nodes, {{"tau_m", std::vector<double>{1, 2}}}, {}, 1, {}, {{recorder_ordinal(), {}, true}}, 3},
      orders::connect{{p, p, third}, {3, connection_trial{}}, {t}, 4, uses},
      orders::edit_connections{
          "set", {1, {1}, {2}, {0}, {0}}, {.weight = number_list{{2.0}}}, {{store_ordinal(), "mine"}}, 5, uses},
      orders::remove_pairs{{store_ordinal(1), false, nodes, nodes, 2.0}, 6, uses},
      orders::set_store{store_ordinal(3), 1, {1.0}, 2.0, recorder_ordinal::none(), 7},
      orders::decay_vacant{},
      orders::become_loaded{},
      orders::build{},
      orders::prepare{{time_grid(), 5, 2, 9, 11}, true, {{recorder_ordinal(), {"a.dat", "b.dat"}}}},
      orders::end_run{true, 9},
      orders::grow_elements{9, {"Axon", "Den"}},
      orders::begin_load{3, 25, {{1, 9, 0, where}, {20, 30, 0, others}}, std::vector<std::byte>(5)},
      orders::load_part{{saved_part::kind::rows, store_ordinal(2), 5, 9, {}}, {std::vector<std::byte>(3), {}}},
      orders::forget_loaded{},
      orders::save_part{{saved_part::kind::events, {}, 0, 0, recorder_ordinal(3)}, 25},
      orders::size_of_store{store_ordinal(2)},
      orders::find_connections{{nodes, {}, store_ordinal(3), 7.0}},
      orders::read_connections{{1, {1}, {2}, {0}, {0}}, true},
      orders::read_nodes{nodes, {"V_m"}, 8},
      orders::read_events{{recorder_ordinal(0), recorder_ordinal(1)}},
      orders::measure{},
  };
}

}  // namespace volley::runtime
