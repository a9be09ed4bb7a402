// Certificates of all kinds, right and wrong, in a folder that goes away with the test.
#pragma once
#include <filesystem>
#include <string>

#include "actors/certificates.hpp"
#include "protocol/tls.hpp"
#include "tests/actors/scratch_folder.hpp"

namespace volley::actors {

struct cluster_certificates {
  cluster_certificates() {
    const certificate_authority ours(folder / "ours"), others(folder / "others");
    ours.certify("server", {{"localhost", "127.0.0.1"}, 2});
    ours.certify("worker", {{"worker.example"}, 2});
    ours.certify("expired", {{"localhost", "127.0.0.1"}, -1});
    others.certify("server", {{"localhost", "127.0.0.1"}, 2});
  }

  /// Of "ours/server" and the like.
  protocol::tls_files files(const std::string& name, const std::string& trusted = "ours/ca") const {
    const auto of = [&](const std::string& stem, const char* ending) { return folder / (stem + ending); };
    return {of(name, ".crt"), of(name, ".key"), of(trusted, ".crt")};
  }
  protocol::tls_files trusting(const std::string& trusted) const { return {{}, {}, folder / (trusted + ".crt")}; }

  const scratch_folder scratch;
  const std::filesystem::path& folder = scratch.path;
};

}  // namespace volley::actors
