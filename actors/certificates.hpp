// Certificates for the processes of a cluster, of an authority that it has for itself.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace volley::actors {

struct certificate_order {
  std::vector<std::string> hosts;  ///< names and addresses that it is for
  int days = 365;                  ///< from now; below zero: it has expired
};

/// Keys are the user's alone (mode 0600).
class certificate_authority {
 public:
  /// The one of `ca.crt` and `ca.key` in a folder, which are made where they are missing. Throws std::runtime_error
  /// or std::filesystem::filesystem_error.
  explicit certificate_authority(std::filesystem::path folder);
  ~certificate_authority();

  /// Writes NAME.crt and NAME.key, for both ends of connections, in place of what was there. Throws std::runtime_error.
  void certify(const std::string& name, const certificate_order& what) const;

 private:
  const std::filesystem::path folder_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace volley::actors
