// Who this process is under TLS, and whom it trusts. OpenSSL stays in the source.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace volley::protocol {

struct tls_session_end {
  void operator()(ssl_st* ended) const;
};
/// One connection's part of TLS, before and after its handshake; null: the connection is not encrypted.
using tls_session = std::unique_ptr<ssl_st, tls_session_end>;

/// Files in the PEM format.
struct tls_files {
  std::filesystem::path certificate, key;  ///< one's own, with its chain; empty: this side shows none
  std::filesystem::path trusted;           ///< authorities, or certificates themselves; empty: the system's authorities
};

/// TLS 1.2 or later. Thread safety: none.
class tls_identity {
 public:
  /// Throws std::runtime_error that names the file that is missing or wrong.
  explicit tls_identity(tls_files files);
  ~tls_identity();

  /// For a connection that was accepted. `mutual`: its peer must show a trusted certificate, too.
  tls_session accepting(bool mutual);
  /// For one that was dialled: its peer must show a certificate that is trusted, for this host (a name or an address).
  tls_session dialling(const std::string& host);
  /// The same where it is enough that the certificate is trusted: the peers of a cluster prove who they are by a
  /// secret.
  tls_session dialling_any();

 private:
  struct loaded;
  tls_session fresh();

  const tls_files files_;
  std::unique_ptr<loaded> now_;  // renewed when the files are
};

}  // namespace volley::protocol
