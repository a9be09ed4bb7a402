// What a connection store takes when it is built, told from numbers: the layout of
// runtime/connections/connection_store.hpp in one place, for those who must know before anything is drawn.
#pragma once
#include <algorithm>
#include <cstdint>

#include "runtime/connections/connection_store.hpp"

namespace volley::runtime {

/// Expected content of one synapse model's stores on all VPs.
struct store_content {
  double connections = 0;
  double weights = 0;              ///< of connections with a weight of their own
  double segments = 0;             ///< one a (source, delay, form) on each VP that has connections of it
  double cohorts = 0;              ///< stores with them: one a source and set of parameters
  double parameter_sets = 0;       ///< of these
  double names = 0;                ///< of connections that their rows do not tell apart
  std::uint64_t source_limit = 0;  ///< one past the largest source id
  store_content& operator+=(const store_content& more);
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(connections, weights, segments, cohorts, parameter_sets, names, source_limit);
  }
};

/// Slots below this take 16 bits, others 32 (slot_column::grow).
inline constexpr std::uint64_t narrow_slots = 0x10000;

/// What does not depend on the connections.
struct store_shape {
  bool plastic = false, has_cohorts = false;
  std::uint32_t n_params = 0, n_traces = 0, n_variables = 0;
  bool reads_targets = false;
  bool walks = false;  ///< connections are gone through one by one
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(plastic, has_cohorts, n_params, n_traces, n_variables, reads_targets, walks);
  }
};

/// Bytes on `vps` VPs where slots are below `slot_limit`.
double bytes_of(const store_content& content, const store_shape& shape, std::uint32_t vps, std::uint64_t slot_limit);

inline store_content& store_content::operator+=(const store_content& more) {
  connections += more.connections;
  weights += more.weights;
  segments += more.segments;
  cohorts += more.cohorts;
  parameter_sets += more.parameter_sets;
  names += more.names;
  source_limit = source_limit > more.source_limit ? source_limit : more.source_limit;
  return *this;
}

inline double bytes_of(const store_content& c, const store_shape& shape, std::uint32_t vps, std::uint64_t slot_limit) {
  if (c.connections == 0) return 0;
  const bool wide = slot_limit > narrow_slots;
  double bytes = c.connections * (wide ? sizeof(std::uint32_t) : sizeof(std::uint16_t)) +
                 (c.weights + c.connections * shape.n_variables) * sizeof(double) + c.segments * sizeof(segment);
  // The index of rows: a quarter of a byte for each id, a number for each source that has connections on a VP.
  const double sources = static_cast<double>(c.source_limit) * vps;
  bytes += sources / 4 + std::min(sources, c.segments) * sizeof(std::uint64_t) + c.names * sizeof(connection_name);
  if (!shape.has_cohorts) return bytes;
  return bytes + c.segments * sizeof(std::uint32_t) +
         c.cohorts * static_cast<double>(sizeof(cohort) + shape.n_traces * sizeof(double)) +
         c.parameter_sets * static_cast<double>((shape.n_params + shape.n_traces) * sizeof(double));
}

}  // namespace volley::runtime
