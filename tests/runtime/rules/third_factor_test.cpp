#include "runtime/rules/third_factor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

const node_set pre = nodes(1, 6), post = nodes(11, 16), third = nodes(21, 32);

std::shared_ptr<const rule_spec> all_to_all(node_set targets = post) {
  return std::make_shared<const rule_spec>(parse_rule({{"rule", "all_to_all"}}, pre, std::move(targets), 5, 2));
}

std::shared_ptr<const third_factor> parsed(dictionary spec, node_set targets = post, node_set of = third) {
  spec["rule"] = "third_factor_bernoulli_with_pool";
  unknown_keys errors;
  return parse_third_factor(spec, all_to_all(std::move(targets)), std::move(of), errors);
}

/// The class and text of what is refused.
std::pair<std::optional<error_kind>, std::string> refusal(dictionary spec, node_set targets = post,
                                                          node_set of = third) {
  try {
    parsed(std::move(spec), std::move(targets), std::move(of));
  } catch (const api_error& e) {
    return {e.kind(), e.what()};
  }
  return {std::nullopt, "nothing was refused"};
}
std::optional<error_kind> refusal_kind(dictionary spec, node_set targets = post) {
  return refusal(std::move(spec), std::move(targets)).first;
}

TEST(third_factor, takes_all_nodes_and_connections_by_default) {
  const auto t = parsed({});
  EXPECT_EQ(t->p, 1.0);
  EXPECT_EQ(t->pool_size, 12u);
  EXPECT_FALSE(t->blocks);
  EXPECT_EQ(t->nodes, third);
}

TEST(third_factor, reads_its_keys) {
  const auto t = parsed({{"p", 0.25}, {"pool_size", 2}, {"pool_type", "block"}});
  EXPECT_EQ(t->p, 0.25);
  EXPECT_EQ(t->pool_size, 2u);
  EXPECT_TRUE(t->blocks);
  EXPECT_FALSE(parsed({{"pool_type", "random"}})->blocks);
}

TEST(third_factor, refuses_what_the_contract_refuses) {
  EXPECT_EQ(refusal_kind({{"p", -0.1}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"p", 1.1}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"p", std::nan("")}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"p", "much"}}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal_kind({{"p", parameter::make({{operation::uniform, {}, {0, 1}}})}}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal_kind({{"pool_size", 0}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"pool_size", 13}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"pool_size", 2.0}}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal_kind({{"pool_type", "nope"}}), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind({{"pool_type", 1}}), error_kind::TypeMismatch);
}

TEST(third_factor, blocks_tile_the_nodes_or_the_targets) {
  const auto blocks = [](int size) { return dictionary{{"pool_size", size}, {"pool_type", "block"}}; };
  EXPECT_NO_THROW(parsed(blocks(2)));
  EXPECT_NO_THROW(parsed(blocks(1), nodes(101, 124)));
  EXPECT_NO_THROW(parsed(blocks(1), nodes(101, 112)));
  EXPECT_EQ(refusal_kind(blocks(3)), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind(blocks(1)), error_kind::BadProperty) << "fewer targets than nodes";
  EXPECT_EQ(refusal_kind(blocks(1), nodes(101, 125)), error_kind::BadProperty);
  EXPECT_EQ(refusal_kind(blocks(2), nodes(101, 124)), error_kind::BadProperty) << "only blocks of one are shared";
}

TEST(third_factor, names_the_key_that_was_meant) {
  const auto [kind, text] = refusal({{"pool_sise", 2}});
  EXPECT_EQ(kind, error_kind::UnaccessedDictionaryEntry);
  EXPECT_NE(text.find("did you mean 'pool_size'"), std::string::npos) << text;
}

TEST(third_factor, unknown_keys_can_be_warnings) {
  unknown_keys told(false);
  parse_third_factor({{"rule", "third_factor_bernoulli_with_pool"}, {"pool_sise", 2}}, all_to_all(), third, told);
  EXPECT_EQ(told.warnings().size(), 1u);
}

TEST(third_factor, other_rules_are_none) {
  unknown_keys errors;
  const auto kind_for = [&](const dictionary& spec) -> std::optional<error_kind> {
    try {
      parse_third_factor(spec, all_to_all(), third, errors);
    } catch (const api_error& e) {
      return e.kind();
    }
    return std::nullopt;
  };
  EXPECT_EQ(kind_for({{"rule", "one_to_one"}}), error_kind::IllegalConnection);
  EXPECT_EQ(kind_for({{"rule", "nope"}}), error_kind::IllegalConnection);
  EXPECT_EQ(kind_for({{"rule", 1}}), error_kind::TypeError);
  EXPECT_EQ(kind_for({}), error_kind::KeyErrorBuiltin);
  EXPECT_EQ(refusal({}, post, {}).first, error_kind::IllegalConnection);
}

TEST(third_factor, both_sides_are_rules_between_their_ends) {
  const auto t = parsed({});
  const auto in = into_third(t), out = out_of_third(t);
  EXPECT_EQ(in.sources, pre);
  EXPECT_EQ(in.targets, third);
  EXPECT_EQ(out.sources, third);
  EXPECT_EQ(out.targets, post);
  for (const auto& rule : {in, out}) {
    EXPECT_EQ(rule.kind, rule_kind::third_factor_bernoulli_with_pool);
    EXPECT_EQ(rule.seed, 5u);
    EXPECT_EQ(rule.call, 2u);
  }
}

TEST(third_factor, goes_through_bytes) {
  const auto rule = out_of_third(parsed({{"p", 0.5}, {"pool_size", 3}}));
  EXPECT_EQ(walked(object_of<rule_spec>(bytes_of(rule))), walked(rule));
}

TEST(third_factor, damaged_bytes_are_refused) {
  auto alone = out_of_third(parsed({}));
  alone.third = nullptr;
  EXPECT_THROW(object_of<rule_spec>(bytes_of(alone)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
