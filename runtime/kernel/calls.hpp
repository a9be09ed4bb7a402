// Every call of the API: checks it and answers, or says what the shards are to do. Throws what the call fails with;
// then, and where a step fails, nothing has changed.
#pragma once
#include <optional>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

// nodes.cpp
outcome begin(network&, const api::create_nodes&);
outcome begin(network&, const api::describe_nodes&);
outcome begin(network&, const api::set_node_values&);
// values.cpp
outcome begin(network&, const api::get_node_values&);
outcome begin(network&, const api::match_nodes&);
// evaluate.cpp
outcome begin(network&, const api::evaluate&);
// space.cpp
outcome begin(network&, const api::describe_space&);
outcome begin(network&, const api::get_positions&);
outcome begin(network&, const api::displace&);
outcome begin(network&, const api::find_nearest&);
outcome begin(network&, const api::select_by_mask&);
outcome begin(network&, const api::test_mask&);
// models.cpp
outcome begin(network&, const api::get_defaults&);
outcome begin(network&, const api::set_defaults&);
outcome begin(network&, const api::copy_model&);
// connect.cpp
outcome begin(network&, const api::connect&);
outcome begin(network&, const api::connect_arrays&);
/// What other ranks have to know of a rank's own pairs; nothing where they are no pairs of nodes.
std::optional<listed_pairs> listed_by(const network&, const api::connect_arrays&);
// tripartite.cpp
outcome begin(network&, const api::tripartite_connect&);
// connections.cpp
outcome begin(network&, const api::disconnect&);
outcome begin(network&, const api::disconnect_connections&);
outcome begin(network&, const api::get_connections&);
outcome begin(network&, const api::get_connection_values&);
outcome begin(network&, const api::set_connection_values&);
// status.cpp
outcome begin(network&, const api::get_kernel_status&);
outcome begin(network&, const api::set_kernel_status&);
outcome begin(network&, const api::drain&);
outcome begin(network&, const api::list_kernels&);
outcome begin(network&, const api::drop_kernel&);
// run.cpp
outcome begin(network&, const api::reset_kernel&);
outcome begin(network&, const api::prepare&);
outcome begin(network&, const api::run&);
outcome begin(network&, const api::cleanup&);
outcome begin(network&, const api::simulate&);
outcome begin(network&, const api::cancel&);
// saving.cpp
outcome begin(network&, const api::save&);
outcome begin(network&, const api::load&);
outcome begin(network&, const api::describe_saved&);
outcome begin(network&, const api::rescale&);

}  // namespace volley::runtime
