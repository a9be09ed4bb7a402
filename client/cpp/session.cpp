#include "client/cpp/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "client/cpp/channel.hpp"
#include "client/cpp/conversation.hpp"
#include "client/cpp/wire.hpp"

namespace volley::client {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

const NodeCollection* pointer_to(const std::optional<NodeCollection>& nodes) { return nodes ? &*nodes : nullptr; }

node_part part_of(const Dictionary& entry) {
  const auto id = [&](const char* key) { return static_cast<std::uint64_t>(entry.at(key).as<std::int64_t>()); };
  return {{id("first"), id("last"), id("step")},
          entry.at("model").as<std::string>(),
          entry.at("model_id").as<std::int64_t>()};
}

}  // namespace

Session::Session()
    : Session(environment("VOLLEY_ADDRESS"), environment("VOLLEY_TOKEN"), environment("VOLLEY_KERNEL")) {}

Session::Session(const std::string& address, const std::string& token, const std::string& kernel)
    : kernel_(conversation::open(open_channel(address, 1, kernel), token, kernel)) {}

Session::Session(std::unique_ptr<channel> to_kernel, const std::string& token)
    : kernel_(conversation::open(std::move(to_kernel), token)) {}

NodeCollection Session::Create(const std::string& model, std::int64_t n, const Value& params) {
  return kernel_->ask<NodeCollection>(wire::create_nodes(model, n, params));
}

NodeCollection Session::GetNodes(const Dictionary& properties) {
  return kernel_->ask<NodeCollection>(wire::match_nodes(properties));
}

NodeCollection Session::nodes(std::span<const std::uint64_t> ids) {
  if (std::ranges::adjacent_find(ids, std::greater_equal()) != ids.end())
    throw error("BadProperty", "NodeCollection: ids must ascend, each given once");
  if (!ids.empty() && ids.front() == 0) throw error("UnknownNode", "Node with id 0 does not exist.");
  NodeCollection collection(kernel_, kernel_->generation(), compress(ids));
  if (!ids.empty()) describe(collection);  // throws for ids outside the network
  return collection;
}

std::vector<node_part> Session::describe(const NodeCollection& nodes) {
  std::vector<node_part> parts;
  for (const Value& entry : kernel_->ask<Value>(wire::describe_nodes(nodes)).as<std::vector<Value>>())
    parts.push_back(part_of(entry.as<Dictionary>()));
  return parts;
}

void Session::Connect(const NodeCollection& pre, const NodeCollection& post, const connection_rule& rule,
                      const synapse_spec& synapses) {
  kernel_->order(wire::connect(pre, post, rule.spec, synapses.specs));
}

void Session::TripartiteConnect(const NodeCollection& pre, const NodeCollection& post, const NodeCollection& third,
                                const connection_rule& rule, const connection_rule& third_rule,
                                const tripartite_synapses& synapses) {
  const auto& [primary, third_in, third_out] = synapses;
  kernel_->order(wire::tripartite_connect(pre, post, third, rule.spec, third_rule.spec, primary.specs, third_in.specs,
                                          third_out.specs));
}

void Session::ConnectArrays(std::span<const std::int64_t> sources, std::span<const std::int64_t> targets,
                            const Dictionary& synapse, bool of_rank) {
  kernel_->order(wire::connect_arrays(sources, targets, synapse, of_rank));
}

void Session::Disconnect(const NodeCollection& pre, const NodeCollection& post, const connection_rule& rule,
                         const synapse_spec& synapse) {
  if (synapse.specs.size() != 1)
    throw error("BadProperty", "Disconnect: collocated synapses cannot be disconnected together");
  kernel_->order(wire::disconnect(pre, post, rule.spec, synapse.specs.front()));
}

SynapseCollection Session::GetConnections(const std::optional<NodeCollection>& source,
                                          const std::optional<NodeCollection>& target, const std::string& synapse_model,
                                          std::int64_t synapse_label) {
  if ((source && source->empty()) || (target && target->empty())) return {};
  return kernel_->ask<SynapseCollection>(
      wire::get_connections(pointer_to(source), pointer_to(target), synapse_model, synapse_label));
}

Dictionary Session::GetDefaults(const std::string& model) {
  return kernel_->ask<Value>(wire::get_defaults(model)).as<Dictionary>();
}

void Session::SetDefaults(const std::string& model, const Dictionary& params) {
  kernel_->order(wire::set_defaults(model, params));
}

void Session::CopyModel(const std::string& existing, const std::string& copy, const Dictionary& params) {
  kernel_->order(wire::copy_model(existing, copy, params));
}

Dictionary Session::GetKernelStatus(const std::vector<std::string>& keys) {
  return kernel_->ask<Value>(wire::get_kernel_status(keys)).as<Dictionary>();
}

void Session::SetKernelStatus(const Dictionary& params) { kernel_->order(wire::set_kernel_status(params)); }

void Session::ResetKernel() { kernel_->order(wire::reset_kernel()); }

void Session::Install(const std::string& module) {
  const auto loaded = GetKernelStatus("modules");
  auto names = loaded.is<EmptyVector>() ? std::vector<std::string>() : loaded.as<std::vector<std::string>>();
  names.push_back(module);
  SetKernelStatus({{"modules", std::move(names)}});
}

void Session::Prepare() { kernel_->order(wire::prepare()); }

void Session::Run(double duration_ms) { kernel_->run_job(wire::run(duration_ms)); }

void Session::Cleanup() { kernel_->order(wire::cleanup()); }

void Session::Simulate(double duration_ms) { kernel_->run_job(wire::simulate(duration_ms)); }

void Session::cancel() { kernel_->cancel(); }

void Session::listen(listeners to) { kernel_->listen(std::move(to)); }

void Session::Save(const std::string& path) { kernel_->order(wire::save(path)); }

void Session::Load(const std::string& path) { kernel_->order(wire::load(path)); }

Dictionary Session::DescribeSaved(const std::string& path) {
  return kernel_->ask<Value>(wire::describe_saved(path)).as<Dictionary>();
}

void Session::rescale(std::int64_t vps) { kernel_->order(wire::rescale(vps)); }

void Session::drain(std::uint32_t worker) { kernel_->order(wire::drain(worker)); }

std::vector<Dictionary> Session::kernels() {
  std::vector<Dictionary> all;
  for (const Value& one : kernel_->ask<Value>(wire::list_kernels()).as<std::vector<Value>>())
    all.push_back(one.as<Dictionary>());
  return all;
}

void Session::drop_kernel(const std::string& name) { kernel_->order(wire::drop_kernel(name)); }

void Session::EnableStructuralPlasticity() { SetKernelStatus({{"structural_plasticity", true}}); }

void Session::DisableStructuralPlasticity() { SetKernelStatus({{"structural_plasticity", false}}); }

double Session::GetValue(const Parameter& parameter) {
  return kernel_->ask<Value>(wire::evaluate(parameter, nullptr)).as<double>();
}

Column<double> Session::apply(const Parameter& parameter, const NodeCollection& nodes) {
  return kernel_->ask<Value>(wire::evaluate(parameter, &nodes)).as<Column<double>>();
}

Column<double> Session::apply(const Parameter& parameter, const NodeCollection& node, const Matrix& targets) {
  return kernel_->ask<Value>(wire::evaluate(parameter, &node, targets)).as<Column<double>>();
}

std::uint64_t Session::generation() const { return kernel_->generation(); }

std::string Session::server_version() const { return kernel_->server_version(); }

}  // namespace volley::client
