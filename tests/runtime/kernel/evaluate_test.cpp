// Parameters for their own sake: of nobody, of nodes, of a node and points.
#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

parameter_ref made(operation what, std::vector<double> of) { return parameter::make({{what, {}, std::move(of)}}); }

value evaluated(solo_kernel& k, const parameter_ref& p, std::optional<node_set> nodes = {}, value targets = {}) {
  return std::get<value>(k.call(api::evaluate{p, std::move(nodes), std::move(targets)}));
}

std::optional<error_kind> refusal(solo_kernel& k, const parameter_ref& p, std::optional<node_set> nodes = {},
                                  value targets = {}) {
  try {
    evaluated(k, p, std::move(nodes), std::move(targets));
  } catch (const api_error& e) {
    return e.kind();
  }
  return {};
}

node_set layer(solo_kernel& k) {
  return std::get<node_set>(k.call(api::create_nodes{
      "iaf_psc_alpha", 1, {}, dictionary{{"positions", matrix{3, 2, {0, 1, 2, 3, 4, 0}}}, {"edge_wrap", true}}}));
}

TEST(evaluate, each_call_and_each_node_draws_its_own_on_any_layout) {
  const auto uniform = made(operation::uniform, {0, 1});
  value first, nodes;
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    const auto cells = k.create("iaf_psc_alpha", 4);
    const auto one = evaluated(k, uniform), all = evaluated(k, uniform, cells);
    EXPECT_NE(one, evaluated(k, uniform));
    EXPECT_EQ(all.get_if<std::vector<double>>()->size(), 4u);
    if (vps == 1) {
      first = one;
      nodes = all;
    }
    EXPECT_EQ(one, first);
    EXPECT_EQ(all, nodes);
  }
}

TEST(evaluate, nodes_and_pairs_know_where_they_are) {
  solo_kernel k(2);
  const auto cells = layer(k);
  EXPECT_EQ(evaluated(k, made(operation::position, {0, 0}), node_set{0, {{1, 3, 2}}}),
            value(std::vector<double>{0, 4}));
  const node_set second{0, {{2, 2, 1}}};
  const value targets(matrix{2, 2, {2, 3, -1, 3}});
  EXPECT_EQ(evaluated(k, made(operation::distance, {0}), second, targets), value(std::vector<double>{0, 1}));  // around
  EXPECT_EQ(evaluated(k, made(operation::position, {0, 1}), second, targets), value(std::vector<double>{2, 2}));
  EXPECT_EQ(evaluated(k, made(operation::position, {0, 2}), second, targets), value(std::vector<double>{2, -1}));
}

TEST(evaluate, what_reads_positions_needs_them) {
  solo_kernel k(2);
  const auto cells = layer(k), plain = k.create("iaf_psc_alpha", 2);
  const auto x = made(operation::position, {0, 0}), far = made(operation::distance, {0});
  const node_set one{0, {{1, 1, 1}}};
  EXPECT_EQ(refusal(k, x), error_kind::KernelException);
  EXPECT_EQ(refusal(k, x, plain), error_kind::KernelException);
  EXPECT_EQ(refusal(k, made(operation::position, {2, 0}), cells), error_kind::KernelException);
  EXPECT_EQ(refusal(k, far), error_kind::BadParameterValue);
  EXPECT_EQ(refusal(k, far, cells), error_kind::BadParameterValue);
  EXPECT_EQ(refusal(k, far, cells, value(matrix{1, 2, {0, 0}})), error_kind::ValueError);
  EXPECT_EQ(refusal(k, far, one, value(matrix{1, 3, {0, 0, 0}})), error_kind::BadProperty);
  EXPECT_EQ(refusal(k, far, one, value("here")), error_kind::ValueError);
  EXPECT_EQ(refusal(k, far, node_set{0, {{4, 4, 1}}}, value(matrix{1, 2, {0, 0}})), error_kind::LayerExpected);
}

}  // namespace
}  // namespace volley::runtime
