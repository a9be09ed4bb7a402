// What an event does where it arrives. A form has a row here, which says what all who lay out places for input must
// know of it, and its functions in runtime/delivery/input_forms.hpp; nothing else names one.
#pragma once
#include <cstddef>
#include <cstdint>

namespace volley::models {

/// Rows of connections are in this order, and sums with them: a new form comes last.
enum class input_form : std::uint8_t {
  sum,      ///< adds weight * multiplicity
  by_sign,  ///< the same, into the plane of the amount's sign
  count,    ///< adds the multiplicity; the weight does not matter
  current,  ///< adds weight * current
  flips,    ///< adds the weight where the source says by 2 spikes that it goes up, takes it off where by one that it
            ///< goes down
  payload,  ///< adds weight * multiplicity * the amount that the spike carries in place of an offset
  timed,    ///< as by_sign; what a spike between two steps brings keeps its time (models/core/cell_step.hpp)
  timed_count,  ///< as count, likewise
  counted       ///< as sum, and the multiplicity goes into the plane of amounts below zero
};
inline constexpr unsigned form_bits = 4;  ///< of a number that holds one

struct form_facts {
  bool is_current = false;      ///< its places are apart from those of spikes
  bool splits_by_sign = false;  ///< amounts below zero have a plane of their own
  bool counts = false;          ///< numbers of spikes are in that plane
  bool reads_offset = false;    ///< the offset of a spike matters
  bool keeps_times = false;     ///< and what it brings does not go into the sums of its step, if there is one

  constexpr bool has_second_plane() const { return splits_by_sign || counts; }
};

inline constexpr form_facts facts_of_forms[] = {{},
                                                {.splits_by_sign = true},
                                                {},
                                                {.is_current = true},
                                                {},
                                                {.reads_offset = true},
                                                {.splits_by_sign = true, .reads_offset = true, .keeps_times = true},
                                                {.reads_offset = true, .keeps_times = true},
                                                {.counts = true}};
static_assert(sizeof(facts_of_forms) / sizeof(form_facts) <= 1u << form_bits);

constexpr const form_facts& facts_of(input_form form) { return facts_of_forms[static_cast<std::size_t>(form)]; }

}  // namespace volley::models
