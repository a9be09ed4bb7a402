// The description of a neuron model with its types erased: what the runtime reads, and what catalogs list. Built from
// the model's struct (describe_neuron.hpp); nobody writes one by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/core/neuron.hpp"

namespace volley::models {

/// What a step gives for each cell.
enum class emission : std::uint8_t {
  spikes,   ///< 0 or 1
  counts,   ///< a multiplicity
  flips,    ///< a multiplicity that is one event: 2 for up, 1 for down
  times,    ///< 0 or 1, and how long before the step's end
  amounts,  ///< 0 or 1, and an amount that it carries in that place
  events    ///< any number of spikes with such times, cell by cell
};
/// Whether what is emitted has offsets.
constexpr bool has_offsets(emission e) { return e >= emission::times; }

/// One of a model's lists, as its struct declares it (models/core/lists.hpp).
struct list_model {
  std::string_view length_key;            ///< shows how many entries a node has; empty: no key does
  std::string_view lock_key;              ///< shows whether there are connections; empty: entries are no receptors
  std::span<const field> fields;          ///< members of one entry
  std::span<const channel> channels;      ///< of the first entry; the next ones have the receptors that follow
  std::span<const double> params, state;  ///< of an entry that a node lacks
  std::span<const double> defaults;       ///< parameters of the entries of a new node, entry by entry
  std::size_t derived = 0, inputs = 0;    ///< members of the structs

  std::uint32_t default_length() const {
    return params.empty() ? 0 : static_cast<std::uint32_t>(defaults.size() / params.size());
  }
};

/// Where receptors have their numbers from: the model, which may give them names, or the entries of a node's list.
enum class receptor_numbers : std::uint8_t { fixed, named, listed };

struct neuron_model {
  std::string_view name;
  std::string_view meaning;
  std::span<const field> fields;
  std::span<const channel> channels;
  std::span<const double> default_params, default_state;  ///< as stored (relative fields: differences)
  std::size_t derived = 0, inputs = 0;                    ///< members of the structs
  std::span<const receptor_name> receptor_names;          ///< empty: they have none
  emission emits = emission::spikes;
  std::uint32_t loop = 0;           ///< position of its step loops among those of runtime/loops/loops.hpp
  const void* own_loops = nullptr;  ///< of a model that came with a module, which has them (runtime/loops/module.hpp)

  // A model with lists has the columns of so many entries of each: those of its own members come first, then for each
  // list its length and its lock, then list by list the entries. See models/core/shaped_model.hpp.
  std::span<const list_model> lists;
  std::span<const std::uint32_t> shape;  ///< entries of each list
  const neuron_model* own = nullptr;     ///< the model without the columns of its lists; null where it has none

  void (*calibrate_all)(const double* params, const std::uint32_t* shape, resolution, double* derived) = nullptr;
  /// What is wrong with legal single values; null result: nothing.
  const char* (*check)(const double* params, const double* state) = nullptr;
  refusal refuses_with = refusal::BadProperty;
  bool takes_meters = false;                ///< multimeters connect
  std::int16_t threshold = field::nowhere;  ///< the parameter that spikes need, and nothing else reads

  /// Whether connections make entries of the list with receptors.
  bool makes_entries() const {
    for (const channel& c : own == nullptr ? channels : own->channels)
      if (c.makes_entry) return true;
    return false;
  }
  receptor_numbers numbers_receptors() const {
    for (const list_model& list : lists)
      if (!list.channels.empty() && !makes_entries()) return receptor_numbers::listed;
    return receptor_names.empty() ? receptor_numbers::fixed : receptor_numbers::named;
  }
  /// What a connection shows as its receptor: of those that have names, the place among those for the same events.
  std::int16_t shown_receptor(const channel& c) const {
    std::int16_t first = receptor_names.empty() ? 0 : c.receptor;
    for (const channel& other : channels)
      if (other.is_current() == c.is_current() && other.receptor < first) first = other.receptor;
    return static_cast<std::int16_t>(c.receptor - first);
  }
  std::size_t params() const { return default_params.size(); }
  std::size_t state() const { return default_state.size(); }
  void calibrate(const double* params, resolution h, double* derived) const {
    calibrate_all(params, shape.data(), h, derived);
  }
};

/// The description of model M, whose loops stand at position `loop`. Defined in describe_neuron.hpp, and
/// instantiated once for each model of the catalog: whoever includes this file alone needs no model.
template <class M> neuron_model describe_neuron(std::uint32_t loop);

}  // namespace volley::models
