// The fields of a synaptic element of one neuron, as node_fields.hpp has those of the neuron itself.
#pragma once
#include <string_view>

#include "models/core/field_table.hpp"
#include "runtime/growth/growth_curve.hpp"

namespace volley::runtime {

struct element_record {
  double growth_curve = 1, growth_rate = 1, eta = 0.1, eps = 0.7, psi = 0.1;
  double tau_vacant = 0.1, continuous = 1, z = 0, z_connected = 0;
  double present = 0;
};

namespace detail {

constexpr auto element_field_table() {
  using namespace models::declare;
  using E = element_record;
  constexpr auto here = models::part::node;
  constexpr auto truth = [](models::field& f) { f.kind = models::field_kind::flag; };
  return table(
      row(here, "growth_curve", &E::growth_curve, none, "what calcium does to the growth", one_of(growth_curves)),
      row(here, "growth_rate", &E::growth_rate, "1/ms", "elements that grow at most"),
      row(here, "eta", &E::eta, none, "gaussian: calcium above which elements grow"),
      row(here, "eps", &E::eps, none, "calcium at which (gaussian: above which again) none grows"),
      row(here, "psi", &E::psi, none, "sigmoid: width of the curve"),
      row(here, "tau_vacant", &E::tau_vacant, none, "share of vacant elements that each update takes away", positive),
      row(here, "continuous", &E::continuous, none, "kept; has no effect", truth),
      row(here, "z", &E::z, none, "number of elements", non_negative, at_most(0x1p31)),
      row(here, "z_connected", &E::z_connected, none, "elements that are connected", integer, read_only),
      row(here, "present", &E::present, none, "whether the neuron has the element", truth, hidden));
}

}  // namespace detail

inline constexpr auto element_fields = detail::element_field_table();
static_assert(models::covers<element_record>(element_fields, models::part::node));
static_assert(element_record{}.growth_curve == static_cast<double>(growth_curve::linear));

/// True for keys that elements of this curve have.
constexpr bool has_key(growth_curve curve, const models::field& f) {
  if (f.name == "eta") return curve == growth_curve::gaussian;
  if (f.name == "psi") return curve == growth_curve::sigmoid;
  return f.is_key;
}

}  // namespace volley::runtime
