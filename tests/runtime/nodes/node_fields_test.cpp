#include "runtime/nodes/node_fields.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace volley::runtime {
namespace {

using models::bound;
using models::field;

const field* named(std::string_view name) {
  for (const field& f : node_fields)
    if (f.name == name) return &f;
  return nullptr;
}

double default_of(const field& f) { return models::values_of(node_record{})[static_cast<std::size_t>(f.column)]; }

TEST(node_fields, have_names_of_their_own_and_legal_defaults) {
  std::set<std::string_view> names;
  for (const field& f : node_fields) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_EQ(f.where, models::part::node) << f.name;
    if (f.range == bound::positive) {
      EXPECT_GT(default_of(f), 0) << f.name;
    }
    if (f.range == bound::non_negative) {
      EXPECT_GE(default_of(f), 0) << f.name;
    }
  }
}

TEST(node_fields, are_named_as_their_members) {
  EXPECT_EQ(default_of(*named("tau_minus")), node_record{}.tau_minus);
  EXPECT_EQ(default_of(*named("tau_minus_triplet")), node_record{}.tau_minus_triplet);
  EXPECT_EQ(default_of(*named("tau_Ca")), node_record{}.tau_Ca);
  EXPECT_EQ(default_of(*named("beta_Ca")), node_record{}.beta_Ca);
  EXPECT_EQ(default_of(*named("t_spike")), -1) << "before the first spike";
}

TEST(node_fields, what_spikes_write_is_for_reading) {
  for (const char* name : {"t_spike", "post_trace", "archiver_length"}) EXPECT_TRUE(named(name)->is_read_only) << name;
  EXPECT_FALSE(named("Ca")->is_read_only);
  EXPECT_FALSE(named("Ca_time")->is_key) << "how calcium is kept";
  EXPECT_TRUE(named("frozen")->is_instance_only) << "a model cannot be frozen";
}

}  // namespace
}  // namespace volley::runtime
