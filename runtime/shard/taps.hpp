// What the recorders of one VP listen to, and the connections that say so.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/shard/tap.hpp"

namespace volley::runtime {

/// Where a node is on its VP: a cell of a block, a stimulator, or neither: its spikes are heard as batches have them.
struct tapped_node {
  block_ordinal block = block_ordinal::none();
  std::uint32_t cells = 0;  ///< of the block, padded
  std::uint32_t cell = 0;   ///< in the block
  stimulator_ordinal stimulator = stimulator_ordinal::none();
  bool is_heard_in_batches() const {
    return block == block_ordinal::none() && stimulator == stimulator_ordinal::none();
  }
};

class taps {
 public:
  using find_node = std::function<tapped_node(std::uint64_t id)>;

  /// The cells of one block that a recorder listens to. Where a pair is connected several times, so are the masks.
  struct mask {
    recorder_ordinal recorder;
    bool samples;
    std::vector<std::uint64_t> cells;  ///< a bit a cell
    bool has(std::uint32_t cell) const { return cells[cell / 64] >> (cell % 64) & 1; }
  };
  /// Where a connection is: number `node` of those of a tap.
  struct spot {
    std::size_t tap, node;
  };
  struct heard_generator {
    recorder_ordinal recorder;
    stimulator_ordinal stimulator;
    std::uint32_t multapse;  ///< counts the connections of one (generator, recorder)
    spot at;
  };
  /// A detector that hears a node that sends its spikes in batches, or a recorder of a detector that repeats spikes.
  struct ear {
    recorder_ordinal recorder;
    spot at;
  };
  /// One connection among those asked for.
  struct asked {
    store_ordinal store;
    std::uint64_t source, target;
    std::uint32_t port;      ///< counts the connections of one (store, source, target) in the order of their making
    std::uint64_t position;  ///< handed back
  };
  /// Where it is: number `node` of those of a tap.
  struct place {
    std::uint64_t position;
    std::size_t tap, node;
  };

  void set_blocks(std::size_t n) { masks_.resize(n); }
  /// REQUIRES: all connections of `t` live here. When it throws, nothing has changed.
  void add(tap t, const find_node& find);
  /// Takes back all but the first `kept` calls of add().
  void cut(std::size_t kept, const find_node& find);

  std::size_t size() const { return taps_.size(); }
  std::span<const mask> masks(block_ordinal block) const { return masks_[block.index()]; }
  std::span<const heard_generator> generators() const { return generators_; }
  /// Those of this VP that hear a node, in the order of their connections.
  std::span<const ear> ears(std::uint64_t node) const {
    const auto found = ears_.find(node);
    return found == ears_.end() ? std::span<const ear>() : std::span<const ear>(found->second);
  }
  bool has_ears() const { return !ears_.empty(); }
  double weight(const spot& at) const { return taps_[at.tap].weights[at.node]; }
  std::uint32_t delay(const spot& at) const { return taps_[at.tap].delays[at.node]; }
  std::uint32_t receptor(const spot& at) const { return static_cast<std::uint32_t>(taps_[at.tap].receptors[at.node]); }

  std::uint64_t n_connections() const { return connections_; }
  /// Those of one synapse model.
  std::uint64_t n_connections(store_ordinal store) const;
  delay_extrema delays() const;
  /// Calls visit(tap, node, its number in the tap) for all connections, in the order of their making.
  template <class Visit> void for_each(Visit&& visit) const {
    for (const tap& t : taps_) {
      std::size_t i = 0;
      for (const auto& r : t.nodes.ranges)
        for (auto id = r.first; id <= r.last; id += r.step) visit(t, id, i++);
    }
  }
  /// True for a recorder or meter that is connected, on whatever VP.
  bool is_recorder(std::uint64_t id) const { return recorders_.contains(id); }
  bool is_detector(std::uint64_t id) const {
    const auto found = recorders_.find(id);
    return found != recorders_.end() && found->second;
  }
  /// True for a meter that is connected.
  bool is_meter(std::uint64_t source) const { return is_recorder(source) && !is_detector(source); }
  /// Those of the connections that live here. Others have no recorder at either end, live elsewhere or do not exist.
  std::vector<place> find(std::span<const asked> connections) const;
  /// Receptors of connections as users see them: that of a meter is its number among the meters of the node, from 1 on;
  /// that of a recorder 0, that of a detector its own. REQUIRES: places in the order of their taps, as find() gives
  /// them.
  std::vector<std::uint32_t> receptors(std::span<const place> of) const;
  const tap& at(std::size_t i) const { return taps_[i]; }

  /// What is to be set of a connection.
  struct numbers {
    std::optional<double> weight, delay_steps, label;
  };
  /// Staged until commit(), which cannot fail.
  void stage(const place& at, const numbers& given);
  void commit() noexcept;
  void drop() { staged_.clear(); }

  /// Numbers that users set; the connections themselves are part of the network.
  template <class Snapshot> void snapshot(Snapshot& s) {
    for (tap& t : taps_) {
      s(t.weights, t.delays, t.labels);
      if constexpr (Snapshot::loads)
        if (!t.fit()) s.refuse();
    }
  }

 private:
  static tapped_node found(const tap& t, std::uint64_t id, const find_node& find);
  void hear(const tap& t, std::uint64_t id, std::size_t number, const find_node& find);
  void forget(const tap& t, std::uint64_t id, const find_node& find);
  template <class Visit> static void for_each_node(const tap& t, Visit&& visit);
  std::vector<std::uint64_t> node_ids(std::span<const place> of) const;

  struct new_numbers {
    tap_column<double> weights;
    tap_column<std::uint32_t> delays;
    tap_column<double> labels;
  };

  std::vector<tap> taps_;
  std::map<std::size_t, new_numbers> staged_;  // by tap
  std::uint64_t connections_ = 0;
  std::unordered_map<std::uint64_t, bool> recorders_;             // ids; true: a detector
  std::vector<std::vector<mask>> masks_;                          // by block
  std::unordered_map<std::uint64_t, std::uint32_t> first_masks_;  // by (block, recorder)
  std::vector<heard_generator> generators_;
  std::unordered_map<std::uint64_t, std::vector<ear>> ears_;      // by node
  std::unordered_map<std::uint64_t, std::uint32_t> times_heard_;  // by (stimulator, recorder)
};

}  // namespace volley::runtime
