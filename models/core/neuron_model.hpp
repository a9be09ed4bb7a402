// The description of a neuron model with its types erased: what the runtime reads, and what catalogs list. Built from
// the model's struct (describe_neuron.hpp); nobody writes one by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/core/neuron.hpp"

namespace volley::models {

/// What a step gives for each cell.
enum class emission : std::uint8_t { spikes /* 0 or 1 */, counts /* a multiplicity */ };

struct neuron_model {
  std::string_view name;
  std::string_view meaning;
  std::span<const field> fields;
  std::span<const channel> channels;
  std::span<const double> default_params, default_state;  ///< as stored (relative fields: differences)
  std::size_t derived = 0, inputs = 0;                    ///< members of the structs
  emission emits = emission::spikes;
  std::uint32_t loop = 0;           ///< position of its step loops among those of runtime/loops/loops.hpp
  const void* own_loops = nullptr;  ///< of a model that came with a module, which has them (runtime/loops/module.hpp)

  void (*calibrate)(const double* params, resolution, double* derived) = nullptr;
  const char* (*check)(const double* params) =
      nullptr;  ///< what is wrong with legal single values; null result: nothing
  refusal refuses_with = refusal::BadProperty;
  bool takes_meters = false;                ///< multimeters connect
  std::int16_t threshold = field::nowhere;  ///< the parameter that spikes need, and nothing else reads

  std::size_t params() const { return default_params.size(); }
  std::size_t state() const { return default_state.size(); }
};

/// The description of model M, whose loops stand at position `loop`. Defined in describe_neuron.hpp, and
/// instantiated once for each model of the catalog: whoever includes this file alone needs no model.
template <class M> neuron_model describe_neuron(std::uint32_t loop);

}  // namespace volley::models
