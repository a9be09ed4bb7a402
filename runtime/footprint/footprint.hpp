// What a network takes in memory and how much work it is, told from the calls that ask for it: the sum over Create and
// Connect calls of what each adds. Numbers of connections are expected ones, bytes follow from the layout of what will
// be built (the functions bytes_of beside it). The kernel refuses by it what cannot fit, and a dry run ends with it.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/connections/store_layout.hpp"
#include "runtime/connections/weight_stretches.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

/// How a synaptic event reaches its target, as far as its cost depends on it.
enum class delivery_class : std::uint8_t {
  constant,       ///< one weight and one delay
  weights,        ///< a weight each
  random_delays,  ///< a delay each: short segments
  plastic,
  walked,    ///< one by one, with draws
  generated  ///< from a generator: drawn or computed at every step, not delivered
};
inline constexpr std::size_t n_delivery_classes = 6;
inline constexpr std::array<const char*, n_delivery_classes> delivery_class_names{
    "constant", "weights", "random_delays", "plastic", "walked", "generated"};

/// What one Create call of neurons adds on all VPs.
struct planned_nodes {
  double values = 0;        ///< bytes of columns
  std::uint64_t lines = 0;  ///< of spike histories
  std::uint64_t spike_slots = 0, current_slots = 0;
  std::uint64_t counted = 0;  ///< cells whose spikes have multiplicities
  bool splits_by_sign = false;
  planned_nodes& operator+=(const planned_nodes& more);
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(values, lines, spike_slots, current_slots, counted, splits_by_sign);
  }
};

/// Neurons first..last; parameters in `varied` (by column) have a value a node. Cells count with their padding.
planned_nodes plan_nodes(const models::neuron_model& model, std::uint64_t first, std::uint64_t last,
                         const std::set<std::size_t>& varied, std::uint32_t vps);

/// What one Connect call of one synapse specification adds.
struct planned_connections {
  store_ordinal store;
  store_shape shape;
  delivery_class delivery = delivery_class::constant;
  double number = 0;  ///< expected, on all VPs
  std::uint64_t sources = 0, first_source = 0, last_source = 0;
  bool shared_out = false;  ///< every source has equally many
  bool own_weights = false;
  bool own_values = false;          ///< of any kind: rows are joined over calls
  double parameter_sets = 1;        ///< that differ, at most
  bool named = false;               ///< rows have to tell its connections from others: the kernel knows
  std::uint32_t forms = 1;          ///< input forms among the targets
  double trains = 0;                ///< bytes of what generators keep for each of them
  std::map<step_t, double> delays;  ///< share of the connections, by delay in steps
};

/// Connections of a projection on all VPs, expected where they are drawn. Errors: as parameter::evaluate.
double number_of_connections(const projection& p);

/// `forms` and `delivery` of generators are the caller's to know. Errors: as parameter::evaluate.
planned_connections plan_connections(const projection& p, const models::synapse_model& model, const time_grid& time);

/// What decides on the rows of input.
struct row_plan {
  std::uint32_t vps = 1;
  step_t interval_steps = 1, max_delay = 1;
};

class footprint {
 public:
  void add(const planned_nodes& nodes) { nodes_ += nodes; }
  void add(const planned_connections& call, std::uint32_t vps);
  /// What generators keep for each of their connections has so many bytes more.
  void add_trains(double bytes) { trains_ += bytes; }
  /// So many connections of a store are gone, of whatever calls.
  void remove(store_ordinal store, double number);

  double node_bytes(const row_plan& rows) const { return node_bytes(nodes_, rows); }
  double connection_bytes(std::uint32_t vps) const;
  double bytes(const row_plan& rows) const { return node_bytes(rows) + connection_bytes(rows.vps); }
  /// With one more call. Never less than what add() would lead to.
  double bytes_with(const planned_nodes& more, const row_plan& rows) const;
  double bytes_with(const planned_connections& more, const row_plan& rows) const;

  double connections() const;
  double connections(delivery_class c) const { return by_class_[static_cast<std::size_t>(c)]; }
  /// Delays of all calls; those of random ones as far as some draws reach.
  const delay_extrema& delays() const { return delays_; }

  template <class Snapshot> void snapshot(Snapshot& s) {
    s(nodes_, stores_, joint_, trains_, delays_);
    for (auto& number : by_class_) s(number);
  }

 private:
  struct store_plan {
    store_shape shape;
    store_content content;
    template <class Snapshot> void snapshot(Snapshot& s) { s(shape, content); }
  };
  /// Expected connections of one source on one VP in one segment.
  struct joint_segment {
    double shared_weight = 0, own_weight = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(shared_weight, own_weight); }
  };
  /// Calls from the same sources whose segments of equal delay become one.
  struct joint_rows {
    std::map<step_t, joint_segment> by_delay;
    double segments = 0, weights = 0;  ///< of all of them
    void add(const planned_connections& call, std::uint32_t vps);
    template <class Snapshot> void snapshot(Snapshot& s) { s(by_delay, segments, weights); }
  };
  struct joint_key {
    store_ordinal store;
    std::uint64_t first_source = 0, last_source = 0, sources = 0;
    auto operator<=>(const joint_key&) const = default;
    template <class Snapshot> void snapshot(Snapshot& s) { s(store, first_source, last_source, sources); }
  };

  double node_bytes(const planned_nodes& nodes, const row_plan& rows) const;
  std::uint64_t slot_limit(std::uint32_t vps) const;

  planned_nodes nodes_;
  std::vector<store_plan> stores_;  // by ordinal
  std::map<joint_key, joint_rows> joint_;
  std::array<double, n_delivery_classes> by_class_{};
  double trains_ = 0;
  delay_extrema delays_;
};

}  // namespace volley::runtime
