// Hands the weights that a spike's row transmits to the weight_recorder of a synapse model.
#pragma once
#include <cstdint>
#include <span>

#include "runtime/connections/row_reader.hpp"
#include "runtime/delivery/plastic_rows.hpp"
#include "runtime/devices/recorder.hpp"

namespace volley::runtime {

class weight_listener final : public weight_tap {
 public:
  weight_listener(recorder& to, const connection_store& rows, const target_lookup& targets)
      : recorder_(to), rows_(rows), targets_(targets), reader_(rows, targets) {}

  /// Before the spike of `source` goes through its row. False: the recorder wants nothing of it.
  bool listen(std::uint64_t source, step_t stamp);
  void transmitted(std::size_t n, double weight) override;

 private:
  recorder& recorder_;
  const connection_store& rows_;
  const target_lookup& targets_;
  row_reader reader_;

  // Of the spike at hand.
  std::uint64_t source_ = 0;
  step_t stamp_ = 0;
  std::span<const row_entry> row_;
};

}  // namespace volley::runtime
