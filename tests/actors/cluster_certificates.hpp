// Certificates of all kinds, right and wrong, in a folder that goes away with the test.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "actors/certificates.hpp"
#include "protocol/tls.hpp"

namespace volley::actors {

struct cluster_certificates {
  cluster_certificates() {
    std::string name = std::filesystem::temp_directory_path() / "volley_tls_XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder = name;
    const certificate_authority ours(folder / "ours"), others(folder / "others");
    ours.certify("server", {{"localhost", "127.0.0.1"}, 2});
    ours.certify("worker", {{"worker.example"}, 2});
    ours.certify("expired", {{"localhost", "127.0.0.1"}, -1});
    others.certify("server", {{"localhost", "127.0.0.1"}, 2});
  }
  ~cluster_certificates() { std::filesystem::remove_all(folder); }
  cluster_certificates(const cluster_certificates&) = delete;

  /// Of "ours/server" and the like.
  protocol::tls_files files(const std::string& name, const std::string& trusted = "ours/ca") const {
    const auto of = [&](const std::string& stem, const char* ending) { return folder / (stem + ending); };
    return {of(name, ".crt"), of(name, ".key"), of(trusted, ".crt")};
  }
  protocol::tls_files trusting(const std::string& trusted) const { return {{}, {}, folder / (trusted + ".crt")}; }

  std::filesystem::path folder;
};

}  // namespace volley::actors
