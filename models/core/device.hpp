// How a device (stimulator or recorder) declares itself: a plain struct of parameters and one constexpr table of its
// fields, from which get, set, defaults, range checks and the documentation page come.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/core/field_table.hpp"

namespace volley::models {

/// What a device sends over its connections.
enum class device_output : std::uint8_t {
  spikes,       ///< from a copy on every VP
  node_spikes,  ///< as a neuron sends them: from one VP, with those of neurons
  currents,
  requests,     ///< of samples: a meter
  nothing
};

/// Nodes by their ids, ascending.
struct node_list {
  std::vector<std::uint64_t> ids;
};

/// One field of the parameters P: its PyNEST name and where it lives.
template <class P>
struct device_field {
  using member = std::variant<double P::*, std::int64_t P::*, bool P::*, std::string P::*, std::vector<double> P::*,
                              std::vector<std::int64_t> P::*, std::vector<std::string> P::*, node_list P::*>;
  std::string_view name;
  member at;
  std::string_view unit;
  std::string_view meaning;
  bound range = bound::none;
};

/// Concatenates tables of fields.
template <class P, std::size_t... N>
constexpr auto join(const std::array<device_field<P>, N>&... tables) {
  std::array<device_field<P>, (N + ...)> all{};
  std::size_t at = 0;
  const auto append = [&](const auto& table) {
    for (const auto& f : table) all[at++] = f;
  };
  (append(tables), ...);
  return all;
}

/// When a device is active: for time stamps in (origin + start, origin + stop], in ms.
struct activity {
  double origin = 0, start = 0;
  double stop = std::numeric_limits<double>::max();
};

template <class P>
constexpr std::array<device_field<P>, 3> activity_fields{{
    {"origin", &P::origin, "ms", "shifts start and stop"},
    {"start", &P::start, "ms", "begin of activity, relative to origin"},
    {"stop", &P::stop, "ms", "end of activity, relative to origin"},
}};

/// What every stimulator has.
struct stimulation : activity {
  std::string label, stimulus_source;
};

template <class P>
constexpr auto stimulation_fields = join<P>(activity_fields<P>, std::array<device_field<P>, 2>{{
    {"label", &P::label, "", "name of the device"},
    {"stimulus_source", &P::stimulus_source, "", "stimulation backend; none is built in"},
}});

/// What every recorder has.
struct recording : activity {
  std::string label, record_to = "memory", file_extension = "dat";
  bool time_in_steps = false;
  std::int64_t precision = 3;
};

template <class P>
constexpr auto recording_fields = join<P>(activity_fields<P>, std::array<device_field<P>, 2>{{
    {"label", &P::label, "", "name of the device and first part of its file names"},
    {"record_to", &P::record_to, "", "recording backend: memory, ascii or screen"},
}});

}  // namespace volley::models
