#include "client/cpp/sonata/sonata_network.hpp"

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/configuration.hpp"
#include "client/cpp/sonata/edge_files.hpp"
#include "client/cpp/sonata/reports.hpp"

namespace volley::client {
namespace {

void check_part(std::int64_t size) {
  if (size <= 0)
    throw error("builtins.ValueError",
                "Connect: hdf5_hyperslab_size must be greater than 0, not " + std::to_string(size));
}

}  // namespace

SonataNetwork::SonataNetwork(Session session, const std::string& config, const std::optional<std::string>& sim_config)
    : session_(std::move(session)), config_(sonata::read_configuration(config, sim_config)) {
  const auto& simulator = config_.at("target_simulator");
  if (const auto* name = simulator.get_if<std::string>(); name == nullptr || *name != "NEST")
    throw error("builtins.ValueError", "the configuration's target_simulator is " +
                                           (name == nullptr ? type_name(simulator) : "'" + *name + "'") +
                                           ", not 'NEST'");
  const auto* run = sonata::find_dictionary(config_, "run");
  if (run == nullptr || !run->contains("dt"))
    throw error("builtins.ValueError", "the configuration's run section has no 'dt', the resolution in ms");
  session_.SetKernelStatus({{"resolution", sonata::number_at(*run, "dt")}});
}

const sonata::populations& SonataNetwork::Create() {
  return nodes_ = sonata::create_nodes(sonata::read_nodes(session_, config_));
}

void SonataNetwork::Connect(std::int64_t hdf5_hyperslab_size) {
  check_part(hdf5_hyperslab_size);
  if (nodes_.empty()) throw error("builtins.RuntimeError", "Connect: the nodes must be made first, with Create()");
  const auto part = static_cast<std::uint64_t>(hdf5_hyperslab_size);
  sonata::checked_edges(session_, config_, sonata::sizes_of(nodes_), part)(nodes_);
  connected_ = true;
}

const sonata::populations& SonataNetwork::BuildNetwork(std::int64_t hdf5_hyperslab_size) {
  check_part(hdf5_hyperslab_size);
  const auto planned = sonata::read_nodes(session_, config_);
  const auto connect = sonata::checked_edges(session_, config_, sonata::sizes_of(planned),
                                             static_cast<std::uint64_t>(hdf5_hyperslab_size));
  nodes_ = sonata::create_nodes(planned);
  connect(nodes_);
  connected_ = true;
  return nodes_;
}

sonata::populations SonataNetwork::Record() {
  if (nodes_.empty()) throw error("builtins.RuntimeError", "Record: the nodes must be made first, with Create()");
  return sonata::make_recorders(session_, config_, nodes_);
}

void SonataNetwork::Simulate() {
  const auto& run = sonata::dictionary_at(config_, "run");
  if (!run.contains("tstop") && !run.contains("duration"))
    throw error("builtins.ValueError", "Simulate: the configuration's run section has neither 'tstop' nor 'duration'");
  if (!connected_)
    throw error("builtins.RuntimeError", "Simulate: the network must be built first, with BuildNetwork()");
  session_.Simulate(sonata::number_at(run, run.contains("tstop") ? "tstop" : "duration"));
}

}  // namespace volley::client
