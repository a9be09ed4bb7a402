// One spike through the connections of its source one by one, for models that draw at each or keep several numbers of
// each (models/core/walk.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/core/random.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/delivery/arrival_places.hpp"
#include "runtime/delivery/row_cohorts.hpp"
#include "runtime/delivery/weight_tap.hpp"
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// The functions of one such model on rows.
class walked_rows {
 public:
  /// The model must outlive them.
  explicit walked_rows(const models::synapse_model& model) : model_(&model) {}

  /// Whose draws they are. Those of a connection are told apart by its ends, and by which of those between the two it
  /// is in its row: that is the same on every layout.
  struct draw_key {
    std::uint32_t seed;
    store_ordinal store;
  };
  /// Before the spikes of some steps, all of them.
  void begin_steps() { last_ = {}; }
  /// Sends the spike of `source` with time stamp `stamp` through its row once: amounts arrive in `to`. Spikes of one
  /// source and step come one after the other. `before`: how many of them came.
  void spike(connection_store&, std::uint64_t source, step_t stamp, draw_key, const target_lookup&,
             const plastic_targets&, const arrival_places& to, weight_tap*, std::uint32_t before = 0,
             double offset_ms = 0);

  std::uint64_t bytes() const { return counts_.capacity() * bytes_per_line; }
  static constexpr std::uint64_t bytes_per_line = sizeof(std::uint64_t);  ///< of targets, once spikes came

 private:
  /// Connections of a segment that stand together in a part of a row.
  struct piece {
    std::uint32_t segment;       ///< position in the row
    std::uint32_t first;         ///< in the segment
    std::uint32_t begin, count;  ///< in the part
  };
  /// Connections of a row that are named and drawn for at once: segments are short where delays are drawn.
  struct part;
  /// A spike of a source, and which of those of its step it is.
  struct numbered_spike {
    std::uint64_t source = 0;
    step_t stamp = 0;
    std::uint32_t number = 0;
  };

  models::random_words words_of(std::uint64_t source, step_t stamp, draw_key);
  void share(connection_store&, std::uint64_t source, step_t stamp, double offset_ms, double resolution_ms);
  void name(part&, const target_lookup&, const plastic_targets&);
  void draw(const part&, const models::random_words& of_spike);
  std::uint32_t send(part&, connection_store&, const segment&, const piece&) const;

  const models::synapse_model* model_;
  row_cohorts cohorts_;
  numbered_spike last_;
  std::vector<double> chances_;   // [segment][chance], at the first segments of cohorts
  std::vector<double> uniforms_;  // [draw][connection of the part]
  // By line of a target: how many connections of the row it has had, below the number of the row.
  std::vector<std::uint64_t> counts_;
  std::uint32_t rows_walked_ = 0;
};

/// None for a model whose connections are not gone through one by one.
std::optional<walked_rows> walked_rows_of(const models::synapse_model& model);

}  // namespace volley::runtime
