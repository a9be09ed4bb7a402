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
  const auto& simulator = sonata::text_at(config_, "target_simulator");
  if (simulator != "NEST")
    throw error("builtins.ValueError", "the configuration's target_simulator is '" + simulator + "', not 'NEST'");
  const auto* run = sonata::find_dictionary(config_, "run");
  if (run == nullptr || !run->contains("dt"))
    throw error("builtins.ValueError", "the configuration's run section has no 'dt', the resolution in ms");
  session_.SetKernelStatus({{"resolution", sonata::number_at(*run, "dt")}});
}

const sonata::populations& SonataNetwork::Create() { return nodes_ = sonata::create_nodes(session_, config_); }

void SonataNetwork::Connect(std::int64_t hdf5_hyperslab_size) {
  check_part(hdf5_hyperslab_size);
  if (nodes_.empty()) throw error("builtins.RuntimeError", "Connect: the nodes must be made first, with Create()");
  sonata::connect_edges(session_, config_, nodes_, static_cast<std::uint64_t>(hdf5_hyperslab_size));
  connected_ = true;
}

const sonata::populations& SonataNetwork::BuildNetwork(std::int64_t hdf5_hyperslab_size) {
  check_part(hdf5_hyperslab_size);  // before any node is made
  Create();
  Connect(hdf5_hyperslab_size);
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
