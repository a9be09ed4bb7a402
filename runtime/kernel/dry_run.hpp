// What calls do in a kernel that makes no neurons and no connections.
#pragma once
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/new_nodes.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {

outcome plan_neurons(network&, const new_nodes& made);
outcome plan_links(network&, const new_connections& made);
bool has_devices(const network&, const node_set& nodes);
void plan_values(network&, const node_set& nodes, const dictionary& values);
void put_planned_values(const network&, const node_set& nodes, node_columns& to);

}  // namespace volley::runtime
