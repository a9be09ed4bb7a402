// The states of trains that a generator goes on with step by step, one for each connection: of those in rows, which
// come as inputs, and of those with recorders. A train is known by generator, target and multapse number, so that it
// goes on wherever its connection is.
#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/time.hpp"
#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {

class generator_trains {
 public:
  /// Connections of one generator with the same multapse number.
  struct connections {
    stimulator_ordinal device;
    std::uint32_t multapse = 0;
    std::vector<std::uint32_t> targets;
    bool operator==(const connections&) const = default;
    template <class Snapshot> void snapshot(Snapshot& s) { s(device, multapse, targets); }
  };
  struct train_key {
    stimulator_ordinal device;
    std::uint32_t target = 0, multapse = 0;
    auto operator<=>(const train_key&) const = default;
    template <class Snapshot> void snapshot(Snapshot& s) { s(device, target, multapse); }
  };

  /// From now on there are these inputs; those of devices without such trains have no targets. Trains that were there
  /// go on; where their device has begun others, they begin anew.
  void rebuild(std::vector<connections> inputs, table_view<stimulator_ordinal, const stimulator> devices);
  /// Goes on with those of an input, by update `emission`: how many spikes each sends; none at all where the span is
  /// empty. Valid until the next call.
  std::span<const std::int32_t> step(std::size_t input, const stimulator& device, std::uint32_t seed, step_t emission);
  /// The same of a connection that is no input.
  std::uint32_t step(const train_key& train, const stimulator& device, std::uint32_t seed, step_t emission);

  /// The spikes of the last step by train, of a generator whose spikes have times. Valid until the next.
  std::span<const train_spike> times() const { return times_; }

  std::size_t bytes() const;
  /// Bytes of a train of an input with a state of so many numbers.
  static std::size_t bytes_of(std::size_t train_size) { return sizeof(std::uint32_t) + train_size * sizeof(double); }
  std::size_t n_inputs() const { return inputs_.size(); }
  std::size_t n_targets(std::size_t input) const { return inputs_[input].of.targets.size(); }

  /// Those of others whose targets live here go on, too, where rebuild() tells of them. Errors: std::invalid_argument
  /// for states that trains cannot have.
  void add(const generator_trains& others, const layout& here);

  template <class Snapshot> void snapshot(Snapshot& s) { s(inputs_, heard_); }

 private:
  struct states {
    step_t since = 0;
    std::vector<double> numbers;
    void fit(const stimulator& device, std::size_t trains);
    template <class Snapshot> void snapshot(Snapshot& s) { s(since, numbers); }
  };
  struct input {
    connections of;
    states kept;
    template <class Snapshot> void snapshot(Snapshot& s) { s(of, kept); }
  };
  void take_over(const std::vector<input>& before);

  std::vector<input> inputs_;
  std::map<train_key, states> heard_;
  std::vector<std::int32_t> counts_;
  std::vector<train_spike> times_;
};

}  // namespace volley::runtime
