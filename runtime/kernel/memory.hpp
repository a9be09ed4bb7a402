// What the network takes before it is there.
#pragma once
#include <map>
#include <set>
#include <string>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/kernel/pairs.hpp"

namespace volley::runtime {

row_plan rows(const network&);
/// Refuses a call that would bring the network to `bytes`. Errors: builtins.MemoryError.
void require_memory(const network&, double bytes, const std::string& what);
/// Bytes that recorders may keep on each VP: what networks leave of the memory, and a tenth of it in any case.
std::uint64_t room_for_records(const network&);
/// The call has failed since recorders keep more.
api::answer full_recorders(const network&, bool ended_early);
/// Columns of parameters to which `values` give a value a node; without those of lists.
std::set<std::size_t> varied_by(const models::neuron_model& model, const dictionary& values);
/// Those of lists.
std::set<std::size_t> lists_varied_by(const attributes& of, const dictionary& values);
/// Parameters that got a value a node after Create.
void note_varied(network&, const node_set& nodes, const dictionary& values);
planned_connections plan_of(const network&, const projection& p, const pair_group& pairs);
/// Bytes that a generator keeps for each of its connections.
double train_bytes(const network&, const device_entry&);
/// Adds to `plan` what generators keep for its connections, and to `numbers` for how many each of them does.
void add_trains(const network&, const pair_group& pairs, planned_connections& plan,
                std::map<std::uint64_t, double>& numbers);
dictionary footprint_status(const network&);

}  // namespace volley::runtime
