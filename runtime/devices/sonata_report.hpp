// One file with all that a recorder recorded, in the SONATA format: spikes, or samples of one quantity as frames.
//   /spikes/POPULATION/timestamps, node_ids
//   /report/POPULATION/data (frames x nodes), mapping/node_ids, index_pointers, element_ids, element_pos, time
// Nodes are counted within their population from 0 on.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/devices/event_log.hpp"
#include "runtime/devices/hdf5_file.hpp"

namespace volley::runtime {

struct report_plan {
  bool samples = false;
  step_t interval = 1;  ///< of samples
  std::string unit;     ///< of samples
  /// By their first nodes, which ascend; each reaches up to the next. Nodes before them are of a population "All" of
  /// their ids.
  std::vector<std::string> populations;
  std::vector<std::uint64_t> first_nodes;
  bool operator==(const report_plan&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(samples, interval, unit, populations, first_nodes); }
};

class sonata_report {
 public:
  explicit sonata_report(report_plan plan = {});

  const report_plan& plan() const { return plan_; }
  /// Takes the events of all VPs, which are not before those that it has.
  void add(const std::vector<const event_log*>& shares, const time_grid& time);
  /// Brings the file up to date. Errors: IOError.
  void save(record_file& to);
  /// True when the file has all.
  bool is_saved() const { return is_saved_; }

  template <class Snapshot> void snapshot(Snapshot& s) {
    s(plan_, populations_, file_, is_saved_, last_stamp_, first_stamp_, n_frames_, begin_ms_, interval_ms_);
  }

 private:
  struct spikes {
    hdf5::growing_columns times, ids;
    template <class Snapshot> void snapshot(Snapshot& s) { s(times, ids); }
  };
  struct frames {
    hdf5::growing_columns data;
    std::vector<std::uint64_t> nodes;                ///< by column
    std::map<std::uint64_t, std::uint64_t> columns;  ///< by node
    template <class Snapshot> void snapshot(Snapshot& s) { s(data, nodes, columns); }
  };
  struct population {
    std::string name;
    std::uint64_t first = 0;
    std::optional<spikes> heard;
    std::optional<frames> seen;  ///< from the first sample on
    template <class Snapshot> void snapshot(Snapshot& s) { s(name, first, heard, seen); }
  };
  using share_list = std::vector<const event_log*>;

  population& make(std::string name, std::uint64_t first);
  population& of(std::uint64_t node);
  void add_nodes(const share_list& shares);
  void add_spikes(const share_list& shares, const time_grid& time);
  void add_samples(const share_list& shares, const time_grid& time);
  hdf5::object described(population& p) const;
  hdf5::object described(spikes& heard) const;
  hdf5::object described(frames& seen) const;

  report_plan plan_;
  std::map<std::uint64_t, population> populations_;  ///< by their first nodes
  hdf5::file file_;
  bool is_saved_ = false;
  step_t last_stamp_ = -1;
  // Of frames.
  step_t first_stamp_ = -1;
  std::uint64_t n_frames_ = 0;
  double begin_ms_ = 0, interval_ms_ = 1;
};

}  // namespace volley::runtime
