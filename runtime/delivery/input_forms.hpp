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

// Of a form: `weighs`: the amount of an event is its connection's weight times the factor of its spikes, else the
// factor alone. `factor`: of so many spikes with one offset, where some of the same source and time came before them.
// `is_additive`: it is that of one spike, times their number.

struct sum_form {
  static constexpr input_form name = input_form::sum;
  static constexpr bool weighs = true, is_additive = true;
  static constexpr double factor(double multiplicity, double spike_weight, double, double) {
    return spike_weight * multiplicity;
  }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct by_sign_form {
  static constexpr input_form name = input_form::by_sign;
  static constexpr bool weighs = true, is_additive = true;
  static constexpr double factor(double multiplicity, double spike_weight, double, double) {
    return spike_weight * multiplicity;
  }
  static row_planes planes(const input_row& row) { return {row.positive, row.negative}; }
};

struct count_form {
  static constexpr input_form name = input_form::count;
  static constexpr bool weighs = false, is_additive = true;
  static constexpr double factor(double multiplicity, double, double, double) { return multiplicity; }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct current_form {
  static constexpr input_form name = input_form::current;
  static constexpr bool weighs = true, is_additive = true;
  static constexpr double factor(double multiplicity, double spike_weight, double, double) {
    return spike_weight * multiplicity;
  }
  static row_planes planes(const input_row& row) { return {row.current, row.current}; }
};

struct flips_form {
  static constexpr input_form name = input_form::flips;
  static constexpr bool weighs = true, is_additive = false;
  /// What spikes of one source and time say: two that it goes up, one that it goes down, any others nothing.
  static constexpr double change(double spikes) { return spikes == 2 ? 1 : spikes == 1 ? -1 : 0; }
  static constexpr double factor(double multiplicity, double spike_weight, double before, double) {
    return spike_weight * (change(before + multiplicity) - change(before));
  }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct payload_form {
  static constexpr input_form name = input_form::payload;
  static constexpr bool weighs = true, is_additive = true;
  static constexpr double factor(double multiplicity, double spike_weight, double, double carried) {
    return spike_weight * multiplicity * carried;
  }
  static row_planes planes(const input_row& row) { return {row.positive, row.positive}; }
};

struct timed_form : by_sign_form {
  static constexpr input_form name = input_form::timed;
};

struct timed_count_form : count_form {
  static constexpr input_form name = input_form::timed_count;
};

struct counted_form : sum_form {
  static constexpr input_form name = input_form::counted;
  static row_planes planes(const input_row& row) { return {row.positive, row.negative}; }
};

/// Calls visit with the struct of a form.
template <class Visit> decltype(auto) with_form(input_form form, Visit&& visit) {
  switch (form) {
    case input_form::sum: return visit(sum_form());
    case input_form::by_sign: return visit(by_sign_form());
    case input_form::count: return visit(count_form());
    case input_form::current: return visit(current_form());
    case input_form::flips: return visit(flips_form());
    case input_form::payload: return visit(payload_form());
    case input_form::timed: return visit(timed_form());
    case input_form::timed_count: return visit(timed_count_form());
    case input_form::counted: return visit(counted_form());
  }
  __builtin_unreachable();
}

/// Whether amounts of F below zero have a plane of their own.
template <class F> inline constexpr bool splits = models::facts_of(F::name).splits_by_sign;

/// Adds what a connection sends to its slot, `number` spikes or a factor in their place.
template <class F> void add_amount(const row_planes& to, std::uint32_t slot, double amount, double number) {
  (splits<F> && amount < 0 ? to.negative : to.positive)[slot] += amount;
  if constexpr (models::facts_of(F::name).counts) to.negative[slot] += number;
}

inline row_planes planes_of(input_form form, const input_row& row) {
  return with_form(form, [&](auto f) { return f.planes(row); });
}

/// What multiplies the weights of all connections that spikes go through. `before`: spikes of the same source and time
/// that went through them already.
inline double factor_of(input_form form, double multiplicity, double spike_weight = 1, double before = 0,
                        double offset_ms = 0) {
  return with_form(form, [&](auto f) { return f.factor(multiplicity, spike_weight, before, offset_ms); });
}

/// What adds to the rows of a form what plastic connections send for one spike, behind so many of the same source and
/// time.
transmit_amounts transmission_of(input_form form, std::uint32_t before = 0);

}  // namespace volley::runtime
