// SonataNetwork in C++: builds and simulates a network that SONATA files describe. A library of its own, since it
// brings the HDF5 library into a program.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "client/cpp/session.hpp"
#include "client/cpp/sonata/node_files.hpp"

namespace volley::client {

/// A network of point neurons and virtual inputs. Making it reads the configuration and sets the resolution; a call
/// that throws may have made nodes or connections. Thread safety: none, since the HDF5 library has none.
class SonataNetwork {
 public:
  static constexpr std::int64_t default_part = std::int64_t{1} << 20;

  /// `config`, `sim_config`: paths of the circuit's and the simulation's JSON file. Throws builtins.FileNotFoundError,
  /// builtins.KeyError and builtins.ValueError for what the files lack.
  SonataNetwork(Session session, const std::string& config, const std::optional<std::string>& sim_config = {});

  /// The nodes by population; empty before Create.
  const sonata::populations& node_collections() const { return nodes_; }
  /// The configuration as it was merged.
  const Dictionary& config() const { return config_; }

  const sonata::populations& Create();
  /// Reads `hdf5_hyperslab_size` edges at a time. Throws builtins.RuntimeError before Create, builtins.ValueError.
  void Connect(std::int64_t hdf5_hyperslab_size = default_part);
  /// Create and Connect; all files are checked before a node is made.
  const sonata::populations& BuildNetwork(std::int64_t hdf5_hyperslab_size = default_part);
  /// Makes the recorders that the `output` and `reports` sections ask for, which write SONATA files; by name: "spikes",
  /// and the names of the reports. Throws builtins.RuntimeError before Create, builtins.ValueError, builtins.KeyError.
  sonata::populations Record();
  /// For the time that the run section gives as tstop or duration, in ms. Throws builtins.RuntimeError before Connect,
  /// builtins.ValueError.
  void Simulate();

 private:
  Session session_;
  Dictionary config_;
  sonata::populations nodes_;
  bool connected_ = false;
};

}  // namespace volley::client
