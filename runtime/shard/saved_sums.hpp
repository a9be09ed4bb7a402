// What is on its way to cells at one step, as a saved network holds it: by node and receptor, wherever these live.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/base/time.hpp"

namespace volley::runtime {

struct saved_sums {
  enum class stage : std::uint8_t {
    open,     ///< of the interval at hand
    due,      ///< of later steps: the first addends of their rows
    arrived,  ///< of plastic synapses, which are added apart
  };
  enum plane : std::uint8_t { positive, negative, current };

  stage of = stage::due;
  step_t due = 0;
  std::vector<std::uint32_t> nodes, receptors;  ///< ids, and receptors as connections name them
  std::vector<std::uint8_t> planes;
  std::vector<double> sums;  ///< none is 0

  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(of, stage::arrived);
    s(due, nodes, receptors, planes, sums);
    if constexpr (Snapshot::loads)
      if (receptors.size() != nodes.size() || planes.size() != nodes.size() || sums.size() != nodes.size()) s.refuse();
  }
};

/// What arrives within one step at nodes that keep times, one by one: in the order in which they are to be had.
struct saved_amounts {
  step_t due = 0;
  std::vector<std::uint32_t> nodes, receptors;
  std::vector<double> offsets_ms, amounts;

  template <class Snapshot> void snapshot(Snapshot& s) {
    s(due, nodes, receptors, offsets_ms, amounts);
    if constexpr (Snapshot::loads)
      if (receptors.size() != nodes.size() || offsets_ms.size() != nodes.size() || amounts.size() != nodes.size())
        s.refuse();
  }
};

}  // namespace volley::runtime
