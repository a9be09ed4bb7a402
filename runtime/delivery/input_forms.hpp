// How amounts of each input form are added to rows: the one table of their functions. Loops over events are instances
// of a template by form, so that nothing asks for the form of a single event.
#pragma once
#include <cstdint>

#include "models/core/input_form.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

using models::input_form;

/// By slot, where amounts of one form go: those below zero apart, where the sign matters; else both are one.
struct row_planes {
  double* positive;
  double* negative;
};

// Of a form: `weighs`: the amount of an event is its connection's weight times the factor of its spike, else the factor
// alone.

struct sum_form {
  static constexpr input_form name = input_form::sum;
  static constexpr bool weighs = true;
  static double factor(double multiplicity, double spike_weight) { return spike_weight * multiplicity; }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct by_sign_form {
  static constexpr input_form name = input_form::by_sign;
  static constexpr bool weighs = true;
  static double factor(double multiplicity, double spike_weight) { return spike_weight * multiplicity; }
  static row_planes planes(const input_row& row) { return {row.positive, row.negative}; }
};

struct count_form {
  static constexpr input_form name = input_form::count;
  static constexpr bool weighs = false;
  static double factor(double multiplicity, double) { return multiplicity; }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct current_form {
  static constexpr input_form name = input_form::current;
  static constexpr bool weighs = true;
  static double factor(double multiplicity, double spike_weight) { return spike_weight * multiplicity; }
  static row_planes planes(const input_row& row) { return {row.current, row.current}; }
};

/// Calls visit with the struct of a form.
template <class Visit> decltype(auto) with_form(input_form form, Visit&& visit) {
  switch (form) {
    case input_form::sum: return visit(sum_form());
    case input_form::by_sign: return visit(by_sign_form());
    case input_form::count: return visit(count_form());
    case input_form::current: return visit(current_form());
  }
  __builtin_unreachable();
}

/// Whether amounts of F below zero have a plane of their own.
template <class F> inline constexpr bool splits = models::facts_of(F::name).splits_by_sign;

inline row_planes planes_of(input_form form, const input_row& row) {
  return with_form(form, [&](auto f) { return f.planes(row); });
}

/// What multiplies the weights of all connections that a spike goes through.
inline double factor_of(input_form form, double multiplicity, double spike_weight) {
  return with_form(form, [&](auto f) { return f.factor(multiplicity, spike_weight); });
}

/// Whether the weight of a connection matters.
inline bool weighs(input_form form) {
  return with_form(form, [](auto f) { return f.weighs; });
}

/// What adds to the rows of a form what plastic connections send.
transmit_amounts transmission_of(input_form form);

}  // namespace volley::runtime
