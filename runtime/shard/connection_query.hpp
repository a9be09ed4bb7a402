// Connections of one shard as users see them: listing, reading, changing and removing. Rows are named by (model, source,
// target, port), the port counting the connections of one (model, source, target) in the order of the row.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/shard/shard.hpp"

namespace volley::runtime {

struct connection_filter {
  std::optional<node_set> sources, targets;
  std::optional<std::uint32_t> model;
};

/// The connections stored here that pass, in ascending order.
std::vector<connection_row> find_connections(const shard& s, const connection_filter& filter);

/// Everything about one connection that its dictionary shows.
struct connection_values {
  std::uint64_t request_row;   ///< position among the asked-for connections
  double weight, delay_ms;
  std::int32_t receptor;
  std::vector<double> parameters;  ///< the parameter set with the traces as they are; empty for a static model
};

/// A connection among those asked for, by its position there.
struct asked_connection {
  connection_row row;
  std::uint64_t position;
};

/// Values of those of `asked` that are stored here.
std::vector<connection_values> read_connections(const shard& s, std::vector<asked_connection> asked, const time_grid& time);

/// New values of one connection; what is absent stays.
struct connection_change {
  asked_connection where;
  std::optional<double> weight;
  std::optional<std::uint32_t> delay_steps;
  std::vector<std::pair<std::uint32_t, double>> parameters;  ///< by member of the parameter set, traces included
  bool remove = false;
};

/// Applies all changes to connections stored here. REQUIRES: they exist; before_change() was called.
void change_connections(shard& s, std::vector<connection_change> changes);

}  // namespace volley::runtime
