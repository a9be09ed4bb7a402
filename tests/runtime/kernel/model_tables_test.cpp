#include "runtime/kernel/model_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/catalog.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

template <class Model> const Model& named(const std::vector<Model>& all, std::string_view name) {
  return *std::ranges::find(all, name, &Model::name);
}

const std::string& text(const dictionary& d, const char* key) { return *d.find(key)->get_if<std::string>(); }

/// The row of a field; empty where there is none.
dictionary row(const dictionary& table, std::string_view name) {
  for (const auto& v : *table.find("fields")->get_if<std::vector<value>>())
    if (const auto& r = *v.get_if<dictionary>(); text(r, "name") == name) return r;
  return {};
}

const auto neurons = models::built_in_neurons();
const auto synapses = models::built_in_synapses();

TEST(model_tables, tell_fields_as_users_see_them) {
  const auto table = model_table(named(neurons, "iaf_psc_alpha"));
  EXPECT_EQ(text(table, "name"), "iaf_psc_alpha");
  EXPECT_EQ(text(table, "kind"), "neuron");
  const auto V_th = row(table, "V_th"), tau_m = row(table, "tau_m"), V_m = row(table, "V_m"), dI = row(table, "dI_ex");
  EXPECT_EQ(*V_th.find("default"), value(-55.0)) << "not relative to E_L";
  EXPECT_EQ(text(V_th, "unit"), "mV");
  EXPECT_EQ(text(tau_m, "range"), "> 0");
  EXPECT_EQ(text(tau_m, "kind"), "param");
  EXPECT_EQ(text(V_m, "kind"), "state");
  EXPECT_EQ(*V_m.find("recordable"), value(true));
  EXPECT_EQ(text(dI, "kind"), "hidden");
}

TEST(model_tables, have_values_of_all_kinds) {
  EXPECT_EQ(*row(model_table(named(neurons, "iaf_psc_delta")), "refractory_input").find("default"), value(false));
  const auto V_th = row(model_table(named(neurons, "mat2_psc_exp")), "V_th");
  EXPECT_EQ(*V_th.find("default"), value(-51.0)) << "computed";
  EXPECT_EQ(*V_th.find("read_only"), value(true));
  EXPECT_EQ(range_text(models::bound::positive, 1), "> 0, <= 1");
  EXPECT_EQ(range_text(models::bound::none, 1), "<= 1");
  EXPECT_EQ(range_text(models::bound::non_negative), ">= 0");
  EXPECT_EQ(range_text(models::bound::none), "");
}

TEST(model_tables, of_synapses_and_of_what_every_neuron_has) {
  const auto table = model_table(named(synapses, "stdp_synapse"));
  EXPECT_EQ(text(table, "kind"), "synapse");
  EXPECT_EQ(*row(table, "lambda").find("default"), value(0.01));
  EXPECT_EQ(*row(table_of_every_neuron(), "tau_minus").find("default"), value(20.0));
  EXPECT_EQ(text(table_of_every_neuron(), "name"), "");
}

TEST(model_tables, of_modules_are_told_by_a_kernel_that_is_asked) {
  solo_kernel k;
  EXPECT_EQ(k.status("module_models"), value(std::vector<value>()));
  const auto all = std::get<value>(k.call(api::get_kernel_status{}));
  EXPECT_FALSE(all.get_if<dictionary>()->contains("module_models"));
}

}  // namespace
}  // namespace volley::runtime
