// Neighbouring connections of one source that a spike goes through one by one (models/core/synapse.hpp): plain data,
// and the loop over a model's function.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/core/synapse.hpp"

namespace volley::models {

/// Connections of one cohort. What is sent by the i-th of those that send is `amounts[i]`, from connection
/// `senders[i]`.
struct walk_call {
  const double* chances;  ///< what at_spike() said
  std::uint32_t count;
  const double* weights;  ///< of each; one for all where they share it
  bool shares_weight;
  double* variables;       ///< [connection][variable]
  const double* uniforms;  ///< [draw][stride], by connection
  std::size_t uniform_stride;
  std::uint32_t* senders;
  double* amounts;
};

/// Returns how many send.
using walk_connections = std::uint32_t (*)(const walk_call&);

/// A spike through connections of model M.
template <class M> std::uint32_t walk(const walk_call& call) {
  using C = connection_of<M>;
  const auto chances = from_values<typename M::chances>(call.chances);
  std::uint32_t n = 0;
  for (std::uint32_t i = 0; i < call.count; ++i) {
    std::array<double, M::draws> uniform;
    for (std::size_t d = 0; d < M::draws; ++d) uniform[d] = call.uniforms[d * call.uniform_stride + i];
    const double weight = call.weights[call.shares_weight ? 0 : i];
    std::optional<double> sent;
    if constexpr (columns_of<C> == 0) {
      sent = M::on_spike(chances, weight, uniform);
    } else {
      double* const mine = call.variables + i * columns_of<C>;
      auto c = from_values<C>(mine);
      sent = M::on_spike(chances, c, weight, uniform);
      const auto after = values_of(c);
      for (std::size_t v = 0; v < after.size(); ++v) mine[v] = after[v];
    }
    call.senders[n] = i;
    call.amounts[n] = sent.value_or(0);
    n += sent.has_value();
  }
  return n;
}

}  // namespace volley::models
