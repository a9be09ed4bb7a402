#include "protocol/tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <stdexcept>
#include <vector>

namespace volley::protocol {

namespace fs = std::filesystem;

namespace {

using context = std::unique_ptr<ssl_ctx_st, decltype(&::SSL_CTX_free)>;

// What has AEAD and forward secrecy; TLS 1.3 has nothing else.
constexpr const char* ciphers_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

void require(bool holds, const std::string& what) {
  if (holds) return;
  const char* const reason = ::ERR_reason_error_string(::ERR_peek_last_error());
  throw std::runtime_error(what + (reason ? std::string(": ") + reason : std::string()));
}

context load(const tls_files& files) {
  ::ERR_clear_error();
  context c(::SSL_CTX_new(::TLS_method()), &::SSL_CTX_free);
  require(c && ::SSL_CTX_set_min_proto_version(c.get(), TLS1_2_VERSION) &&
              ::SSL_CTX_set_cipher_list(c.get(), ciphers_of_tls_1_2),
          "no TLS 1.2 on this system");
  ::SSL_CTX_set_options(c.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);  // frames have lengths: an end is an end
  ::SSL_CTX_set_num_tickets(c.get(), 0);
  ::SSL_CTX_set_session_cache_mode(c.get(), SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_mode(c.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Nobody sits there to type a pass phrase.
  ::SSL_CTX_set_default_passwd_cb(c.get(), [](char*, int, int, void*) { return -1; });
  if (!files.certificate.empty()) {
    require(::SSL_CTX_use_certificate_chain_file(c.get(), files.certificate.c_str()) == 1,
            "cannot use the certificate " + files.certificate.string());
    require(::SSL_CTX_use_PrivateKey_file(c.get(), files.key.c_str(), SSL_FILETYPE_PEM) == 1,
            "cannot use the key " + files.key.string());
  }
  if (files.trusted.empty())
    ::SSL_CTX_set_default_verify_paths(c.get());
  else
    require(::SSL_CTX_load_verify_locations(c.get(), files.trusted.c_str(), nullptr) == 1,
            "cannot use the trusted certificates " + files.trusted.string());
  ::X509_VERIFY_PARAM_set_flags(::SSL_CTX_get0_param(c.get()), X509_V_FLAG_PARTIAL_CHAIN);  // certificates themselves
  return c;
}

std::vector<fs::file_time_type> times_of(const tls_files& files) {
  std::vector<fs::file_time_type> all;
  for (const auto& file : {files.certificate, files.key, files.trusted}) {
    std::error_code missing;
    all.push_back(fs::last_write_time(file, missing));
  }
  return all;
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

struct tls_identity::loaded {
  std::vector<fs::file_time_type> times;
  context uses;
};

void tls_session_end::operator()(ssl_st* ended) const { ::SSL_free(ended); }

tls_identity::tls_identity(tls_files files) : files_(std::move(files)) {
  if (files_.certificate.empty() != files_.key.empty())
    throw std::runtime_error("a certificate and its key go together");
  auto times = times_of(files_);
  now_ = std::make_unique<loaded>(loaded{std::move(times), load(files_)});
}

tls_identity::~tls_identity() = default;

// Certificates are renewed while servers run. What cannot be read leaves them with those of before.
tls_session tls_identity::fresh() {
  if (auto times = times_of(files_); times != now_->times) {
    now_->times = std::move(times);
    try {
      now_->uses = load(files_);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "volley: %s; the certificates of before stay in use\n", failure.what());
    }
  }
  tls_session s(::SSL_new(now_->uses.get()));
  require(s != nullptr, "no TLS session");
  return s;
}

tls_session tls_identity::accepting(bool mutual) {
  auto s = fresh();
  ::SSL_set_accept_state(s.get());
  if (mutual) ::SSL_set_verify(s.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return s;
}

tls_session tls_identity::dialling(const std::string& host) {
  auto s = dialling_any();
  const bool is_number = is_address(host);
  if (!is_number) ::SSL_set_tlsext_host_name(s.get(), host.c_str());
  require(is_number ? ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(s.get()), host.c_str()) == 1
                    : ::SSL_set1_host(s.get(), host.c_str()) == 1,
          "no certificate is for the host " + host);
  return s;
}

tls_session tls_identity::dialling_any() {
  auto s = fresh();
  ::SSL_set_connect_state(s.get());
  ::SSL_set_verify(s.get(), SSL_VERIFY_PEER, nullptr);
  return s;
}

}  // namespace volley::protocol
